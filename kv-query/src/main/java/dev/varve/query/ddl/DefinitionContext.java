// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.store.LockMode;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.Spelling;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.dml.StatementContext;
import dev.varve.query.dml.StatementRestart;
import dev.varve.query.function.ParameterTypes;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One definition statement under way: the catalog so far, names, locks, errors. */
final class DefinitionContext {
  private final StatementContext context;
  private final SourceText source;
  private Catalog catalog;

  DefinitionContext(StatementContext context, SourceText source) {
    this.context = context;
    this.source = source;
    this.catalog = context.catalog();
  }

  StatementContext statement() {
    return context;
  }

  SourceText source() {
    return source;
  }

  Catalog catalog() {
    return catalog;
  }

  /** Goes on with {@code after}, and makes it the transaction's catalog. */
  void define(Catalog after) {
    context.transaction().define(after);
    catalog = after;
  }

  /** Replaces or adds a relation. */
  void define(Relation relation) {
    define(catalog.with(relation));
  }

  /** A number for a new relation or index, which is also that of its keyspace. */
  int newId() {
    return context.store().allocateKeyspace();
  }

  StatementContext.Planning planning() {
    return planning(source);
  }

  StatementContext.Planning planning(SourceText text) {
    return context.planning(text, new ParameterTypes()).withCatalog(catalog);
  }

  /** Waits until nobody changes rows of the relation, and keeps everybody from it. */
  void lock(Relation relation) {
    if (!context.transaction().lock(relation.id(), LockMode.EXCLUSIVE)) {
      throw new StatementRestart();
    }
  }

  // Names.

  /** The schema in which an object called {@code name} is made. */
  String schemaFor(QualifiedName name, boolean temporary) {
    String schema = name.schema();
    if (temporary) {
      if (schema != null && !schema.equals("pg_temp") && !isTemporary(schema)) {
        throw error(
                ErrorCode.INVALID_TABLE_DEFINITION,
                name.span(),
                "cannot create temporary relation in non-temporary schema")
            .build();
      }
      String own = context.temporarySchema();
      if (!catalog.hasSchema(own)) {
        define(catalog.withSchema(own));
      }
      return own;
    }
    if (schema != null) {
      requireSchema(schema, name.span());
      return schema;
    }
    for (String each : catalog.searchPath()) {
      if (!isTemporary(each) && catalog.hasSchema(each)) {
        return each;
      }
    }
    throw error(ErrorCode.UNDEFINED_SCHEMA, name.span(), "no schema has been selected to create in")
        .build();
  }

  static boolean isTemporary(String schema) {
    return schema.startsWith(Catalog.TEMPORARY_PREFIX);
  }

  void requireSchema(String schema, Span span) {
    if (!catalog.hasSchema(schema)) {
      throw Spelling.suggest(
              error(ErrorCode.UNDEFINED_SCHEMA, span, "schema \"" + schema + "\" does not exist"),
              schema,
              catalog.schemas())
          .build();
    }
  }

  /** Whether a relation or index of that name is there. */
  boolean isTaken(String schema, String name) {
    return catalog.relation(schema, name) != null || catalog.tableOfIndex(schema, name) != null;
  }

  VarveException alreadyExists(QualifiedName name) {
    return error(
            ErrorCode.DUPLICATE_TABLE,
            name.span(),
            "relation \"" + name.name() + "\" already exists")
        .build();
  }

  /** {@code table_column_suffix}, with a number behind it as long as it is taken. */
  String freeName(String schema, String base, String suffix, List<String> alsoTaken) {
    String name = base + "_" + suffix;
    int number = 0;
    while (isTaken(schema, name) || alsoTaken.contains(name)) {
      number++;
      name = base + "_" + suffix + number;
    }
    return name;
  }

  /** The table that {@code name} means; null with {@code ifExists} when there is none. */
  @Nullable TableDefinition table(QualifiedName name, boolean ifExists) {
    Relation relation = catalog.relation(name.schema(), name.name());
    if (relation == null && ifExists) {
      return null;
    }
    if (relation == null) {
      throw missing(name);
    }
    if (relation instanceof TableDefinition table) {
      return table;
    }
    throw error(ErrorCode.WRONG_OBJECT_TYPE, name.span(), "\"" + name.name() + "\" is not a table")
        .build();
  }

  TableDefinition table(QualifiedName name) {
    TableDefinition table = table(name, false);
    assert table != null;
    return table;
  }

  VarveException missing(QualifiedName name) {
    return Spelling.suggest(
            error(
                ErrorCode.UNDEFINED_TABLE, name.span(), "relation \"" + name + "\" does not exist"),
            name.name(),
            catalog.visibleNames())
        .build();
  }

  /** The place of a column. */
  int column(TableDefinition table, Identifier name) {
    int column = table.columnIndex(name.name());
    if (column < 0) {
      throw Spelling.suggest(
              error(
                  ErrorCode.UNDEFINED_COLUMN,
                  name.span(),
                  "column \"" + name + "\" of relation \"" + table.name() + "\" does not exist"),
              name.name(),
              table.columnNames())
          .build();
    }
    return column;
  }

  VarveException.Builder error(ErrorCode code, Span span, String sentence) {
    return source.error(code, span, sentence);
  }

  // Expressions.

  /** Binds an expression of the statement, so that its faults show, and returns its text. */
  String checkedText(Expression expression, List<GivenTable> scope, Target target) {
    planning().evaluator(expression, scope, target);
    return source.slice(expression.span());
  }

  static Target condition() {
    return new Target(SqlType.BOOLEAN, "condition");
  }

  static Target target(TableColumn column) {
    return new Target(column.type(), column.name());
  }

  /** The columns of a table as a scope. */
  static GivenTable scope(TableDefinition table) {
    List<SqlType> types = new ArrayList<>();
    table.columns().forEach(column -> types.add(column.type()));
    return new GivenTable(table.name(), table.columnNames(), types);
  }

  /** The type that a column of a query gets in a table or view: an open one becomes TEXT. */
  static SqlType settled(SqlType type) {
    return type.kind() == TypeKind.UNKNOWN ? SqlType.TEXT : type;
  }
}
