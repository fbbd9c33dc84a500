// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.SqlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Values of REAL (rounded to float) and DOUBLE PRECISION. NaN equals NaN and follows every number; both zeros are equal. */
public final class DoubleVector extends Vector {
  /** The values; kernels read and write them directly. */
  public double[] values;

  /** A vector with room for {@code capacity} rows. */
  public DoubleVector(SqlType type, int capacity) {
    super(type, capacity);
    this.values = new double[capacity];
  }

  @Override
  void grow(int capacity) {
    values = Arrays.copyOf(values, capacity);
  }

  @Override
  void copyValue(int row, Vector from, int fromRow) {
    values[row] = ((DoubleVector) from).values[fromRow];
  }

  @Override
  public void gather(int at, Vector from, int @Nullable [] selection, int count) {
    double[] source = ((DoubleVector) from).values;
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
  public void set(int row, double value) {
    nulls[row] = false;
    values[row] = value;
  }

  /** Orders as SQL does: NaN last and equal to itself, both zeros equal. */
  public static int compare(double left, double right) {
    return left < right ? -1 : left > right ? 1 : left == right ? 0 : nanOrder(left, right);
  }

  private static int nanOrder(double left, double right) {
    return Boolean.compare(Double.isNaN(left), Double.isNaN(right));
  }

  @Override
  public int compare(int row, Vector other, int otherRow) {
    return compare(values[row], ((DoubleVector) other).values[otherRow]);
  }

  @Override
  public long hash(int row) {
    return Hashes.mix(Double.doubleToLongBits(values[row] + 0.0));
  }

  @Override
  Object datumValue(int row) {
    return values[row];
  }

  @Override
  void setDatumValue(int row, Object datum) {
    values[row] = (Double) datum;
  }

  @Override
  public long sizeBytes() {
    return nulls.length + (long) values.length * Double.BYTES;
  }
}
