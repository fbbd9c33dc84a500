// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.SqlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A column of values in primitive arrays, with a map of nulls. Rows are addressed from 0 to capacity
 * - 1; which of them mean something, the {@link Batch} says. What stands in the arrays under a null
 * is arbitrary. Not thread-safe.
 *
 * <p>Invariant: when {@link #hasNulls} is false, every element of {@link #nulls} is false.
 */
public abstract sealed class Vector
    permits BooleanVector,
        IntVector,
        LongVector,
        DoubleVector,
        NumericVector,
        BytesVector,
        IntervalVector,
        UuidVector {
  /** Which rows are NULL; kernels read and write it directly. */
  public boolean[] nulls;

  /** Whether any row may be NULL. */
  public boolean hasNulls;

  private final SqlType type;

  Vector(SqlType type, int capacity) {
    this.type = type;
    this.nulls = new boolean[capacity];
  }

  /** A vector for values of {@code type} with room for {@code capacity} rows. */
  public static Vector allocate(SqlType type, int capacity) {
    return switch (type.kind().storage()) {
      case BOOLEAN -> new BooleanVector(type, capacity);
      case INT -> new IntVector(type, capacity);
      case LONG -> new LongVector(type, capacity);
      case DOUBLE -> new DoubleVector(type, capacity);
      case NUMERIC -> new NumericVector(type, capacity);
      case BYTES -> new BytesVector(type, capacity);
      case INTERVAL -> new IntervalVector(type, capacity);
      case UUID -> new UuidVector(type, capacity);
    };
  }

  /** The type of the values. */
  public final SqlType type() {
    return type;
  }

  /** How many rows there is room for. */
  public final int capacity() {
    return nulls.length;
  }

  /** Whether the row is NULL. */
  public final boolean isNull(int row) {
    return nulls[row];
  }

  /** Makes the row NULL. */
  public final void setNull(int row) {
    nulls[row] = true;
    hasNulls = true;
  }

  /** Makes no row NULL, and forgets variable-length values; the fixed-length ones stay. */
  public void reset() {
    if (hasNulls) {
      Arrays.fill(nulls, false);
      hasNulls = false;
    }
  }

  /** Makes room for {@code capacity} rows, keeping the values. */
  public final void ensureCapacity(int capacity) {
    if (capacity > nulls.length) {
      int grown = Math.max(capacity, nulls.length * 2);
      nulls = Arrays.copyOf(nulls, grown);
      grow(grown);
    }
  }

  abstract void grow(int capacity);

  /** Copies one row, NULL or not, from a vector of the same storage. */
  public final void copy(int row, Vector from, int fromRow) {
    if (from.nulls[fromRow]) {
      setNull(row);
    } else {
      nulls[row] = false;
      copyValue(row, from, fromRow);
    }
  }

  /** Copies {@code rows[0 .. count)} from the same rows of {@code from}, of the same storage. */
  public final void copyRows(Vector from, int[] rows, int count) {
    for (int k = 0; k < count; k++) {
      copy(rows[k], from, rows[k]);
    }
  }

  /** Copies a value that is not NULL. */
  abstract void copyValue(int row, Vector from, int fromRow);

  /**
   * Copies rows {@code selection[0 .. count)} of {@code from} (or {@code 0 .. count} when selection is
   * null) to rows {@code at ..} of this one, which must have room.
   */
  public void gather(int at, Vector from, int @Nullable [] selection, int count) {
    for (int k = 0; k < count; k++) {
      copy(at + k, from, selection == null ? k : selection[k]);
    }
  }

  /** The null part of {@link #gather}. */
  final void gatherNulls(int at, Vector from, int @Nullable [] selection, int count) {
    if (!from.hasNulls) {
      if (hasNulls) {
        Arrays.fill(nulls, at, at + count, false);
      }
      return;
    }
    boolean any = hasNulls;
    for (int k = 0; k < count; k++) {
      boolean isNull = from.nulls[selection == null ? k : selection[k]];
      nulls[at + k] = isNull;
      any |= isNull;
    }
    hasNulls = any;
  }

  /** Takes over the null map of {@code from} for the selected rows; clears it elsewhere. */
  public final void takeNulls(Vector from, int @Nullable [] selection, int count) {
    if (hasNulls) {
      Arrays.fill(nulls, false);
      hasNulls = false;
    }
    orNulls(from, selection, count);
  }

  /** Adds the nulls of {@code from} among the selected rows to those of this one. */
  public final void orNulls(Vector from, int @Nullable [] selection, int count) {
    if (!from.hasNulls) {
      return;
    }
    boolean[] other = from.nulls;
    boolean any = hasNulls;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      nulls[row] |= other[row];
      any |= nulls[row];
    }
    hasNulls = any;
  }

  /** Orders two values that are not NULL as SQL does; both vectors have the same storage. */
  public abstract int compare(int row, Vector other, int otherRow);

  /** Whether two values that are not NULL are equal in SQL's sense. */
  public boolean equal(int row, Vector other, int otherRow) {
    return compare(row, other, otherRow) == 0;
  }

  /** A hash of a value that is not NULL; values that are equal hash alike, whatever their scale. */
  public abstract long hash(int row);

  /**
   * Mixes the hashes of the selected rows into {@code hashes}, indexed like {@code selection}
   * (position k, not row). NULL has a hash of its own.
   */
  public void hash(int @Nullable [] selection, int count, long[] hashes, boolean combine) {
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      long hash = nulls[row] ? Hashes.NULL : hash(row);
      hashes[k] = combine ? Hashes.combine(hashes[k], hash) : hash;
    }
  }

  /**
   * The value as an object, or null: Boolean; Integer for SMALLINT, INTEGER and DATE (days since
   * 1970-01-01); Long for BIGINT, TIME (microseconds of the day), TIMESTAMP and TIMESTAMPTZ
   * (microseconds since 1970-01-01); Double for REAL and DOUBLE; BigDecimal or {@link
   * dev.varve.query.type.NumericSpecial}; String; {@link java.nio.ByteBuffer} for BYTEA; {@link dev.varve.Interval};
   * {@link java.util.UUID}.
   */
  public final @Nullable Object datum(int row) {
    return nulls[row] ? null : datumValue(row);
  }

  abstract Object datumValue(int row);

  /** Sets the value from an object as {@link #datum} returns it. */
  public final void setDatum(int row, @Nullable Object datum) {
    if (datum == null) {
      setNull(row);
    } else {
      nulls[row] = false;
      setDatumValue(row, datum);
    }
  }

  abstract void setDatumValue(int row, Object datum);

  /** Heap bytes that the arrays take. */
  public abstract long sizeBytes();
}
