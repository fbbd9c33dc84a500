// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.KeyValues;
import dev.varve.core.codec.TupleWriter;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.catalog.IndexEntryFormat;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.row.RowWriter;
import dev.varve.query.transaction.RowIds;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one table with their index entries, and refuses duplicates. Rows are given as batches
 * whose first columns are the table's, in order. Not thread-safe.
 *
 * <p>Every unique value is a key in the store, of a row or of an index entry. It is locked before it is
 * looked up, so that of two transactions that write the same value one waits for the other.
 */
public final class TableWriter {
  private final TableLayout layout;
  private final TableDefinition table;
  private final RowIds rowIds;
  private final ConstraintErrors errors;
  private final RowWriter writer;
  private final Vector[] slots;
  private final List<Vector> dropped = new ArrayList<>();
  private final Vector[] clusterKey;
  private final TupleWriter tuple = new TupleWriter();
  private final List<IndexWriter> indexes = new ArrayList<>();
  private @Nullable StoreTransaction transaction;
  private @Nullable Keyspace rows;

  /** A writer for {@code layout.table()}; compiles what its indexes compute. */
  public TableWriter(TableLayout layout, StatementContext.Planning planning) {
    this.layout = layout;
    this.table = layout.table();
    this.rowIds = planning.context().rowIds();
    this.errors = new ConstraintErrors(planning.context().evaluation().zone());
    this.writer = new RowWriter(layout.rows());
    this.slots = new Vector[table.slots().size()];
    this.clusterKey = new Vector[table.clusterKey().size()];
    boolean[] used = new boolean[slots.length];
    table.columns().forEach(column -> used[column.slot()] = true);
    for (int i = 0; i < slots.length; i++) {
      if (!used[i]) {
        Vector nulls = Vector.allocate(table.slots().get(i), Batch.CAPACITY);
        Arrays.fill(nulls.nulls, true);
        nulls.hasNulls = true;
        slots[i] = nulls;
        dropped.add(nulls);
      }
    }
    List<GivenTable> scope = List.of(scope(table, table.name()));
    for (TableIndex index : table.indexes()) {
      if (!index.clustered()) {
        indexes.add(new IndexWriter(index, layout, planning, scope));
      }
    }
  }

  /** The columns of {@code table} as a scope for expressions, under the name {@code alias}. */
  static GivenTable scope(TableDefinition table, String alias) {
    List<SqlType> types = new ArrayList<>(table.columns().size());
    for (TableColumn column : table.columns()) {
      types.add(column.type());
    }
    return new GivenTable(alias, table.columnNames(), types);
  }

  /** The table. */
  public TableDefinition table() {
    return table;
  }

  TableLayout layout() {
    return layout;
  }

  /** Makes the writes that follow part of {@code current}. */
  public void open(StoreTransaction current) {
    transaction = current;
    rows = current.keyspace(table.keyspace());
  }

  private StoreTransaction transaction() {
    assert transaction != null : "not open";
    return transaction;
  }

  private Keyspace rows() {
    assert rows != null : "not open";
    return rows;
  }

  // Keys and values.

  /** The key of a row by its columns; null when rows have a hidden id. */
  byte @Nullable [] clusterKey(Batch batch, int row) {
    if (table.hasRowId()) {
      return null;
    }
    for (int i = 0; i < clusterKey.length; i++) {
      clusterKey[i] = batch.column(table.clusterKey().get(i).column());
    }
    tuple.reset();
    layout.clusterKey().write(clusterKey, row, tuple);
    return tuple.toByteArray();
  }

  private byte[] value(Batch batch, int row) {
    List<TableColumn> columns = table.columns();
    for (int i = 0; i < columns.size(); i++) {
      slots[columns.get(i).slot()] = batch.column(i);
    }
    for (Vector vector : dropped) {
      ensureNull(vector, row);
    }
    writer.write(slots, row);
    return writer.toByteArray();
  }

  private static void ensureNull(Vector vector, int row) {
    if (row >= vector.capacity()) {
      vector.ensureCapacity(row + 1);
      Arrays.fill(vector.nulls, true);
    }
  }

  // Writing.

  /** Inserts a row; returns its key. */
  public byte[] insert(Batch batch, int row) {
    byte[] rowKey = clusterKey(batch, row);
    if (rowKey == null) {
      rowKey = rowIds.nextKey(table.keyspace());
    } else {
      refuseLongKey(rowKey, null);
      if (existing(table.keyspace(), rowKey) != null) {
        throw errors.unique(table, clusteredIndex(), clusterKey, row);
      }
    }
    rows().put(rowKey, value(batch, row));
    for (IndexWriter index : indexes) {
      if (index.covers(batch, row)) {
        insertEntry(index, batch, row, rowKey);
      }
    }
    return rowKey;
  }

  private TableIndex clusteredIndex() {
    for (TableIndex index : table.indexes()) {
      if (index.clustered()) {
        return index;
      }
    }
    throw ErrorCode.INTERNAL
        .error("A clustered table has no clustered index.")
        .fact("table", table.name())
        .build();
  }

  private void insertEntry(IndexWriter index, Batch batch, int row, byte[] rowKey) {
    byte[] key = index.entryKey(batch, row, rowKey);
    refuseLongKey(key, index.index());
    int keyspace = index.index().keyspace();
    if (index.isExclusive() && existing(keyspace, key) != null) {
      throw errors.unique(table, index.index(), index.keys(), row);
    }
    transaction().keyspace(keyspace).put(key, index.entryValue(rowKey));
  }

  private void refuseLongKey(byte[] key, @Nullable TableIndex index) {
    if (key.length > KeyValues.MAX_KEY_BYTES) {
      String name = index == null ? clusteredIndex().name() : index.name();
      throw ErrorCode.KEY_TOO_LONG
          .error("index row size " + key.length + " exceeds maximum for index \"" + name + "\"")
          .fact("table", table.name())
          .fact("maxBytes", KeyValues.MAX_KEY_BYTES)
          .hint("A HASH index takes values of any length.")
          .build();
    }
  }

  /** Locks a key and returns its newest value, or null. */
  byte @Nullable [] existing(int keyspace, byte[] key) {
    LockResult result = transaction().lock(keyspace, key, LockMode.EXCLUSIVE, LockWait.WAIT);
    return result == LockResult.CHANGED
        ? transaction().getNewest(keyspace, key)
        : transaction().keyspace(keyspace).get(key);
  }

  /** Deletes the row {@code rowKey}, whose columns are those of {@code old}. */
  public void delete(byte[] rowKey, Batch old, int row) {
    rows().delete(rowKey);
    for (IndexWriter index : indexes) {
      if (index.covers(old, row)) {
        transaction().keyspace(index.index().keyspace()).delete(index.entryKey(old, row, rowKey));
      }
    }
  }

  /** Replaces the row {@code rowKey}; returns its key, which may be another afterwards. */
  public byte[] update(byte[] rowKey, Batch old, int oldRow, Batch changed, int newRow) {
    byte[] newKey = clusterKey(changed, newRow);
    if (newKey != null && !Arrays.equals(newKey, rowKey)) {
      refuseLongKey(newKey, null);
      if (existing(table.keyspace(), newKey) != null) {
        throw errors.unique(table, clusteredIndex(), clusterKey, newRow);
      }
      delete(rowKey, old, oldRow);
      rows().put(newKey, value(changed, newRow));
      for (IndexWriter index : indexes) {
        if (index.covers(changed, newRow)) {
          insertEntry(index, changed, newRow, newKey);
        }
      }
      return newKey;
    }
    rows().put(rowKey, value(changed, newRow));
    for (IndexWriter index : indexes) {
      updateEntry(index, rowKey, old, oldRow, changed, newRow);
    }
    return rowKey;
  }

  private void updateEntry(
      IndexWriter index, byte[] rowKey, Batch old, int oldRow, Batch changed, int newRow) {
    byte[] oldEntry = index.covers(old, oldRow) ? index.entryKey(old, oldRow, rowKey) : null;
    boolean covered = index.covers(changed, newRow);
    byte[] newEntry = covered ? index.entryKey(changed, newRow, rowKey) : null;
    if (Arrays.equals(oldEntry, newEntry)) {
      return;
    }
    if (oldEntry != null) {
      transaction().keyspace(index.index().keyspace()).delete(oldEntry);
    }
    if (newEntry != null) {
      insertEntry(index, changed, newRow, rowKey);
    }
  }

  // Conflicts.

  /**
   * The key of a row that has the same unique values as the given one in the index {@code arbiter}, or
   * null. Locks the values.
   */
  byte @Nullable [] conflict(TableIndex arbiter, Batch batch, int row) {
    if (arbiter.clustered()) {
      byte[] rowKey = clusterKey(batch, row);
      return rowKey != null && existing(table.keyspace(), rowKey) != null ? rowKey : null;
    }
    for (IndexWriter index : indexes) {
      if (index.index().id() == arbiter.id() && index.covers(batch, row)) {
        byte[] key = index.uniqueKey(batch, row);
        byte[] value = key == null ? null : existing(arbiter.keyspace(), key);
        return value == null ? null : IndexEntryFormat.rowKey(value);
      }
    }
    return null;
  }

  /** Adds the entry of one index for a row that is there already. */
  public void insertEntryOf(TableIndex index, Batch batch, int row, byte[] rowKey) {
    for (IndexWriter each : indexes) {
      if (each.index().id() == index.id() && each.covers(batch, row)) {
        insertEntry(each, batch, row, rowKey);
      }
    }
  }
}
