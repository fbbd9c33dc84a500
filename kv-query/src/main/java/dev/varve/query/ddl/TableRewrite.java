// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.dml.RowChecks;
import dev.varve.query.dml.StatementContext;
import dev.varve.query.dml.Syntax;
import dev.varve.query.dml.TableWriter;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes all rows of a table anew, in other keyspaces, with other columns or in another order. */
final class TableRewrite {
  private final DefinitionContext context;

  TableRewrite(DefinitionContext context) {
    this.context = context;
  }

  /**
   * Makes {@code after} out of {@code before}.
   *
   * @param values what the columns of {@code after} are computed from over rows of {@code before}, in
   *     order; null for generated columns, which compute themselves
   * @return the table with its new keyspaces
   */
  TableDefinition rewrite(
      TableDefinition before, TableDefinition after, List<@Nullable SelectItem> values) {
    TableDefinition fresh = withNewKeyspaces(after);
    Catalog reading = context.catalog().with(before);
    List<SelectItem> items = new ArrayList<>();
    List<@Nullable Target> targets = new ArrayList<>();
    int[] given = new int[values.size()];
    for (int i = 0; i < given.length; i++) {
      SelectItem value = values.get(i);
      given[i] = value == null ? -1 : items.size();
      if (value != null) {
        items.add(value);
        targets.add(DefinitionContext.target(fresh.columns().get(i)));
      }
    }
    Query query = Syntax.select(items, List.of(Syntax.table(before, before.name())), null);
    PhysicalQuery rows = context.planning().withCatalog(reading).plan(query, List.of(), targets);
    context.define(fresh);
    copy(rows, fresh, given);
    new Dropping(context).clear(before);
    remapReferences(after, fresh);
    TableDefinition current = context.catalog().table(fresh.id());
    assert current != null;
    return current;
  }

  private void copy(PhysicalQuery rows, TableDefinition table, int[] given) {
    StatementContext statement = context.statement();
    TableWriter writer = new TableWriter(TableLayout.of(table), context.planning());
    RowChecks checks = new RowChecks(table, context.planning());
    writer.open(statement.transaction().store());
    Batch row = new Batch(new Vector[given.length]);
    for (int i = 0; i < given.length; i++) {
      if (given[i] < 0) {
        row.setColumn(i, Vector.allocate(table.columns().get(i).type(), Batch.CAPACITY));
      }
    }
    try (ExecutionContext execution = statement.execution()) {
      execution.parameters(List.of(), rows.handedDown());
      try (Operator operator = rows.operator(execution)) {
        operator.open(execution);
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
          for (int i = 0; i < given.length; i++) {
            if (given[i] >= 0) {
              row.setColumn(i, batch.column(given[i]));
            }
          }
          row.select(batch.selection(), batch.count());
          checks.apply(row);
          for (int k = 0; k < row.count(); k++) {
            writer.insert(row, row.row(k));
          }
        }
      }
    }
  }

  private TableDefinition withNewKeyspaces(TableDefinition table) {
    List<TableIndex> indexes = new ArrayList<>();
    for (TableIndex index : table.indexes()) {
      indexes.add(
          new TableIndex(
              context.newId(),
              index.name(),
              index.type(),
              index.keys(),
              index.unique(),
              index.clustered(),
              index.constraint(),
              index.nullsNotDistinct(),
              index.predicateText(),
              index.includes(),
              index.building()));
    }
    return table.change().keyspace(context.newId()).indexes(indexes).build();
  }

  /** Foreign keys name the index they rely on by its number, which is another now. */
  private void remapReferences(TableDefinition before, TableDefinition after) {
    for (Catalog.Reference reference : context.catalog().references(after.id())) {
      ForeignKey key = reference.key();
      for (int i = 0; i < before.indexes().size(); i++) {
        if (before.indexes().get(i).id() == key.referencedIndex()) {
          TableDefinition child = context.catalog().table(reference.table().id());
          assert child != null;
          List<ForeignKey> keys = new ArrayList<>(child.foreignKeys());
          keys.set(keys.indexOf(key), key.withReferencedIndex(after.indexes().get(i).id()));
          context.define(child.change().foreignKeys(keys).build());
        }
      }
    }
  }
}
