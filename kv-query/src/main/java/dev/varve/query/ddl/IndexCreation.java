// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.IndexType;
import dev.varve.VarveException;
import dev.varve.query.ast.DefinitionStatement.CreateIndex;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.SortItem;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.dml.RowKeys;
import dev.varve.query.dml.StatementContext;
import dev.varve.query.dml.Syntax;
import dev.varve.query.dml.TableWriter;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/** CREATE INDEX, and the filling of indexes over rows that are there. */
final class IndexCreation {
  private final DefinitionContext context;

  IndexCreation(DefinitionContext context) {
    this.context = context;
  }

  /** Creates an index; false when it was there already. */
  boolean create(CreateIndex statement) {
    TableDefinition table = context.table(statement.table());
    String schema = table.schema();
    if (statement.name() != null && context.isTaken(schema, statement.name().name())) {
      if (statement.ifNotExists()) {
        return false;
      }
      throw context
          .error(
              ErrorCode.DUPLICATE_TABLE,
              statement.name().span(),
              "relation \"" + statement.name() + "\" already exists")
          .build();
    }
    context.lock(table);
    TableIndex index = define(statement, table);
    List<TableIndex> indexes = new ArrayList<>(table.indexes());
    indexes.add(index);
    TableDefinition changed = table.change().indexes(indexes).build();
    context.define(changed);
    fill(table, changed, index);
    return true;
  }

  private TableIndex define(CreateIndex statement, TableDefinition table) {
    IndexType type = type(statement);
    GivenTable scope = DefinitionContext.scope(table);
    List<IndexKey> keys = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    for (SortItem item : statement.keys()) {
      IndexKey key = key(table, item, scope);
      keys.add(key);
      parts.add(key.isExpression() ? "expr" : table.columns().get(key.column()).name());
    }
    Identifier given = statement.name();
    String name =
        given == null
            ? context.freeName(
                table.schema(), table.name() + "_" + String.join("_", parts), "idx", List.of())
            : given.name();
    String predicate =
        statement.where() == null
            ? null
            : context.checkedText(statement.where(), List.of(scope), DefinitionContext.condition());
    List<Integer> includes = new ArrayList<>();
    for (Identifier include : statement.include()) {
      includes.add(context.column(table, include));
    }
    return new TableIndex(
        context.newId(),
        name,
        type,
        keys,
        statement.unique(),
        false,
        TableIndex.Constraint.NONE,
        statement.nullsNotDistinct(),
        predicate,
        includes,
        false);
  }

  private IndexType type(CreateIndex statement) {
    switch (statement.method()) {
      case "btree":
        return IndexType.BTREE;
      case "hash":
        if (statement.unique()) {
          throw context
              .error(
                  ErrorCode.NOT_SUPPORTED,
                  statement.span(),
                  "access method \"hash\" does not support unique indexes")
              .build();
        }
        return IndexType.HASH;
      default:
        throw context
            .error(
                ErrorCode.UNDEFINED_OBJECT,
                statement.span(),
                "access method \"" + statement.method() + "\" does not exist")
            .hint("There are btree and hash.")
            .build();
    }
  }

  private IndexKey key(TableDefinition table, SortItem item, GivenTable scope) {
    if (item.expression() instanceof Expression.ColumnReference column
        && column.parts().size() == 1) {
      int place = context.column(table, column.parts().get(0));
      SqlType type = table.columns().get(place).type();
      return new IndexKey(place, null, type, item.descending(), item.nullsFirst());
    }
    SqlType type =
        DefinitionContext.settled(
            context.planning().bind(item.expression(), List.of(scope), null).type());
    return new IndexKey(
        -1,
        context.source().slice(item.expression().span()),
        type,
        item.descending(),
        item.nullsFirst());
  }

  /** Makes the entries of {@code index}, new in {@code changed}, for the rows of {@code table}. */
  void fill(TableDefinition table, TableDefinition changed, TableIndex index) {
    Query query =
        Syntax.select(
            Syntax.keyAndColumns(table, table.name()),
            List.of(Syntax.table(table, table.name())),
            null);
    StatementContext statement = context.statement();
    // The plan must not read the index that is being made.
    StatementContext.Planning before =
        context.planning().withCatalog(context.catalog().with(table));
    PhysicalQuery rows = before.plan(query, List.of(), List.of());
    TableWriter writer = new TableWriter(TableLayout.of(changed), context.planning());
    writer.open(statement.transaction().store());
    try (ExecutionContext execution = statement.execution()) {
      execution.parameters(List.of(), rows.handedDown());
      try (Operator operator = rows.operator(execution)) {
        operator.open(execution);
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
          fill(writer, index, batch);
        }
      }
    } catch (VarveException e) {
      throw e.code() == ErrorCode.UNIQUE_VIOLATION ? notUnique(table, index, e) : e;
    }
  }

  private static void fill(TableWriter writer, TableIndex index, Batch batch) {
    Vector[] columns = new Vector[batch.width() - 1];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i + 1);
    }
    Batch row = new Batch(columns);
    for (int k = 0; k < batch.count(); k++) {
      writer.insertEntryOf(index, row, batch.row(k), RowKeys.copy(batch.column(0), batch.row(k)));
    }
  }

  private static VarveException notUnique(
      TableDefinition table, TableIndex index, VarveException cause) {
    return ErrorCode.UNIQUE_VIOLATION
        .error("could not create unique index \"" + index.name() + "\"")
        .fact("table", table.name())
        .fact("constraint", index.name())
        .fact("key", cause.facts().get("key"))
        .hint("The key is duplicated.")
        .cause(cause)
        .build();
  }
}
