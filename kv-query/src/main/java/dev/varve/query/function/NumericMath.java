// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.vector.NumericVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * NUMERIC beyond longs: division, roots, logarithms and powers, with the number of digits after the
 * point that PostgreSQL gives their results. It counts digits in groups of four, from the point.
 */
final class NumericMath {
  private static final int GROUP = 4;
  private static final int MIN_SIGNIFICANT = 16;
  private static final int MAX_SCALE = 1000;
  private static final int MAX_DIGITS = 131_072;
  private static final double LOG10_E = 0.434294481903252;
  private static final BigDecimal LN10 =
      new BigDecimal(
          "2.30258509299404568401799145468436420760110148862877297603332790096757260967735248023599");

  private NumericMath() {}

  static VarveException overflow() {
    return ErrorCode.NUMERIC_OUT_OF_RANGE.error("The value overflows the numeric format.").build();
  }

  /** The value, if NUMERIC can hold it. */
  static BigDecimal checked(BigDecimal value) {
    if (value.precision() - value.scale() > MAX_DIGITS) {
      throw overflow();
    }
    return value.scale() > 16_383 ? value.setScale(16_383, RoundingMode.HALF_UP) : value;
  }

  static BigDecimal nonZero(BigDecimal divisor) {
    if (divisor.signum() == 0) {
      throw IntegerOperators.divisionByZero();
    }
    return divisor;
  }

  static NumericSpecial negated(NumericSpecial value) {
    return switch (value) {
      case NAN -> NumericSpecial.NAN;
      case INFINITY -> NumericSpecial.NEGATIVE_INFINITY;
      case NEGATIVE_INFINITY -> NumericSpecial.INFINITY;
    };
  }

  /** The sum where at least one is no number; null stands for a number. */
  static NumericSpecial addSpecial(@Nullable NumericSpecial x, @Nullable NumericSpecial y) {
    if (x == null || y == null) {
      return x == null ? java.util.Objects.requireNonNull(y) : x;
    }
    return x == y ? x : NumericSpecial.NAN;
  }

  /** -1, 0 or 1; plus or minus 2 for the infinities; 3 for NaN. */
  static int signum(NumericVector vector, int row) {
    if (vector.isFinite(row)) {
      return vector.scales[row] >= 0
          ? Long.signum(vector.unscaled[row])
          : vector.decimal(row).signum();
    }
    return switch (vector.special(row)) {
      case NAN -> 3;
      case INFINITY -> 2;
      case NEGATIVE_INFINITY -> -2;
    };
  }

  static NumericSpecial multiplySpecial(int x, int y) {
    if (x == 3 || y == 3 || x == 0 || y == 0) {
      return NumericSpecial.NAN;
    }
    return x > 0 == y > 0 ? NumericSpecial.INFINITY : NumericSpecial.NEGATIVE_INFINITY;
  }

  static void divide(NumericVector l, NumericVector r, int row, NumericVector out) {
    if (l.isFinite(row) && r.isFinite(row)) {
      if (l.scales[row] >= 0 && r.scales[row] >= 0 && divideLongs(l, r, row, out)) {
        return;
      }
      out.set(row, checked(divide(l.decimal(row), nonZero(r.decimal(row)))));
      return;
    }
    int x = signum(l, row);
    int y = signum(r, row);
    if (x == 3 || y == 3) {
      out.set(row, NumericSpecial.NAN);
    } else if (y == 0) {
      throw IntegerOperators.divisionByZero();
    } else if (Math.abs(y) == 2) {
      if (Math.abs(x) == 2) {
        out.set(row, NumericSpecial.NAN);
      } else {
        out.set(row, 0, 0);
      }
    } else {
      out.set(row, multiplySpecial(x, y));
    }
  }

  /** Divides when dividend and quotient fit a long; false when they do not. */
  private static boolean divideLongs(NumericVector l, NumericVector r, int row, NumericVector out) {
    long x = l.unscaled[row];
    long y = IntegerOperators.nonZero(r.unscaled[row]);
    int xScale = l.scales[row];
    int yScale = r.scales[row];
    if (x == 0 || x == Long.MIN_VALUE || y == Long.MIN_VALUE) {
      return false;
    }
    int scale =
        divisionScale(
            exponent(x, xScale),
            lead(x, xScale),
            xScale,
            exponent(y, yScale),
            lead(y, yScale),
            yScale);
    int shift = scale + yScale - xScale;
    if (shift < 0 || shift > 18) {
      return false;
    }
    long factor = Conversions.powerOfTen(shift);
    long dividend = x * factor;
    if (Math.multiplyHigh(x, factor) != dividend >> 63 || dividend == Long.MIN_VALUE) {
      return false;
    }
    long quotient = dividend / y;
    long rest = Math.abs(dividend % y);
    if (rest >= Math.abs(y) - rest) {
      quotient += x < 0 == y < 0 ? 1 : -1;
    }
    out.set(row, quotient, scale);
    return true;
  }

  private static int digits(long value) {
    long magnitude = Math.abs(value);
    int digits = 1;
    while (digits < 19 && magnitude >= Conversions.powerOfTen(Math.min(digits, 18))) {
      if (digits == 18) {
        return 19;
      }
      digits++;
    }
    return digits;
  }

  private static int exponent(long value, int scale) {
    return digits(value) - scale - 1;
  }

  /** The first group of four digits, counted from the point, as a number of 1 to 9999. */
  private static int lead(long value, int scale) {
    int digits = digits(value);
    int wanted = Math.floorMod(digits - scale - 1, GROUP) + 1;
    long magnitude = Math.abs(value);
    return (int)
        (digits >= wanted
            ? magnitude / Conversions.powerOfTen(digits - wanted)
            : magnitude * Conversions.powerOfTen(wanted - digits));
  }

  private static int lead(BigDecimal value) {
    if (value.signum() == 0) {
      return 0;
    }
    int wanted = Math.floorMod(exponent(value), GROUP) + 1;
    BigDecimal magnitude = value.abs();
    int shift = magnitude.precision() - wanted;
    return magnitude
        .unscaledValue()
        .divide(shift > 0 ? BigInteger.TEN.pow(shift) : BigInteger.ONE)
        .multiply(shift < 0 ? BigInteger.TEN.pow(-shift) : BigInteger.ONE)
        .intValue();
  }

  /** The power of ten of the first digit; 0 for zero. */
  private static int exponent(BigDecimal value) {
    return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
  }

  private static int weight(BigDecimal value) {
    return Math.floorDiv(exponent(value), GROUP);
  }

  private static int divisionScale(
      int xExponent, int xLead, int xScale, int yExponent, int yLead, int yScale) {
    int weight = Math.floorDiv(xExponent, GROUP) - Math.floorDiv(yExponent, GROUP);
    if (xLead <= yLead) {
      weight--;
    }
    return bounded(MIN_SIGNIFICANT - weight * GROUP, xScale, yScale);
  }

  private static int bounded(int scale, int xScale, int yScale) {
    return Math.min(Math.max(Math.max(scale, 0), Math.max(xScale, yScale)), MAX_SCALE);
  }

  /** The quotient of two numbers; the divisor is not zero. */
  static BigDecimal divide(BigDecimal x, BigDecimal y) {
    int scale = divisionScale(exponent(x), lead(x), x.scale(), exponent(y), lead(y), y.scale());
    return x.divide(y, scale, RoundingMode.HALF_UP);
  }

  static void remainderSpecial(NumericVector l, NumericVector r, int row, NumericVector out) {
    int x = signum(l, row);
    int y = signum(r, row);
    if (x == 3 || y == 3) {
      out.set(row, NumericSpecial.NAN);
    } else if (y == 0) {
      throw IntegerOperators.divisionByZero();
    } else if (Math.abs(x) == 2) {
      out.set(row, NumericSpecial.NAN);
    } else {
      out.copy(row, l, row);
    }
  }

  /** The square root. */
  static BigDecimal sqrt(BigDecimal x) {
    if (x.signum() < 0) {
      throw ErrorCode.INVALID_POWER_ARGUMENT
          .error("Cannot take the square root of a negative number.")
          .build();
    }
    int half = (weight(x) + 1) * GROUP / 2 - 1;
    int scale = bounded(MIN_SIGNIFICANT - half, x.scale(), 0);
    if (x.signum() == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    int digits = Math.max(exponent(x) / 2 + scale + 4, 4);
    return x.sqrt(new MathContext(digits, RoundingMode.DOWN)).setScale(scale, RoundingMode.HALF_UP);
  }

  /** e to the power of {@code x}. */
  static BigDecimal exp(BigDecimal x) {
    double weight = x.doubleValue() * LOG10_E;
    weight = Math.max(Math.min(weight, 2000), -2000);
    int scale = bounded(MIN_SIGNIFICANT - (int) weight, x.scale(), 0);
    return exp(x, scale);
  }

  private static BigDecimal exp(BigDecimal x, int scale) {
    double value = x.doubleValue();
    if (value >= MAX_DIGITS / LOG10_E) {
      throw overflow();
    }
    if (value <= -(MAX_SCALE + 10) / LOG10_E) {
      return BigDecimal.ZERO.setScale(scale);
    }
    int digits = Math.max(scale + (int) (value * LOG10_E) + 12, 12);
    MathContext context = new MathContext(digits + 12, RoundingMode.HALF_EVEN);
    int halvings = 0;
    BigDecimal reduced = x;
    BigDecimal bound = new BigDecimal("0.01");
    while (reduced.abs().compareTo(bound) > 0) {
      reduced = reduced.divide(BigDecimal.valueOf(2), context);
      halvings++;
    }
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    BigDecimal least = BigDecimal.ONE.movePointLeft(context.getPrecision() + halvings);
    for (int i = 1; term.abs().compareTo(least) > 0; i++) {
      term = term.multiply(reduced, context).divide(BigDecimal.valueOf(i), context);
      sum = sum.add(term, context);
      if (term.signum() == 0) {
        break;
      }
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, context);
    }
    return sum.setScale(scale, RoundingMode.HALF_UP);
  }

  private static BigDecimal positive(BigDecimal x) {
    if (x.signum() <= 0) {
      throw ErrorCode.INVALID_LOGARITHM_ARGUMENT
          .error(
              x.signum() == 0
                  ? "Cannot take the logarithm of zero."
                  : "Cannot take the logarithm of a negative number.")
          .build();
    }
    return x;
  }

  /** The natural logarithm. */
  static BigDecimal ln(BigDecimal x) {
    int scale = bounded(MIN_SIGNIFICANT - lnExponent(positive(x)), x.scale(), 0);
    return ln(x, scale + 4).setScale(scale, RoundingMode.HALF_UP);
  }

  /** The logarithm of {@code x} to {@code base}. */
  static BigDecimal log(BigDecimal base, BigDecimal x) {
    int exponent = lnExponent(positive(x)) - lnExponent(positive(base));
    int scale = bounded(MIN_SIGNIFICANT - exponent, base.scale(), x.scale());
    int inner = scale + 12 + Math.abs(exponent) + Math.abs(lnExponent(base));
    BigDecimal divisor = nonZero(ln(base, inner));
    return ln(x, inner).divide(divisor, scale, RoundingMode.HALF_UP);
  }

  /** About the power of ten of the first digit of the natural logarithm. */
  private static int lnExponent(BigDecimal x) {
    if (x.signum() <= 0) {
      return 0;
    }
    if (x.compareTo(new BigDecimal("0.9")) >= 0 && x.compareTo(new BigDecimal("1.1")) <= 0) {
      BigDecimal rest = x.subtract(BigDecimal.ONE);
      return rest.signum() == 0 ? 0 : weight(rest) * GROUP + (int) Math.log10(lead(rest.abs()));
    }
    double ln = Math.log(leading(x)) + (exponent(x)) * 2.302585092994046;
    return (int) Math.log10(Math.abs(ln));
  }

  /** The value as a number from 1 to 10. */
  private static double leading(BigDecimal x) {
    return x.movePointLeft(exponent(x)).round(new MathContext(17)).doubleValue();
  }

  /** The natural logarithm with at least {@code scale} right digits after the point. */
  private static BigDecimal ln(BigDecimal x, int scale) {
    MathContext context = new MathContext(scale + 20 + Math.abs(exponent(x)) / 100);
    int exponent = exponent(x);
    BigDecimal mantissa = x.movePointLeft(exponent);
    int roots = 0;
    BigDecimal low = new BigDecimal("0.95");
    BigDecimal high = new BigDecimal("1.05");
    BigDecimal reduced = Math.abs(exponent) <= 1 ? x : mantissa;
    int shifted = Math.abs(exponent) <= 1 ? 0 : exponent;
    while (reduced.compareTo(low) < 0 || reduced.compareTo(high) > 0) {
      reduced = reduced.sqrt(context);
      roots++;
    }
    BigDecimal ratio =
        reduced.subtract(BigDecimal.ONE).divide(reduced.add(BigDecimal.ONE), context);
    BigDecimal square = ratio.multiply(ratio, context);
    BigDecimal term = ratio;
    BigDecimal sum = ratio;
    BigDecimal least = BigDecimal.ONE.movePointLeft(context.getPrecision() + 2);
    for (int i = 3; term.abs().compareTo(least) > 0; i += 2) {
      term = term.multiply(square, context);
      sum = sum.add(term.divide(BigDecimal.valueOf(i), context), context);
    }
    BigDecimal result = sum.multiply(BigDecimal.valueOf(2).pow(roots + 1), context);
    return shifted == 0
        ? result
        : result.add(ln10(scale + 8).multiply(BigDecimal.valueOf(shifted)), context);
  }

  private static BigDecimal ln10(int scale) {
    return scale < LN10.scale() - 8 ? LN10 : ln(BigDecimal.TEN, scale + 8);
  }

  /** {@code x} to the power of {@code y}. */
  static BigDecimal power(BigDecimal x, BigDecimal y) {
    boolean isWhole = y.signum() == 0 || y.stripTrailingZeros().scale() <= 0;
    if (x.signum() == 0 && y.signum() < 0) {
      throw ErrorCode.INVALID_POWER_ARGUMENT
          .error("Zero raised to a negative power is undefined.")
          .build();
    }
    if (x.signum() < 0 && !isWhole) {
      throw ErrorCode.INVALID_POWER_ARGUMENT
          .error("A negative number raised to a non-integer power yields a complex result.")
          .build();
    }
    if (isWhole && y.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
      return wholePower(x, y.intValue());
    }
    if (x.signum() == 0) {
      return BigDecimal.ZERO.setScale(MIN_SIGNIFICANT);
    }
    boolean negative = x.signum() < 0 && y.toBigInteger().testBit(0);
    BigDecimal base = x.abs();
    BigDecimal rough = ln(base, Math.max(8 - lnExponent(base), 0)).multiply(y);
    double weight = rough.doubleValue() * LOG10_E;
    if (weight > MAX_DIGITS) {
      throw overflow();
    }
    int scale = bounded(MIN_SIGNIFICANT - (int) Math.max(weight, -2000), x.scale(), y.scale());
    int inner = Math.max(scale + (int) weight + 12 + exponent(y), 12);
    BigDecimal result = exp(ln(base, inner + 8).multiply(y), scale);
    return negative ? result.negate() : result;
  }

  private static BigDecimal wholePower(BigDecimal x, int exponent) {
    double weight = x.signum() == 0 ? 0 : exponent * (Math.log10(leading(x.abs())) + exponent(x));
    if (weight > MAX_DIGITS + 4) {
      throw overflow();
    }
    int scale = bounded(MIN_SIGNIFICANT, x.scale(), 0);
    if (weight + 1 < -scale || x.signum() == 0 && exponent != 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    int digits = Math.max((int) weight + scale, 0) + 30;
    MathContext context = new MathContext(digits, RoundingMode.HALF_EVEN);
    BigDecimal result = power(x, Math.abs((long) exponent), context);
    if (exponent < 0) {
      result = BigDecimal.ONE.divide(result, context);
    }
    return checked(result.setScale(scale, RoundingMode.HALF_UP));
  }

  private static BigDecimal power(BigDecimal x, long exponent, MathContext context) {
    BigDecimal result = BigDecimal.ONE;
    BigDecimal square = x;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) != 0) {
        result = result.multiply(square, context);
      }
      if (rest > 1) {
        square = square.multiply(square, context);
      }
    }
    return result;
  }
}
