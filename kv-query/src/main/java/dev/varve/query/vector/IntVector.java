// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.SqlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Values of SMALLINT, INTEGER and DATE (days since 1970-01-01; the extremes are the infinities). */
public final class IntVector extends Vector {
  /** The values; kernels read and write them directly. */
  public int[] values;

  /** A vector with room for {@code capacity} rows. */
  public IntVector(SqlType type, int capacity) {
    super(type, capacity);
    this.values = new int[capacity];
  }

  @Override
  void grow(int capacity) {
    values = Arrays.copyOf(values, capacity);
  }

  @Override
  void copyValue(int row, Vector from, int fromRow) {
    values[row] = ((IntVector) from).values[fromRow];
  }

  @Override
  public void gather(int at, Vector from, int @Nullable [] selection, int count) {
    int[] source = ((IntVector) from).values;
    if (selection == null) {
      System.arraycopy(source, 0, values, at, count);
    } else {
      for (int k = 0; k < count; k++) {
        values[at + k] = source[selection[k]];
      }
    }
    gatherNulls(at, from, selection, count);
  }

  /** Sets a value that is not NULL. */
  public void set(int row, int value) {
    nulls[row] = false;
    values[row] = value;
  }

  @Override
  public int compare(int row, Vector other, int otherRow) {
    return Integer.compare(values[row], ((IntVector) other).values[otherRow]);
  }

  @Override
  public long hash(int row) {
    return Hashes.mix(values[row]);
  }

  @Override
  public void hash(int @Nullable [] selection, int count, long[] hashes, boolean combine) {
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      long hash = nulls[row] ? Hashes.NULL : Hashes.mix(values[row]);
      hashes[k] = combine ? Hashes.combine(hashes[k], hash) : hash;
    }
  }

  @Override
  Object datumValue(int row) {
    return values[row];
  }

  @Override
  void setDatumValue(int row, Object datum) {
    values[row] = (Integer) datum;
  }

  @Override
  public long sizeBytes() {
    return nulls.length + (long) values.length * Integer.BYTES;
  }
}
