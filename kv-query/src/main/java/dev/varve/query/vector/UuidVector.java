// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.SqlType;
import java.util.Arrays;
import java.util.UUID;

/** Values of UUID as two longs, compared as unsigned bytes. */
public final class UuidVector extends Vector {
  /** The first eight bytes, big-endian. */
  public long[] high;

  /** The last eight bytes, big-endian. */
  public long[] low;

  /** A vector with room for {@code capacity} rows. */
  public UuidVector(SqlType type, int capacity) {
    super(type, capacity);
    this.high = new long[capacity];
    this.low = new long[capacity];
  }

  @Override
  void grow(int capacity) {
    high = Arrays.copyOf(high, capacity);
    low = Arrays.copyOf(low, capacity);
  }

  @Override
  void copyValue(int row, Vector from, int fromRow) {
    high[row] = ((UuidVector) from).high[fromRow];
    low[row] = ((UuidVector) from).low[fromRow];
  }

  /** Sets a value that is not NULL. */
  public void set(int row, long highBits, long lowBits) {
    nulls[row] = false;
    high[row] = highBits;
    low[row] = lowBits;
  }

  @Override
  public int compare(int row, Vector other, int otherRow) {
    UuidVector o = (UuidVector) other;
    int byHigh = Long.compareUnsigned(high[row], o.high[otherRow]);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low[row], o.low[otherRow]);
  }

  @Override
  public long hash(int row) {
    return Hashes.combine(Hashes.mix(high[row]), low[row]);
  }

  @Override
  Object datumValue(int row) {
    return new UUID(high[row], low[row]);
  }

  @Override
  void setDatumValue(int row, Object datum) {
    UUID uuid = (UUID) datum;
    set(row, uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  @Override
  public long sizeBytes() {
    return nulls.length * 17L;
  }
}
