// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that operators hand to each other: columns of equal length and, when rows were filtered out,
 * a selection vector with the indexes of those that remain, ascending. Reused by its producer; valid
 * until the producer's next call. Not thread-safe.
 */
public final class Batch {
  /** The most rows in a batch. */
  public static final int CAPACITY = 2048;

  private final Vector[] columns;
  private int @Nullable [] selection;
  private int count;

  /** A batch over vectors that are somebody's, which may be replaced with {@link #setColumn}. */
  public Batch(Vector... columns) {
    this.columns = columns;
  }

  /** A batch with vectors of its own for {@code capacity} rows. */
  public static Batch allocate(List<SqlType> types, int capacity) {
    Vector[] columns = new Vector[types.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Vector.allocate(types.get(i), capacity);
    }
    return new Batch(columns);
  }

  /** The number of columns. */
  public int width() {
    return columns.length;
  }

  /** A column. */
  public Vector column(int index) {
    return columns[index];
  }

  /** Replaces a column. */
  public void setColumn(int index, Vector column) {
    columns[index] = column;
  }

  /** The number of selected rows. */
  public int count() {
    return count;
  }

  /** The selected rows, of which the first {@link #count} count; null when they are 0, 1, 2 .. */
  public int @Nullable [] selection() {
    return selection;
  }

  /** The {@code k}-th selected row. */
  public int row(int k) {
    return selection == null ? k : selection[k];
  }

  /** Selects the rows {@code 0 .. rows - 1}. */
  public void setCount(int rows) {
    selection = null;
    count = rows;
  }

  /** Selects {@code rows[0 .. selected)}; the array stays the caller's. */
  public void select(int @Nullable [] rows, int selected) {
    selection = rows;
    count = selected;
  }

  /** Resets all columns and selects no row. */
  public void clear() {
    for (Vector column : columns) {
      column.reset();
    }
    setCount(0);
  }

  /** Appends the {@code k}-th selected row of {@code from}, column by column; this has no selection. */
  public void append(Batch from, int k) {
    int row = from.row(k);
    for (int i = 0; i < columns.length; i++) {
      columns[i].copy(count, from.columns[i], row);
    }
    count++;
  }

  /** Heap bytes that the columns take. */
  public long sizeBytes() {
    long bytes = 0;
    for (Vector column : columns) {
      bytes += column.sizeBytes();
    }
    return bytes;
  }
}
