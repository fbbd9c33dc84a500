// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.query.ast.DefinitionStatement.AlterAction;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.CheckConstraint;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.ViewDefinition;
import dev.varve.query.parser.Parser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DROP COLUMN: the column goes with the indexes and constraints it is part of. Its place in the rows
 * stays, unless the rows lie in its order.
 */
final class ColumnDropping {
  private final DefinitionContext context;

  ColumnDropping(DefinitionContext context) {
    this.context = context;
  }

  void drop(TableDefinition table, AlterAction.DropColumn drop) {
    if (drop.ifExists() && table.columnIndex(drop.column().name()) < 0) {
      return;
    }
    int place = context.column(table, drop.column());
    TableColumn column = table.columns().get(place);
    dropViews(table, column, drop.cascade());
    dropReferences(table, place, drop.cascade());
    TableDefinition current = context.catalog().table(table.id());
    assert current != null;
    refuseGenerated(current, column, drop);
    boolean clustered = current.clusterKey().stream().anyMatch(key -> key.column() == place);
    List<TableIndex> gone = new ArrayList<>();
    for (TableIndex index : current.indexes()) {
      if (uses(index, place, column.name())) {
        gone.add(index);
      }
    }
    TableDefinition changed = without(current, place, gone, clustered);
    if (clustered) {
      List<@Nullable SelectItem> values = TableAlteration.columnsOf(current);
      values.remove(place);
      new TableRewrite(context).rewrite(current, changed, values);
    } else {
      context.define(changed);
    }
    for (TableIndex index : gone) {
      if (!index.clustered()) {
        context.statement().transaction().store().clearKeyspace(index.keyspace());
      }
    }
    shiftReferences(table.id(), place);
    dropSequence(table, column);
  }

  private void dropViews(TableDefinition table, TableColumn column, boolean cascade) {
    List<Relation> views = new ArrayList<>();
    ViewDependency dependency = new ViewDependency(context);
    for (ViewDefinition view : context.catalog().viewsOver(table.id())) {
      if (dependency.reads(view, table, column.name())) {
        if (!cascade) {
          throw Dropping.dependent(
              "column " + column.name() + " of table " + table.name(), "view " + view.name());
        }
        views.add(view);
      }
    }
    new Dropping(context).drop(views, cascade);
  }

  private void dropReferences(TableDefinition table, int place, boolean cascade) {
    for (Catalog.Reference reference : context.catalog().references(table.id())) {
      if (reference.key().referencedColumns().contains(place)) {
        if (!cascade && reference.table().id() != table.id()) {
          throw Dropping.dependent(
              "column " + table.columns().get(place).name() + " of table " + table.name(),
              "constraint " + reference.key().name() + " on table " + reference.table().name());
        }
        new Dropping(context).dropForeignKey(reference.table().id(), reference.key());
      }
    }
  }

  private static void refuseGenerated(
      TableDefinition table, TableColumn column, AlterAction.DropColumn drop) {
    for (TableColumn each : table.columns()) {
      if (each.generatedText() != null
          && !each.name().equals(column.name())
          && Parser.identifiers(each.generatedText()).contains(column.name())
          && !drop.cascade()) {
        throw Dropping.dependent(
            "column " + column.name() + " of table " + table.name(),
            "column " + each.name() + " of table " + table.name());
      }
    }
  }

  private static boolean uses(TableIndex index, int place, String column) {
    for (IndexKey key : index.keys()) {
      if (key.column() == place
          || key.expressionText() != null
              && Parser.identifiers(key.expressionText()).contains(column)) {
        return true;
      }
    }
    return index.includes().contains(place)
        || index.predicateText() != null
            && Parser.identifiers(index.predicateText()).contains(column);
  }

  private static TableDefinition without(
      TableDefinition table, int place, List<TableIndex> gone, boolean clustered) {
    String name = table.columns().get(place).name();
    List<TableColumn> columns = new ArrayList<>(table.columns());
    columns.remove(place);
    List<TableIndex> indexes = new ArrayList<>();
    for (TableIndex index : table.indexes()) {
      if (!gone.contains(index)) {
        indexes.add(
            index.withKeys(
                TableColumns.shiftedKeys(index.keys(), place),
                TableColumns.shifted(index.includes(), place)));
      }
    }
    List<CheckConstraint> checks = new ArrayList<>(table.checks());
    checks.removeIf(check -> Parser.identifiers(check.text()).contains(name));
    List<ForeignKey> keys = new ArrayList<>();
    for (ForeignKey key : table.foreignKeys()) {
      if (!key.columns().contains(place)) {
        keys.add(
            key.withColumns(
                TableColumns.shifted(key.columns(), place),
                key.referencedColumns(),
                TableColumns.shifted(key.deleteColumns(), place)));
      }
    }
    return table
        .change()
        .columns(columns)
        .indexes(indexes)
        .checks(checks)
        .foreignKeys(keys)
        .clusterKey(clustered ? List.of() : TableColumns.shiftedKeys(table.clusterKey(), place))
        .build();
  }

  /** Foreign keys that reference the table name its columns by place. */
  private void shiftReferences(int id, int dropped) {
    for (Catalog.Reference reference : context.catalog().references(id)) {
      TableDefinition child = context.catalog().table(reference.table().id());
      assert child != null;
      ForeignKey key = reference.key();
      List<ForeignKey> keys = new ArrayList<>(child.foreignKeys());
      keys.set(
          keys.indexOf(key),
          key.withColumns(
              key.columns(),
              TableColumns.shifted(key.referencedColumns(), dropped),
              key.deleteColumns()));
      context.define(child.change().foreignKeys(keys).build());
    }
  }

  private void dropSequence(TableDefinition table, TableColumn column) {
    SequenceDefinition sequence =
        column.sequence() == 0 ? null : context.catalog().sequence(column.sequence());
    if (sequence != null && sequence.ownerTable() == table.id()) {
      new Dropping(context).drop(List.of(sequence), true);
    }
  }
}
