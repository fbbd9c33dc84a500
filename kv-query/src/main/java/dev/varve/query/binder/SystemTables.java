// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.DefinitionText;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.ViewDefinition;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Values;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code information_schema}: tables computed from the catalog when a query is bound. A plan is thrown
 * away when the catalog changes, so they are never stale.
 */
final class SystemTables {
  private static final String SCHEMA = "information_schema";
  private static final String DATABASE = "varve";

  private final Binding binding;
  private final Catalog catalog;
  private final List<PlanColumn> columns = new ArrayList<>();
  private final List<List<Expression>> rows = new ArrayList<>();

  private SystemTables(Binding binding) {
    this.binding = binding;
    this.catalog = binding.catalog();
  }

  /** The table of that name, or null. */
  static @Nullable BoundQuery bind(Binding binding, @Nullable String schema, String name) {
    if (!SCHEMA.equals(schema)) {
      return null;
    }
    SystemTables tables = new SystemTables(binding);
    switch (name) {
      case "schemata" -> tables.schemata();
      case "tables" -> tables.tables();
      case "columns" -> tables.columnsTable();
      case "views" -> tables.views();
      case "sequences" -> tables.sequences();
      case "table_constraints" -> tables.constraints();
      case "key_column_usage" -> tables.keyColumns();
      case "referential_constraints" -> tables.references();
      case "indexes" -> tables.indexes();
      case "definitions" -> tables.definitions();
      default -> {
        return null;
      }
    }
    return new BoundQuery(new Values(tables.columns, tables.rows), tables.columns);
  }

  private void text(String... names) {
    for (String name : names) {
      columns.add(binding.columns().column(name, SqlType.TEXT, true));
    }
  }

  private void number(String... names) {
    for (String name : names) {
      columns.add(binding.columns().column(name, SqlType.INTEGER, true));
    }
  }

  private void row(@Nullable Object... values) {
    List<Expression> row = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      row.add(new Expression.Constant(values[i], columns.get(i).type(), Position.NONE));
    }
    rows.add(row);
  }

  private void schemata() {
    text("catalog_name", "schema_name", "schema_owner");
    for (String schema : catalog.schemas()) {
      row(DATABASE, schema, DATABASE);
    }
    row(DATABASE, SCHEMA, DATABASE);
  }

  private void tables() {
    text("table_catalog", "table_schema", "table_name", "table_type", "is_insertable_into");
    for (Relation relation : catalog.relations()) {
      if (relation instanceof TableDefinition table) {
        row(
            DATABASE,
            table.schema(),
            table.name(),
            table.temporary() ? "LOCAL TEMPORARY" : "BASE TABLE",
            "YES");
      } else if (relation instanceof ViewDefinition view) {
        row(DATABASE, view.schema(), view.name(), "VIEW", "NO");
      }
    }
  }

  private void columnsTable() {
    text("table_catalog", "table_schema", "table_name", "column_name");
    number("ordinal_position");
    text("column_default", "is_nullable", "data_type");
    number("character_maximum_length", "numeric_precision", "numeric_scale", "datetime_precision");
    text("udt_name", "is_identity", "identity_generation", "is_generated");
    for (Relation relation : catalog.relations()) {
      if (relation instanceof TableDefinition table) {
        for (int i = 0; i < table.columns().size(); i++) {
          column(table, table.columns().get(i), i + 1);
        }
      } else if (relation instanceof ViewDefinition view) {
        for (int i = 0; i < view.columns().size(); i++) {
          column(view, view.columns().get(i), view.types().get(i), i + 1, null, true, null, false);
        }
      }
    }
  }

  private void column(TableDefinition table, TableColumn column, int position) {
    String identity =
        switch (column.identity()) {
          case NONE -> null;
          case ALWAYS -> "ALWAYS";
          case BY_DEFAULT -> "BY DEFAULT";
        };
    column(
        table,
        column.name(),
        column.type(),
        position,
        column.defaultText(),
        !column.notNull(),
        identity,
        column.generatedText() != null);
  }

  private void column(
      Relation relation,
      String name,
      SqlType type,
      int position,
      @Nullable String defaultText,
      boolean nullable,
      @Nullable String identity,
      boolean generated) {
    TypeKind kind = type.kind();
    boolean isNumeric = kind == TypeKind.NUMERIC;
    row(
        DATABASE,
        relation.schema(),
        relation.name(),
        name,
        position,
        defaultText,
        nullable ? "YES" : "NO",
        kind.sqlName(),
        kind.isText() && type.hasModifier() ? type.size() : null,
        isNumeric ? (type.hasModifier() ? type.size() : null) : precision(kind),
        isNumeric
            ? (type.hasModifier() ? type.scale() : null)
            : kind.isInteger() ? Integer.valueOf(0) : null,
        kind.category() == TypeKind.Category.DATETIME
            ? Integer.valueOf(kind == TypeKind.DATE ? 0 : type.hasModifier() ? type.size() : 6)
            : null,
        internalName(kind),
        identity == null ? "NO" : "YES",
        identity,
        generated ? "ALWAYS" : "NEVER");
  }

  private static @Nullable Integer precision(TypeKind kind) {
    return switch (kind) {
      case SMALLINT -> 16;
      case INTEGER -> 32;
      case BIGINT -> 64;
      case REAL -> 24;
      case DOUBLE -> 53;
      default -> null;
    };
  }

  private static String internalName(TypeKind kind) {
    return switch (kind) {
      case BOOLEAN -> "bool";
      case SMALLINT -> "int2";
      case INTEGER -> "int4";
      case BIGINT -> "int8";
      case REAL -> "float4";
      case DOUBLE -> "float8";
      case CHAR -> "bpchar";
      default -> kind.name().toLowerCase(Locale.ROOT);
    };
  }

  private void views() {
    text("table_catalog", "table_schema", "table_name", "view_definition", "is_updatable");
    for (Relation relation : catalog.relations()) {
      if (relation instanceof ViewDefinition view) {
        row(DATABASE, view.schema(), view.name(), view.queryText(), "NO");
      }
    }
  }

  private void sequences() {
    text("sequence_catalog", "sequence_schema", "sequence_name", "data_type");
    for (Relation relation : catalog.relations()) {
      if (relation instanceof SequenceDefinition sequence) {
        row(DATABASE, sequence.schema(), sequence.name(), "bigint");
      }
    }
  }

  private void constraints() {
    text(
        "constraint_catalog",
        "constraint_schema",
        "constraint_name",
        "table_schema",
        "table_name",
        "constraint_type");
    for (TableDefinition table : catalog.tables()) {
      for (TableIndex index : table.indexes()) {
        if (index.constraint() != TableIndex.Constraint.NONE) {
          constraint(
              table,
              index.name(),
              index.constraint() == TableIndex.Constraint.UNIQUE ? "UNIQUE" : "PRIMARY KEY");
        }
      }
      table.foreignKeys().forEach(key -> constraint(table, key.name(), "FOREIGN KEY"));
      table.checks().forEach(check -> constraint(table, check.name(), "CHECK"));
    }
  }

  private void constraint(TableDefinition table, String name, String type) {
    row(DATABASE, table.schema(), name, table.schema(), table.name(), type);
  }

  private void keyColumns() {
    text(
        "constraint_catalog",
        "constraint_schema",
        "constraint_name",
        "table_schema",
        "table_name",
        "column_name");
    number("ordinal_position", "position_in_unique_constraint");
    for (TableDefinition table : catalog.tables()) {
      for (TableIndex index : table.indexes()) {
        if (index.constraint() != TableIndex.Constraint.NONE) {
          List<Integer> ordinals = index.keys().stream().map(IndexKey::column).toList();
          keyColumns(table, index.name(), ordinals, List.of());
        }
      }
      for (ForeignKey key : table.foreignKeys()) {
        TableDefinition referenced = catalog.table(key.referencedTable());
        TableIndex index = referenced == null ? null : referenced.index(key.referencedIndex());
        List<Integer> unique = new ArrayList<>();
        if (index != null) {
          List<Integer> places = index.keys().stream().map(IndexKey::column).toList();
          key.referencedColumns().forEach(column -> unique.add(places.indexOf(column) + 1));
        }
        keyColumns(table, key.name(), key.columns(), unique);
      }
    }
  }

  private void keyColumns(
      TableDefinition table, String constraint, List<Integer> ordinals, List<Integer> unique) {
    for (int i = 0; i < ordinals.size(); i++) {
      row(
          DATABASE,
          table.schema(),
          constraint,
          table.schema(),
          table.name(),
          table.columns().get(ordinals.get(i)).name(),
          i + 1,
          unique.isEmpty() ? null : unique.get(i));
    }
  }

  private void references() {
    text(
        "constraint_catalog",
        "constraint_schema",
        "constraint_name",
        "unique_constraint_schema",
        "unique_constraint_name",
        "update_rule",
        "delete_rule",
        "table_name",
        "referenced_table_name");
    for (TableDefinition table : catalog.tables()) {
      table
          .foreignKeys()
          .forEach(
              key -> {
                TableDefinition referenced = catalog.table(key.referencedTable());
                TableIndex unique =
                    referenced == null ? null : referenced.index(key.referencedIndex());
                row(
                    DATABASE,
                    table.schema(),
                    key.name(),
                    referenced == null ? null : referenced.schema(),
                    unique == null ? null : unique.name(),
                    key.onUpdate().name().replace('_', ' '),
                    key.onDelete().name().replace('_', ' '),
                    table.name(),
                    referenced == null ? null : referenced.name());
              });
    }
  }

  /** One row for each key of each index: no part of the standard, for drivers and tools. */
  private void indexes() {
    text("table_catalog", "table_schema", "table_name", "index_name", "is_unique", "index_type");
    number("ordinal_position");
    text("column_name", "direction", "filter_condition");
    for (TableDefinition table : catalog.tables()) {
      for (TableIndex index : table.indexes()) {
        for (int i = 0; i < index.keys().size(); i++) {
          IndexKey key = index.keys().get(i);
          row(
              DATABASE,
              table.schema(),
              table.name(),
              index.name(),
              index.unique() ? "YES" : "NO",
              index.type().name(),
              i + 1,
              key.isExpression() ? key.expressionText() : table.columns().get(key.column()).name(),
              key.descending() ? "D" : "A",
              index.predicateText());
        }
      }
    }
  }

  /** One statement for each object, in the order of a dump: no part of the standard, for tools. */
  private void definitions() {
    number("ordinal_position");
    text("object_schema", "object_name", "phase", "definition");
    List<DefinitionText.Definition> all = DefinitionText.of(catalog);
    for (int i = 0; i < all.size(); i++) {
      DefinitionText.Definition each = all.get(i);
      row(i + 1, each.schema(), each.name(), each.phase().name(), each.statement());
    }
  }
}
