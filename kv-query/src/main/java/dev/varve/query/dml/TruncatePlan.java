// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.ast.DataStatement.Truncate;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.plan.PlanColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** TRUNCATE: empties tables without looking at their rows. */
final class TruncatePlan implements DataPlan {
  private final List<TableDefinition> tables;
  private final boolean restartIdentity;
  private final Catalog catalog;

  private TruncatePlan(List<TableDefinition> tables, boolean restartIdentity, Catalog catalog) {
    this.tables = tables;
    this.restartIdentity = restartIdentity;
    this.catalog = catalog;
  }

  static TruncatePlan of(Truncate truncate, StatementContext.Planning planning) {
    Map<Integer, TableDefinition> tables = new LinkedHashMap<>();
    for (QualifiedName name : truncate.tables()) {
      TableDefinition table = TargetTable.resolve(name, planning);
      tables.put(table.id(), table);
    }
    Catalog catalog = planning.catalog();
    List<TableDefinition> pending = new ArrayList<>(tables.values());
    while (!pending.isEmpty()) {
      TableDefinition table = pending.remove(pending.size() - 1);
      for (Catalog.Reference reference : catalog.references(table.id())) {
        if (tables.containsKey(reference.table().id())) {
          continue;
        }
        if (!truncate.cascade()) {
          throw ErrorCode.NOT_SUPPORTED
              .error("cannot truncate a table referenced in a foreign key constraint")
              .fact("table", table.name())
              .fact("referencedBy", reference.table().name())
              .fact("constraint", reference.key().name())
              .hint(
                  "Truncate table \""
                      + reference.table().name()
                      + "\" at the same time, or use TRUNCATE ... CASCADE.")
              .build();
        }
        tables.put(reference.table().id(), reference.table());
        pending.add(reference.table());
      }
    }
    return new TruncatePlan(List.copyOf(tables.values()), truncate.restartIdentity(), catalog);
  }

  @Override
  public String command() {
    return "TRUNCATE TABLE";
  }

  @Override
  public List<PlanColumn> columns() {
    return List.of();
  }

  @Override
  public List<String> explain() {
    return List.of();
  }

  @Override
  public DataResult run(StatementContext context) {
    StoreTransaction transaction = context.transaction().store();
    for (TableDefinition table : tables) {
      if (!context.transaction().lock(table.id(), LockMode.SHARED)) {
        throw new StatementRestart();
      }
      transaction.clearKeyspace(table.keyspace());
      for (TableIndex index : table.indexes()) {
        if (!index.clustered()) {
          transaction.clearKeyspace(index.keyspace());
        }
      }
      if (restartIdentity) {
        restart(table, context);
      }
    }
    return new DataResult(0, null);
  }

  private void restart(TableDefinition table, StatementContext context) {
    for (TableColumn column : table.columns()) {
      SequenceDefinition sequence =
          column.sequence() == 0 ? null : catalog.sequence(column.sequence());
      if (sequence != null) {
        context.sequences().set(sequence, sequence.start(), false);
      }
    }
  }
}
