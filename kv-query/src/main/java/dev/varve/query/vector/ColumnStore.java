// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.SqlType;
import java.util.List;

/** Rows kept in memory, column by column, addressed from 0. Not thread-safe. */
public final class ColumnStore {
  private static final int INITIAL_ROWS = 64;

  private final List<SqlType> types;
  private Vector[] columns;
  private int count;

  /** An empty store for rows of {@code types}. */
  public ColumnStore(List<SqlType> types) {
    this.types = List.copyOf(types);
    this.columns = allocate(this.types);
  }

  private static Vector[] allocate(List<SqlType> types) {
    Vector[] columns = new Vector[types.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Vector.allocate(types.get(i), INITIAL_ROWS);
    }
    return columns;
  }

  /** Adds the selected rows of {@code batch}, whose first columns are the store's. */
  public void append(Batch batch) {
    int rows = batch.count();
    for (int i = 0; i < columns.length; i++) {
      columns[i].ensureCapacity(count + rows);
      columns[i].gather(count, batch.column(i), batch.selection(), rows);
    }
    count += rows;
  }

  /** Adds one row of {@code vectors}, one for each column. */
  public void append(Vector[] vectors, int row) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].ensureCapacity(count + 1);
      columns[i].copy(count, vectors[i], row);
    }
    count++;
  }

  /** The number of rows. */
  public int count() {
    return count;
  }

  /** A column. */
  public Vector column(int index) {
    return columns[index];
  }

  /** All columns. */
  public Vector[] columns() {
    return columns;
  }

  /** The columns' types. */
  public List<SqlType> types() {
    return types;
  }

  /**
   * Makes {@code rows[from .. from + size)} the rows of {@code into}, which may refer to the store's
   * bytes: it is valid until the store changes.
   */
  public void read(int[] rows, int from, int size, Batch into) {
    for (int i = 0; i < columns.length; i++) {
      view(into.column(i), columns[i], rows, from, size);
    }
    into.setCount(size);
  }

  /** Makes the rows {@code rows[from ..]} of {@code source} the first of {@code into}. */
  public static void view(Vector into, Vector source, int[] rows, int from, int size) {
    into.ensureCapacity(size);
    into.reset();
    if (into instanceof BytesVector target) {
      BytesVector text = (BytesVector) source;
      target.refer(text.bytes);
      for (int k = 0; k < size; k++) {
        int row = rows[from + k];
        target.offsets[k] = text.offsets[row];
        target.lengths[k] = text.lengths[row];
        if (text.nulls[row]) {
          target.setNull(k);
        }
      }
    } else {
      for (int k = 0; k < size; k++) {
        into.copy(k, source, rows[from + k]);
      }
    }
  }

  /** Empties it and lets its arrays go. */
  public void clear() {
    columns = allocate(types);
    count = 0;
  }

  /** Heap bytes that the rows take. */
  public long sizeBytes() {
    long bytes = 0;
    for (Vector column : columns) {
      bytes += column.sizeBytes();
    }
    return bytes;
  }
}
