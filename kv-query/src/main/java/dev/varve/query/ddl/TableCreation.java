// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.query.ast.ColumnDefinition;
import dev.varve.query.ast.DefinitionStatement.CreateTable;
import dev.varve.query.ast.DefinitionStatement.CreateTableAs;
import dev.varve.query.ast.DefinitionStatement.LikeClause;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.SequenceOptions;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableConstraint;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableColumn.Identity;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.catalog.TypeNames;
import dev.varve.query.dml.Defaults;
import dev.varve.query.dml.TableWriter;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** CREATE TABLE and CREATE TABLE AS. */
final class TableCreation {
  private final DefinitionContext context;

  TableCreation(DefinitionContext context) {
    this.context = context;
  }

  /** Creates a table; false when it was there already. */
  boolean create(CreateTable statement) {
    QualifiedName name = statement.name();
    String schema = context.schemaFor(name, statement.temporary());
    if (context.isTaken(schema, name.name())) {
      if (statement.ifNotExists()) {
        return false;
      }
      throw context.alreadyExists(name);
    }
    int id = context.newId();
    TableDefinition table = empty(id, schema, name.name(), statement.temporary());
    for (LikeClause like : statement.like()) {
      table = withColumnsOf(table, like);
    }
    List<TableConstraint> constraints = new ArrayList<>();
    for (ColumnDefinition column : statement.columns()) {
      table = withColumn(table, column);
      constraints.addAll(column.constraints());
    }
    constraints.addAll(statement.constraints());
    table = withExpressions(table, statement.columns());
    context.define(table);
    new ConstraintCreation(context).addToNew(table, constraints);
    return true;
  }

  private static TableDefinition empty(int id, String schema, String name, boolean temporary) {
    return new TableDefinition(
        id, schema, name, id, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
        temporary, null, 0);
  }

  private TableDefinition withColumnsOf(TableDefinition table, LikeClause like) {
    TableDefinition model = context.table(like.table());
    boolean all = like.including().contains("all");
    List<TableColumn> columns = new ArrayList<>(table.columns());
    List<SqlType> slots = new ArrayList<>(table.slots());
    for (TableColumn column : model.columns()) {
      refuseDuplicate(columns, column.name(), like.span());
      TableColumn copy =
          TableColumn.of(column.name(), column.type(), slots.size()).withNotNull(column.notNull());
      if ((all || like.including().contains("defaults")) && column.sequence() == 0) {
        copy = copy.withDefault(column.defaultText());
      }
      if (all || like.including().contains("generated")) {
        copy = copy.withGenerated(column.generatedText());
      }
      columns.add(copy);
      slots.add(column.type());
    }
    table = table.change().columns(columns).slots(slots).build();
    if (all || like.including().contains("constraints")) {
      table = table.change().checks(model.checks()).build();
    }
    return table;
  }

  private void refuseDuplicate(List<TableColumn> columns, String name, Span span) {
    for (TableColumn column : columns) {
      if (column.name().equals(name)) {
        throw context
            .error(
                ErrorCode.DUPLICATE_COLUMN,
                span,
                "column \"" + name + "\" specified more than once")
            .build();
      }
    }
  }

  /** Adds a column with its type, its sequence and whether it may be NULL. */
  TableDefinition withColumn(TableDefinition table, ColumnDefinition definition) {
    String name = definition.name().name();
    refuseDuplicate(table.columns(), name, definition.name().span());
    if (table.slots().size() >= TableDefinition.MAX_COLUMNS) {
      throw context
          .error(
              ErrorCode.TOO_MANY_COLUMNS,
              definition.span(),
              "tables can have at most " + TableDefinition.MAX_COLUMNS + " columns")
          .build();
    }
    SqlType type = TypeNames.resolve(definition.type(), context.source());
    if (type.kind() == TypeKind.UNKNOWN) {
      throw context
          .error(
              ErrorCode.INVALID_TABLE_DEFINITION,
              definition.type().span(),
              "column \"" + name + "\" has pseudo-type unknown")
          .build();
    }
    List<SqlType> slots = new ArrayList<>(table.slots());
    TableColumn column =
        TableColumn.of(name, type, slots.size())
            .withNotNull(definition.notNull() || definition.serial());
    ColumnDefinition.Identity identity = definition.identity();
    if (identity != null || definition.serial()) {
      column = withSequence(table, column, definition);
    }
    slots.add(type);
    List<TableColumn> columns = new ArrayList<>(table.columns());
    columns.add(column);
    return table.change().columns(columns).slots(slots).build();
  }

  private TableColumn withSequence(
      TableDefinition table, TableColumn column, ColumnDefinition definition) {
    ColumnDefinition.Identity identity = definition.identity();
    if (identity != null && !column.type().kind().isInteger()) {
      throw context
          .error(
              ErrorCode.INVALID_ARGUMENT,
              definition.span(),
              "identity column type must be smallint, integer, or bigint")
          .build();
    }
    if (definition.defaultValue() != null) {
      throw context
          .error(
              ErrorCode.SYNTAX_ERROR,
              definition.span(),
              identity == null
                  ? "multiple default values specified for column \"" + column.name() + "\""
                  : "both default and identity specified for column \"" + column.name() + "\"")
          .build();
    }
    SequenceOptions options = identity == null ? SequenceOptions.NONE : identity.options();
    SequenceDefinition sequence =
        new SequenceCreation(context).createFor(table, column.name(), column.type(), options);
    String text =
        "nextval('"
            + (Defaults.quote(sequence.schema()) + "." + Defaults.quote(sequence.name()))
                .replace("'", "''")
            + "')";
    return identity == null
        ? column.withDefault(text).withIdentity(Identity.NONE, sequence.id())
        : column.withIdentity(
            identity.always() ? Identity.ALWAYS : Identity.BY_DEFAULT, sequence.id());
  }

  /** Adds defaults and generated values, once all columns are known. */
  TableDefinition withExpressions(TableDefinition table, List<ColumnDefinition> definitions) {
    List<TableColumn> columns = new ArrayList<>(table.columns());
    for (ColumnDefinition definition : definitions) {
      int index = table.columnIndex(definition.name().name());
      TableColumn column = columns.get(index);
      if (definition.defaultValue() != null) {
        if (definition.generated() != null) {
          throw context
              .error(
                  ErrorCode.SYNTAX_ERROR,
                  definition.span(),
                  "both default and generation expression specified for column \""
                      + column.name()
                      + "\"")
              .build();
        }
        column =
            column.withDefault(
                context.checkedText(
                    definition.defaultValue(), List.of(), DefinitionContext.target(column)));
      }
      if (definition.generated() != null) {
        column =
            column.withGenerated(
                context.checkedText(
                    definition.generated(),
                    List.of(DefinitionContext.scope(table)),
                    DefinitionContext.target(column)));
      }
      columns.set(index, column);
    }
    return table.change().columns(columns).build();
  }

  /** Creates a table of a query's rows; returns how many, or -1 when it was there already. */
  long createAs(CreateTableAs statement) {
    QualifiedName name = statement.name();
    String schema = context.schemaFor(name, statement.temporary());
    if (context.isTaken(schema, name.name())) {
      if (statement.ifNotExists()) {
        return -1;
      }
      throw context.alreadyExists(name);
    }
    PhysicalQuery query = context.planning().plan(statement.query(), List.of(), List.of());
    int id = context.newId();
    List<TableColumn> columns = columns(query, statement.columns(), name.span());
    List<SqlType> slots = columns.stream().map(TableColumn::type).toList();
    TableDefinition table =
        empty(id, schema, name.name(), statement.temporary())
            .change()
            .columns(columns)
            .slots(slots)
            .build();
    context.define(table);
    return statement.withData() ? fill(table, query) : 0;
  }

  private List<TableColumn> columns(PhysicalQuery query, List<Identifier> names, Span span) {
    if (names.size() > query.columns().size()) {
      throw context
          .error(ErrorCode.SYNTAX_ERROR, span, "too many column names were specified")
          .build();
    }
    List<TableColumn> columns = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < query.columns().size(); i++) {
      PlanColumn column = query.columns().get(i);
      String name = i < names.size() ? names.get(i).name() : column.name();
      if (!seen.add(name)) {
        throw context
            .error(
                ErrorCode.DUPLICATE_COLUMN,
                span,
                "column \"" + name + "\" specified more than once")
            .build();
      }
      columns.add(TableColumn.of(name, DefinitionContext.settled(column.type()), i));
    }
    return columns;
  }

  private long fill(TableDefinition table, PhysicalQuery query) {
    TableWriter writer = new TableWriter(TableLayout.of(table), context.planning());
    writer.open(context.statement().transaction().store());
    long count = 0;
    try (ExecutionContext execution = context.statement().execution()) {
      execution.parameters(Arrays.asList(context.statement().parameters()), query.handedDown());
      try (Operator operator = query.operator(execution)) {
        operator.open(execution);
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
          for (int k = 0; k < batch.count(); k++) {
            writer.insert(batch, batch.row(k));
          }
          count += batch.count();
        }
      }
    }
    return count;
  }
}
