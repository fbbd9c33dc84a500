// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import dev.varve.query.plan.SortOrder;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.Conversions;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.IntervalVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.UuidVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import java.util.List;

/** An order of rows by some of their columns. Immutable. */
public final class RowOrder {
  /** What the prefix of a value is shifted into, so that a NULL has one of its own at either end. */
  private static final long LEAST = 1;

  private static final int LEAD_DIGITS = 12;
  private static final int LEAD_BITS = 40;
  private static final long EXPONENT_BIAS = 1 << 15;
  private static final long ZERO = Long.MIN_VALUE;

  private final int[] columns;
  private final boolean[] descending;
  private final boolean[] nullsFirst;

  /** An order by keys whose columns are positions in the row. */
  public RowOrder(List<SortOrder> keys) {
    this.columns = keys.stream().mapToInt(SortOrder::column).toArray();
    this.descending = new boolean[columns.length];
    this.nullsFirst = new boolean[columns.length];
    for (int i = 0; i < columns.length; i++) {
      descending[i] = keys.get(i).descending();
      nullsFirst[i] = keys.get(i).nullsFirst();
    }
  }

  /** The number of keys. */
  public int size() {
    return columns.length;
  }

  /** Compares a row of some columns with one of others. */
  public int compare(Vector[] left, int leftRow, Vector[] right, int rightRow) {
    return compare(left, leftRow, right, rightRow, 0);
  }

  int compare(Vector[] left, int leftRow, Vector[] right, int rightRow, int fromKey) {
    for (int i = fromKey; i < columns.length; i++) {
      Vector l = left[columns[i]];
      Vector r = right[columns[i]];
      boolean leftNull = l.nulls[leftRow];
      boolean rightNull = r.nulls[rightRow];
      int order;
      if (leftNull || rightNull) {
        order = leftNull == rightNull ? 0 : leftNull == nullsFirst[i] ? -1 : 1;
      } else {
        order = l.compare(leftRow, r, rightRow);
        order = descending[i] ? -order : order;
      }
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /**
   * Writes for each of the first {@code count} rows a number, to be compared unsigned: of two rows
   * with different numbers the smaller one comes first.
   *
   * @return whether rows with equal numbers are equal in the first key
   */
  boolean prefixes(Vector[] rows, int count, long[] into) {
    if (columns.length == 0) {
      return true;
    }
    Vector column = rows[columns[0]];
    boolean exact = column instanceof IntVector || column instanceof BooleanVector;
    long flip = descending[0] ? -1L >>> 2 : 0;
    long nullPrefix = nullsFirst[0] ? 0 : -1L;
    for (int row = 0; row < count; row++) {
      into[row] = column.nulls[row] ? nullPrefix : ((prefix(column, row) >>> 2) ^ flip) + LEAST;
    }
    return exact;
  }

  /** Sixty-four bits that sort, unsigned, no differently from the values. */
  private static long prefix(Vector column, int row) {
    if (column instanceof IntVector ints) {
      return (ints.values[row] ^ 0x8000_0000L) << 32 & 0xffff_ffff_0000_0000L;
    } else if (column instanceof LongVector longs) {
      return longs.values[row] ^ Long.MIN_VALUE;
    } else if (column instanceof BytesVector text) {
      return prefix(text.bytes, text.offsets[row], text.lengths[row]);
    } else if (column instanceof DoubleVector doubles) {
      return prefix(doubles.values[row]);
    } else if (column instanceof NumericVector numerics) {
      return prefix(numerics, row);
    } else if (column instanceof BooleanVector booleans) {
      return booleans.values[row] ? 1L << 32 : 0;
    } else if (column instanceof UuidVector uuids) {
      return uuids.high[row];
    }
    IntervalVector intervals = (IntervalVector) column;
    long days = Math.floorDiv(intervals.micros[row], Calendar.DAY_MICROS);
    return intervals.months[row] * 30L + intervals.days[row] + days ^ Long.MIN_VALUE;
  }

  private static long prefix(byte[] bytes, int offset, int length) {
    long prefix = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      prefix = prefix << 8 | (i < length ? bytes[offset + i] & 0xff : 0);
    }
    return prefix;
  }

  private static long prefix(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits >= 0 ? bits ^ Long.MIN_VALUE : ~bits;
  }

  /** A NUMERIC by sign, power of ten and leading digits, the rest cut off. */
  private static long prefix(NumericVector numerics, int row) {
    int scale = numerics.scales[row];
    if (scale >= 0 && numerics.unscaled[row] != Long.MIN_VALUE) {
      long digits = Math.abs(numerics.unscaled[row]);
      int length = digitsOf(digits);
      long lead =
          length > LEAD_DIGITS
              ? digits / Conversions.powerOfTen(length - LEAD_DIGITS)
              : digits * Conversions.powerOfTen(LEAD_DIGITS - length);
      return packed(Long.signum(numerics.unscaled[row]), length - scale, lead);
    }
    if (!numerics.isFinite(row)) {
      return switch (numerics.special(row)) {
        case NAN -> -1L;
        case INFINITY -> -8L;
        case NEGATIVE_INFINITY -> 0;
      };
    }
    BigDecimal value = numerics.decimal(row);
    int length = value.precision();
    long lead = value.abs().movePointRight(value.scale() + LEAD_DIGITS - length).longValue();
    return packed(value.signum(), length - value.scale(), lead);
  }

  private static long packed(int sign, int exponent, long lead) {
    if (sign == 0) {
      return ZERO;
    }
    long magnitude = (exponent + EXPONENT_BIAS) << LEAD_BITS | lead;
    return sign > 0 ? ZERO + magnitude : ZERO - magnitude;
  }

  private static int digitsOf(long value) {
    int digits = 1;
    while (digits < 18 && value >= Conversions.powerOfTen(digits)) {
      digits++;
    }
    return digits == 18 && value >= Conversions.powerOfTen(18) ? 19 : digits;
  }
}
