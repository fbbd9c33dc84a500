// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.SqlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Values of BOOLEAN. */
public final class BooleanVector extends Vector {
  /** The values; kernels read and write them directly. */
  public boolean[] values;

  /** A vector with room for {@code capacity} rows. */
  public BooleanVector(SqlType type, int capacity) {
    super(type, capacity);
    this.values = new boolean[capacity];
  }

  @Override
  void grow(int capacity) {
    values = Arrays.copyOf(values, capacity);
  }

  @Override
  void copyValue(int row, Vector from, int fromRow) {
    values[row] = ((BooleanVector) from).values[fromRow];
  }

  @Override
  public void gather(int at, Vector from, int @Nullable [] selection, int count) {
    boolean[] source = ((BooleanVector) from).values;
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
  public void set(int row, boolean value) {
    nulls[row] = false;
    values[row] = value;
  }

  @Override
  public int compare(int row, Vector other, int otherRow) {
    return Boolean.compare(values[row], ((BooleanVector) other).values[otherRow]);
  }

  @Override
  public long hash(int row) {
    return Hashes.mix(values[row] ? 1 : 2);
  }

  @Override
  Object datumValue(int row) {
    return values[row];
  }

  @Override
  void setDatumValue(int row, Object datum) {
    values[row] = (Boolean) datum;
  }

  @Override
  public long sizeBytes() {
    return nulls.length + (long) values.length * 1;
  }
}
