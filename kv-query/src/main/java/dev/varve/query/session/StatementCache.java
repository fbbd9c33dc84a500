// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.dml.StatementContext;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.parser.ParsedStatement;
import dev.varve.query.transaction.SqlTransaction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements that a session keeps with their plans: by text, and by the name PREPARE gave. */
final class StatementCache {
  private static final int MOST_TEXTS = 256;
  private static final int LONGEST_TEXT_CHARS = 16_384;

  private final SqlEngine engine;
  private final SessionSettings settings;
  private final String temporarySchema;
  private final SessionSequences functions;
  private final Map<String, PlannedStatement> named = new HashMap<>();
  private @Nullable Catalog current;

  private final LinkedHashMap<String, PlannedStatement> byText =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PlannedStatement> eldest) {
          return size() > MOST_TEXTS;
        }
      };

  StatementCache(SqlEngine engine, SessionSettings settings, int number) {
    this.engine = engine;
    this.settings = settings;
    this.temporarySchema = Catalog.TEMPORARY_PREFIX + number;
    this.functions = new SessionSequences(engine.sequences(), this::current, settings);
  }

  private Catalog current() {
    Catalog catalog = current;
    return catalog == null ? engine.catalog().withSearchPath(path()) : catalog;
  }

  private java.util.List<String> path() {
    java.util.List<String> path = new java.util.ArrayList<>();
    path.add(temporarySchema);
    path.addAll(settings.searchPath());
    return path;
  }

  /** A statement that is not kept. */
  PlannedStatement planned(ParsedStatement parsed) {
    StatementContext context =
        new StatementContext(
            engine.store(),
            engine.planner(),
            engine.sequences(),
            engine.rowIds(),
            new EvaluationContext().session(functions),
            engine.workMemoryBytes());
    context.temporarySchema(temporarySchema);
    return new PlannedStatement(parsed, context);
  }

  /** Another statement of the same text, for when the first is being read. */
  PlannedStatement copy(PlannedStatement planned) {
    return planned(planned.parsed());
  }

  /** The statement kept for a text, unless it is being read; or null. */
  @Nullable PlannedStatement find(String sql) {
    PlannedStatement planned = byText.get(sql);
    return planned == null || planned.isBusy() ? null : planned;
  }

  /** Keeps a statement under its text. */
  PlannedStatement add(String sql, ParsedStatement parsed) {
    PlannedStatement planned = planned(parsed);
    if (sql.length() <= LONGEST_TEXT_CHARS) {
      byText.put(sql, planned);
    }
    return planned;
  }

  /** Points a statement's context at a transaction and at the session's settings. */
  void enter(PlannedStatement planned, SqlTransaction transaction) {
    StatementContext context = planned.context();
    context.enter(transaction);
    context.searchPath(path());
    context.evaluation().zone(settings.zone());
    context.evaluation().times(transaction.beganMicros(), TransactionBlock.now());
    current = context.catalog();
  }

  // Names.

  void name(String name, PlannedStatement planned) {
    if (named.putIfAbsent(name, planned) != null) {
      throw ErrorCode.DUPLICATE_STATEMENT
          .error("prepared statement \"" + name + "\" already exists")
          .build();
    }
  }

  PlannedStatement named(String name) {
    PlannedStatement planned = named.get(name);
    if (planned == null) {
      throw ErrorCode.UNDEFINED_STATEMENT
          .error("prepared statement \"" + name + "\" does not exist")
          .build();
    }
    return planned;
  }

  void forget(String name) {
    named(name);
    named.remove(name);
  }

  void forgetNames() {
    named.clear();
  }

  /** Removes the session's temporary tables. */
  void dropTemporaries() {
    if (!engine.catalog().hasSchema(temporarySchema)) {
      return;
    }
    SqlTransaction transaction =
        new SqlTransaction(
            engine.catalogs(),
            engine.store().begin(dev.varve.TransactionOptions.defaults()),
            TransactionBlock.now());
    try (transaction) {
      Catalog catalog = transaction.catalog();
      StoreTransaction store = transaction.store();
      for (Relation relation : java.util.List.copyOf(catalog.relations(temporarySchema))) {
        if (relation instanceof TableDefinition table) {
          store.clearKeyspace(table.keyspace());
          for (TableIndex index : table.indexes()) {
            store.clearKeyspace(index.keyspace());
          }
        }
        catalog = catalog.without(relation.id());
      }
      transaction.define(catalog.withoutSchema(temporarySchema));
      transaction.commit();
    }
  }
}
