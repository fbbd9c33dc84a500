// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.query.ast.ColumnDefinition;
import dev.varve.query.ast.DefinitionStatement.AlterAction;
import dev.varve.query.ast.DefinitionStatement.AlterTable;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.TypeName;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableColumn.Identity;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TypeNames;
import dev.varve.query.catalog.ViewDefinition;
import dev.varve.query.dml.Defaults;
import dev.varve.query.dml.Syntax;
import dev.varve.query.type.Coercion;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ALTER TABLE: one action after another, each on what the one before has left. */
final class TableAlteration {
  private final DefinitionContext context;

  TableAlteration(DefinitionContext context) {
    this.context = context;
  }

  /** Alters a table; false when there is none and that is no error. */
  boolean alter(AlterTable statement) {
    Relation relation =
        context.catalog().relation(statement.table().schema(), statement.table().name());
    if (relation instanceof ViewDefinition) {
      throw context
          .error(
              ErrorCode.WRONG_OBJECT_TYPE,
              statement.table().span(),
              "\"" + statement.table().name() + "\" is not a table")
          .build();
    }
    TableDefinition table = context.table(statement.table(), statement.ifExists());
    if (table == null) {
      return false;
    }
    context.lock(table);
    for (AlterAction action : statement.actions()) {
      TableDefinition current = context.catalog().table(table.id());
      assert current != null;
      apply(current, action);
    }
    return true;
  }

  private void apply(TableDefinition table, AlterAction action) {
    if (action instanceof AlterAction.AddColumn add) {
      addColumn(table, add);
    } else if (action instanceof AlterAction.DropColumn drop) {
      new ColumnDropping(context).drop(table, drop);
    } else if (action instanceof AlterAction.ColumnDefault change) {
      setDefault(table, change);
    } else if (action instanceof AlterAction.ColumnNotNull change) {
      setNotNull(table, change);
    } else if (action instanceof AlterAction.ColumnType change) {
      setType(table, change);
    } else if (action instanceof AlterAction.AddIdentity add) {
      addIdentity(table, add);
    } else if (action instanceof AlterAction.DropIdentity drop) {
      dropIdentity(table, drop);
    } else if (action instanceof AlterAction.AlterIdentity alter) {
      alterIdentity(table, alter);
    } else if (action instanceof AlterAction.AddConstraint add) {
      new ConstraintCreation(context).add(table, add.constraint());
    } else if (action instanceof AlterAction.DropConstraint drop) {
      new ConstraintDropping(context).drop(table, drop);
    } else if (action instanceof AlterAction.ValidateConstraint validate
        && !ConstraintCreation.names(table).contains(validate.name().name())) {
      throw new ConstraintDropping(context).missing(table, validate.name());
    }
  }

  // Columns.

  private void addColumn(TableDefinition table, AlterAction.AddColumn add) {
    ColumnDefinition definition = add.column();
    if (table.columnIndex(definition.name().name()) >= 0) {
      if (add.ifNotExists()) {
        return;
      }
      throw context
          .error(
              ErrorCode.DUPLICATE_COLUMN,
              definition.name().span(),
              "column \""
                  + definition.name()
                  + "\" of relation \""
                  + table.name()
                  + "\" already exists")
          .build();
    }
    TableCreation creation = new TableCreation(context);
    TableDefinition changed =
        creation.withExpressions(creation.withColumn(table, definition), List.of(definition));
    TableColumn column = changed.columns().get(changed.columns().size() - 1);
    boolean filled =
        column.defaultText() != null
            || column.generatedText() != null
            || column.identity() != Identity.NONE;
    boolean hasRows = new RowValidation(context).hasRows(table);
    if (hasRows && !filled && column.notNull()) {
      throw RowValidation.containsNulls(table, column.name());
    }
    if (hasRows && filled) {
      List<@Nullable SelectItem> values = columnsOf(table);
      values.add(
          column.generatedText() != null
              ? null
              : Syntax.output(Defaults.expression(column, context.catalog())));
      new TableRewrite(context).rewrite(table, changed, values);
    } else {
      context.define(changed);
    }
    ConstraintCreation constraints = new ConstraintCreation(context);
    definition
        .constraints()
        .forEach(
            constraint -> {
              TableDefinition current = context.catalog().table(table.id());
              assert current != null;
              constraints.add(current, constraint);
            });
  }

  /** Each column as it is; null for generated ones. */
  static List<@Nullable SelectItem> columnsOf(TableDefinition table) {
    List<@Nullable SelectItem> items = new ArrayList<>();
    for (TableColumn column : table.columns()) {
      items.add(
          column.generatedText() != null
              ? null
              : Syntax.output(Syntax.column(table.name(), column.name())));
    }
    return items;
  }

  private void define(TableDefinition table, int place, TableColumn column) {
    List<TableColumn> columns = new ArrayList<>(table.columns());
    columns.set(place, column);
    context.define(table.change().columns(columns).build());
  }

  private void setDefault(TableDefinition table, AlterAction.ColumnDefault change) {
    int place = context.column(table, change.column());
    TableColumn column = table.columns().get(place);
    if (column.identity() != Identity.NONE || column.generatedText() != null) {
      throw context
          .error(
              ErrorCode.SYNTAX_ERROR,
              change.column().span(),
              "column \""
                  + column.name()
                  + "\" of relation \""
                  + table.name()
                  + "\" is "
                  + (column.generatedText() == null ? "an identity" : "a generated")
                  + " column")
          .build();
    }
    String text =
        change.value() == null
            ? null
            : context.checkedText(change.value(), List.of(), DefinitionContext.target(column));
    define(table, place, column.withDefault(text));
  }

  private void setNotNull(TableDefinition table, AlterAction.ColumnNotNull change) {
    int place = context.column(table, change.column());
    TableColumn column = table.columns().get(place);
    if (change.notNull()) {
      new RowValidation(context).notNull(table, place);
    } else {
      TableIndex primary = table.primaryKey();
      if (primary != null && primary.keys().stream().anyMatch(key -> key.column() == place)) {
        throw context
            .error(
                ErrorCode.INVALID_TABLE_DEFINITION,
                change.column().span(),
                "column \"" + column.name() + "\" is in a primary key")
            .build();
      }
      if (column.identity() != Identity.NONE) {
        throw context
            .error(
                ErrorCode.SYNTAX_ERROR,
                change.column().span(),
                "column \""
                    + column.name()
                    + "\" of relation \""
                    + table.name()
                    + "\" is an identity column")
            .build();
      }
    }
    define(table, place, column.withNotNull(change.notNull()));
  }

  private void setType(TableDefinition table, AlterAction.ColumnType change) {
    int place = context.column(table, change.column());
    TableColumn column = table.columns().get(place);
    SqlType type = TypeNames.resolve(change.type(), context.source());
    refuseIfViewed(table, column.name(), "alter type of a column used by a view");
    if (change.using() == null
        && !Coercion.between(column.type().kind(), type.kind()).isAllowedIn(Coercion.ASSIGNMENT)) {
      throw context
          .error(
              ErrorCode.DATATYPE_MISMATCH,
              change.span(),
              "column \""
                  + column.name()
                  + "\" cannot be cast automatically to type "
                  + type.withoutModifier())
          .hint("You might need to specify \"USING " + column.name() + "::" + type + "\".")
          .build();
    }
    TableDefinition changed = withType(table, place, type);
    List<@Nullable SelectItem> values = columnsOf(table);
    values.set(place, Syntax.output(value(table, column, change, change.type())));
    checkDefault(changed, place, change);
    new TableRewrite(context).rewrite(table, changed, values);
  }

  private static Expression value(
      TableDefinition table, TableColumn column, AlterAction.ColumnType change, TypeName type) {
    Expression using = change.using();
    return using != null
        ? using
        : new Expression.Cast(Syntax.column(table.name(), column.name()), type, type.span());
  }

  private void checkDefault(TableDefinition table, int place, AlterAction.ColumnType change) {
    TableColumn column = table.columns().get(place);
    if (column.defaultText() == null || column.sequence() != 0) {
      return;
    }
    try {
      context
          .planning()
          .evaluator(column.defaultText(), List.of(), DefinitionContext.target(column));
    } catch (dev.varve.VarveException e) {
      throw context
          .error(
              ErrorCode.DATATYPE_MISMATCH,
              change.span(),
              "default for column \""
                  + column.name()
                  + "\" cannot be cast automatically to type "
                  + column.type().withoutModifier())
          .cause(e)
          .build();
    }
  }

  private static TableDefinition withType(TableDefinition table, int place, SqlType type) {
    List<TableColumn> columns = new ArrayList<>(table.columns());
    TableColumn column = columns.get(place).withType(type);
    columns.set(place, column);
    List<SqlType> slots = new ArrayList<>(table.slots());
    slots.set(column.slot(), type);
    return TableColumns.withKeyTypes(table.change().columns(columns).slots(slots).build());
  }

  /** Refuses if a view reads the column. */
  void refuseIfViewed(TableDefinition table, String column, String what) {
    for (ViewDefinition view : context.catalog().viewsOver(table.id())) {
      if (new ViewDependency(context).reads(view, table, column)) {
        throw ErrorCode.NOT_SUPPORTED
            .error("cannot " + what)
            .fact("view", view.name())
            .fact("column", column)
            .build();
      }
    }
  }

  // Identity.

  private void addIdentity(TableDefinition table, AlterAction.AddIdentity add) {
    int place = context.column(table, add.column());
    TableColumn column = table.columns().get(place);
    String problem = null;
    if (column.identity() != Identity.NONE) {
      problem = "is already an identity column";
    } else if (column.defaultText() != null) {
      problem = "already has a default value";
    } else if (!column.notNull()) {
      problem = "must be declared NOT NULL before identity can be added";
    }
    if (problem != null) {
      throw context
          .error(
              ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
              add.column().span(),
              "column \"" + column.name() + "\" of relation \"" + table.name() + "\" " + problem)
          .build();
    }
    SequenceDefinition sequence =
        new SequenceCreation(context)
            .createFor(table, column.name(), column.type(), add.identity().options());
    define(
        table,
        place,
        column.withIdentity(
            add.identity().always() ? Identity.ALWAYS : Identity.BY_DEFAULT, sequence.id()));
  }

  private void dropIdentity(TableDefinition table, AlterAction.DropIdentity drop) {
    int place = context.column(table, drop.column());
    TableColumn column = table.columns().get(place);
    if (column.identity() == Identity.NONE) {
      if (drop.ifExists()) {
        return;
      }
      throw notIdentity(table, drop.column());
    }
    SequenceDefinition sequence = context.catalog().sequence(column.sequence());
    define(table, place, column.withIdentity(Identity.NONE, 0));
    if (sequence != null) {
      new Dropping(context).drop(List.of(sequence), false);
    }
  }

  private dev.varve.VarveException notIdentity(TableDefinition table, Identifier column) {
    return context
        .error(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            column.span(),
            "column \""
                + column
                + "\" of relation \""
                + table.name()
                + "\" is not an identity column")
        .build();
  }

  private void alterIdentity(TableDefinition table, AlterAction.AlterIdentity alter) {
    int place = context.column(table, alter.column());
    TableColumn column = table.columns().get(place);
    SequenceDefinition sequence = context.catalog().sequence(column.sequence());
    if (column.identity() == Identity.NONE || sequence == null) {
      throw notIdentity(table, alter.column());
    }
    if (alter.always() != null) {
      define(
          table,
          place,
          column.withIdentity(
              alter.always() ? Identity.ALWAYS : Identity.BY_DEFAULT, column.sequence()));
    } else {
      new SequenceCreation(context).alter(sequence, alter.options());
    }
  }
}
