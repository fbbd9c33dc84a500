// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.vector.Batch;

/**
 * Changes of one table within a statement: writes rows, and keeps in mind what foreign keys make of it
 * until the statement ends. Not thread-safe.
 */
final class TableChanges {
  private final TableDefinition table;
  private final TableWriter writer;
  private final RowChecks checks;
  private final ForeignKeys foreignKeys;

  TableChanges(TableDefinition table, StatementContext.Planning planning, Cascade cascade) {
    this.table = table;
    this.writer = new TableWriter(TableLayout.of(table), planning);
    this.checks = new RowChecks(table, planning);
    this.foreignKeys = new ForeignKeys(table, planning, cascade);
  }

  TableDefinition table() {
    return table;
  }

  TableWriter writer() {
    return writer;
  }

  /** Generated columns and constraints of the rows themselves. */
  RowChecks checks() {
    return checks;
  }

  ForeignKeys foreignKeys() {
    return foreignKeys;
  }

  /** Begins a statement in the context's transaction. */
  void open(StatementContext context) {
    if (!context.transaction().lock(table.id(), LockMode.SHARED)) {
      throw new StatementRestart();
    }
    writer.open(context.transaction().store());
    foreignKeys.clear();
  }

  byte[] insert(Batch rows, int row) {
    byte[] key = writer.insert(rows, row);
    foreignKeys.inserted(rows, row);
    return key;
  }

  void delete(byte[] rowKey, Batch old, int row) {
    writer.delete(rowKey, old, row);
    foreignKeys.deleted(old, row);
  }

  byte[] update(byte[] rowKey, Batch old, int oldRow, Batch changed, int newRow) {
    byte[] key = writer.update(rowKey, old, oldRow, changed, newRow);
    foreignKeys.updated(old, oldRow, changed, newRow);
    return key;
  }

  /**
   * Locks a row that was read on the statement's snapshot.
   *
   * @throws StatementRestart if it is another row by now
   */
  void lock(StoreTransaction transaction, byte[] rowKey) {
    LockResult result =
        transaction.lock(table.keyspace(), rowKey, LockMode.EXCLUSIVE, LockWait.WAIT);
    if (result == LockResult.CHANGED) {
      throw new StatementRestart();
    }
  }
}
