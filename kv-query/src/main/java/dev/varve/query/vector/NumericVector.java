// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.SqlType;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of NUMERIC. A value that fits is a long and its scale (digits after the point); a larger one
 * is a {@link BigDecimal}; NaN and the infinities are marks.
 *
 * <p>Invariant: {@code scales[row] >= 0} exactly when the value is {@code unscaled[row] *
 * 10^-scales[row]}; otherwise it is {@link #LARGE} and the value stands in {@link #large}, or one of
 * the special marks.
 */
public final class NumericVector extends Vector {
  /** Mark: the value is in {@link #large}. */
  public static final short LARGE = -1;

  /** Mark: NaN. */
  public static final short NAN = -2;

  /** Mark: positive infinity. */
  public static final short INFINITY = -3;

  /** Mark: negative infinity. */
  public static final short NEGATIVE_INFINITY = -4;

  /** The digits of the values that fit a long. */
  public long[] unscaled;

  /** The digits after the point, or a mark. */
  public short[] scales;

  /** The values that do not fit a long; null until there is one. */
  public BigDecimal @Nullable [] large;

  /** A vector with room for {@code capacity} rows. */
  public NumericVector(SqlType type, int capacity) {
    super(type, capacity);
    this.unscaled = new long[capacity];
    this.scales = new short[capacity];
  }

  @Override
  void grow(int capacity) {
    unscaled = Arrays.copyOf(unscaled, capacity);
    scales = Arrays.copyOf(scales, capacity);
    if (large != null) {
      large = Arrays.copyOf(large, capacity);
    }
  }

  /** Sets a value that fits. */
  public void set(int row, long digits, int scale) {
    nulls[row] = false;
    unscaled[row] = digits;
    scales[row] = (short) scale;
  }

  /** Sets any number. Its scale must not be negative. */
  public void set(int row, BigDecimal value) {
    assert value.scale() >= 0 : value;
    nulls[row] = false;
    if (value.precision() <= 18 || value.unscaledValue().bitLength() < Long.SIZE) {
      unscaled[row] = value.unscaledValue().longValue();
      scales[row] = (short) value.scale();
    } else {
      if (large == null) {
        large = new BigDecimal[capacity()];
      }
      large[row] = value;
      scales[row] = LARGE;
    }
  }

  /** Sets a value that is no number. */
  public void set(int row, NumericSpecial value) {
    nulls[row] = false;
    scales[row] =
        switch (value) {
          case NAN -> NAN;
          case INFINITY -> INFINITY;
          case NEGATIVE_INFINITY -> NEGATIVE_INFINITY;
        };
  }

  /** Whether the value is a number, not NaN and not infinite. */
  public boolean isFinite(int row) {
    return scales[row] >= LARGE;
  }

  /** The value, which must be finite. */
  public BigDecimal decimal(int row) {
    int scale = scales[row];
    if (scale >= 0) {
      return BigDecimal.valueOf(unscaled[row], scale);
    }
    BigDecimal[] values = large;
    assert scale == LARGE && values != null : "not a number: " + scale;
    return values[row];
  }

  /** The value, which must not be finite. */
  public NumericSpecial special(int row) {
    return switch (scales[row]) {
      case INFINITY -> NumericSpecial.INFINITY;
      case NEGATIVE_INFINITY -> NumericSpecial.NEGATIVE_INFINITY;
      default -> NumericSpecial.NAN;
    };
  }

  @Override
  void copyValue(int row, Vector from, int fromRow) {
    NumericVector source = (NumericVector) from;
    int scale = source.scales[fromRow];
    if (scale == LARGE) {
      set(row, source.decimal(fromRow));
    } else {
      unscaled[row] = source.unscaled[fromRow];
      scales[row] = (short) scale;
    }
  }

  @Override
  public int compare(int row, Vector other, int otherRow) {
    NumericVector o = (NumericVector) other;
    int scale = scales[row];
    int otherScale = o.scales[otherRow];
    if (scale == otherScale && scale >= 0) {
      return Long.compare(unscaled[row], o.unscaled[otherRow]);
    }
    return compareMixed(row, o, otherRow);
  }

  private int compareMixed(int row, NumericVector other, int otherRow) {
    int rank = rank(scales[row]);
    int otherRank = rank(other.scales[otherRow]);
    if (rank != otherRank || rank != 0) {
      return Integer.compare(rank, otherRank);
    }
    return decimal(row).compareTo(other.decimal(otherRow));
  }

  private static int rank(int scale) {
    return switch (scale) {
      case NAN -> 2;
      case INFINITY -> 1;
      case NEGATIVE_INFINITY -> -1;
      default -> 0;
    };
  }

  @Override
  public long hash(int row) {
    int scale = scales[row];
    if (scale >= 0) {
      return hash(unscaled[row], scale);
    }
    if (scale != LARGE) {
      return Hashes.mix(scale);
    }
    BigDecimal value = decimal(row).stripTrailingZeros();
    return value.unscaledValue().bitLength() < Long.SIZE
        ? hash(value.unscaledValue().longValue(), value.scale())
        : Hashes.combine(Hashes.mix(value.unscaledValue().hashCode()), value.scale());
  }

  private static long hash(long digits, int digitsAfterPoint) {
    long value = digits;
    int scale = digitsAfterPoint;
    if (value == 0) {
      return Hashes.mix(0);
    }
    while (value % 10 == 0) {
      value /= 10;
      scale--;
    }
    return Hashes.combine(Hashes.mix(value), scale);
  }

  @Override
  Object datumValue(int row) {
    return isFinite(row) ? decimal(row) : special(row);
  }

  @Override
  void setDatumValue(int row, Object datum) {
    if (datum instanceof NumericSpecial special) {
      set(row, special);
    } else {
      set(row, (BigDecimal) datum);
    }
  }

  @Override
  public long sizeBytes() {
    long bytes = nulls.length * 11L;
    return large == null ? bytes : bytes + large.length * 64L;
  }
}
