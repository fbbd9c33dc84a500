// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows kept in memory, column by column, addressed from 0. Not thread-safe. */
final class RowBuffer {
  private static final int INITIAL_ROWS = 256;

  private final List<SqlType> types;
  private Vector[] columns;
  private int count;

  RowBuffer(List<SqlType> types) {
    this.types = types;
    this.columns = allocate(types);
  }

  private static Vector[] allocate(List<SqlType> types) {
    Vector[] columns = new Vector[types.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Vector.allocate(types.get(i), INITIAL_ROWS);
    }
    return columns;
  }

  /** Adds the selected rows of {@code batch}. */
  void append(Batch batch) {
    int rows = batch.count();
    for (int i = 0; i < columns.length; i++) {
      columns[i].ensureCapacity(count + rows);
      columns[i].gather(count, batch.column(i), batch.selection(), rows);
    }
    count += rows;
  }

  /** Adds the {@code k}-th selected row of {@code batch}. */
  void append(Batch batch, int k) {
    int row = batch.row(k);
    for (int i = 0; i < columns.length; i++) {
      columns[i].ensureCapacity(count + 1);
      columns[i].copy(count, batch.column(i), row);
    }
    count++;
  }

  /** Adds some columns of row {@code row} of {@code batch}. */
  void append(Batch batch, int[] from, int row) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].ensureCapacity(count + 1);
      columns[i].copy(count, batch.column(from[i]), row);
    }
    count++;
  }

  int count() {
    return count;
  }

  int width() {
    return columns.length;
  }

  Vector column(int index) {
    return columns[index];
  }

  List<SqlType> types() {
    return types;
  }

  /** Puts rows {@code from ..} into {@code batch}, as many as fit a batch; returns how many. */
  int read(int from, Batch batch) {
    int rows = Math.min(Batch.CAPACITY, count - from);
    int[] selection = Positions.from(from, rows);
    for (int i = 0; i < columns.length; i++) {
      gather(batch.column(i), columns[i], selection, rows);
    }
    batch.setCount(rows);
    return rows;
  }

  /** Empties it, keeping its arrays. */
  void clear() {
    for (Vector column : columns) {
      column.reset();
    }
    count = 0;
  }

  /** Empties it and lets its arrays go. */
  void release() {
    columns = allocate(types);
    count = 0;
  }

  long sizeBytes() {
    long bytes = 0;
    for (Vector column : columns) {
      bytes += column.sizeBytes();
    }
    return bytes;
  }

  /**
   * Makes the first {@code count} rows of {@code to} those that {@code selection} names in {@code
   * from}. Variable-length values are not copied: {@code to} is valid as long as {@code from}.
   */
  static void gather(Vector to, Vector from, int @Nullable [] selection, int count) {
    if (!(from instanceof BytesVector source)) {
      to.gather(0, from, selection, count);
      return;
    }
    BytesVector target = (BytesVector) to;
    target.refer(source.bytes);
    int[] offsets = target.offsets;
    int[] lengths = target.lengths;
    if (selection == null) {
      System.arraycopy(source.offsets, 0, offsets, 0, count);
      System.arraycopy(source.lengths, 0, lengths, 0, count);
    } else {
      for (int k = 0; k < count; k++) {
        offsets[k] = source.offsets[selection[k]];
        lengths[k] = source.lengths[selection[k]];
      }
    }
    target.hasNulls = from.hasNulls;
    if (from.hasNulls) {
      for (int k = 0; k < count; k++) {
        target.nulls[k] = from.nulls[selection == null ? k : selection[k]];
      }
    }
  }
}
