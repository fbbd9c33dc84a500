// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/** Rounding, roots, logarithms, powers, divisors and random numbers. */
final class MathFunctions {
  private static final TypeKind REAL = TypeKind.DOUBLE;
  private static final TypeKind NUMERIC = TypeKind.NUMERIC;
  private static final TypeKind INT = TypeKind.INTEGER;
  private static final TypeKind BIG = TypeKind.BIGINT;
  private static final int MAX_ROUND_SCALE = 16_383;
  private static final int MIN_ROUND_SCALE = -131_073;

  private MathFunctions() {}

  static void register(Catalog catalog) {
    absolute(catalog);
    rounding(catalog);
    roots(catalog);
    logarithms(catalog);
    divisors(catalog);
    scales(catalog);
    buckets(catalog);
    random(catalog);
  }

  private static void absolute(Catalog catalog) {
    for (TypeKind kind : new TypeKind[] {TypeKind.SMALLINT, INT}) {
      catalog.row(
          "abs",
          kind,
          c -> c.set(Conversions.toInteger(Math.abs((long) c.integer(0)), kind)),
          kind);
    }
    catalog.row(
        "abs",
        BIG,
        c -> c.set(c.bigint(0) < 0 ? IntegerOperators.negate(c.bigint(0)) : c.bigint(0)),
        BIG);
    for (TypeKind kind : new TypeKind[] {TypeKind.REAL, REAL}) {
      catalog.row("abs", kind, c -> c.set(Math.abs(c.real(0))), kind);
    }
    catalog.row("sign", REAL, c -> c.set(Math.signum(c.real(0))), REAL);
    catalog.row("sign", NUMERIC, MathFunctions::sign, NUMERIC);
  }

  private static void sign(Cells c) {
    int sign = NumericMath.signum(c.numerics(0), c.row());
    if (sign == 3) {
      c.set(NumericSpecial.NAN);
    } else {
      c.setNumeric(Integer.signum(sign), 0);
    }
  }

  private static void rounding(Catalog catalog) {
    for (String name : new String[] {"ceil", "ceiling"}) {
      catalog.row(name, REAL, c -> c.set(Math.ceil(c.real(0))), REAL);
      finite(catalog, name, x -> x.setScale(0, RoundingMode.CEILING));
    }
    catalog.row("floor", REAL, c -> c.set(Math.floor(c.real(0))), REAL);
    finite(catalog, "floor", x -> x.setScale(0, RoundingMode.FLOOR));
    catalog.row("round", REAL, c -> c.set(Math.rint(c.real(0))), REAL);
    finite(catalog, "round", x -> x.setScale(0, RoundingMode.HALF_UP));
    catalog.row("round", NUMERIC, c -> toScale(c, RoundingMode.HALF_UP), NUMERIC, INT);
    catalog.row(
        "trunc",
        REAL,
        c -> c.set(c.real(0) < 0 ? Math.ceil(c.real(0)) : Math.floor(c.real(0))),
        REAL);
    finite(catalog, "trunc", x -> x.setScale(0, RoundingMode.DOWN));
    catalog.row("trunc", NUMERIC, c -> toScale(c, RoundingMode.DOWN), NUMERIC, INT);
  }

  private static void toScale(Cells c, RoundingMode mode) {
    if (!c.isFinite(0)) {
      c.copy(0);
      return;
    }
    int scale = Math.max(MIN_ROUND_SCALE, Math.min(c.integer(1), MAX_ROUND_SCALE));
    BigDecimal rounded = c.numeric(0).setScale(scale, mode);
    c.set(NumericMath.checked(scale < 0 ? rounded.setScale(0) : rounded));
  }

  /** A function of numbers; what is no number stays as it is. */
  private static void finite(Catalog catalog, String name, UnaryOperator<BigDecimal> function) {
    catalog.row(
        name,
        NUMERIC,
        c -> {
          if (c.isFinite(0)) {
            c.set(function.apply(c.numeric(0)));
          } else {
            c.copy(0);
          }
        },
        NUMERIC);
  }

  private static void roots(Catalog catalog) {
    for (String name : new String[] {"sqrt", "|/"}) {
      catalog.row(name, REAL, c -> c.set(sqrt(c.real(0))), REAL);
    }
    catalog.row("sqrt", NUMERIC, MathFunctions::numericSqrt, NUMERIC);
    for (String name : new String[] {"cbrt", "||/"}) {
      catalog.row(name, REAL, c -> c.set(Math.cbrt(c.real(0))), REAL);
    }
    for (String name : new String[] {"power", "pow", "^"}) {
      catalog.row(name, REAL, c -> c.set(power(c.real(0), c.real(1))), REAL, REAL);
      catalog.row(name, NUMERIC, MathFunctions::numericPower, NUMERIC, NUMERIC);
    }
    catalog.row("exp", REAL, c -> c.set(exp(c.real(0))), REAL);
    catalog.row("exp", NUMERIC, MathFunctions::numericExp, NUMERIC);
    catalog.rows(
        "pi",
        new TypeKind[0],
        false,
        REAL,
        dev.varve.query.expression.ScalarFunction.Volatility.IMMUTABLE,
        true,
        c -> c.set(Math.PI));
  }

  private static double sqrt(double x) {
    if (x < 0) {
      throw ErrorCode.INVALID_POWER_ARGUMENT
          .error("Cannot take the square root of a negative number.")
          .build();
    }
    return Math.sqrt(x);
  }

  private static void numericSqrt(Cells c) {
    if (c.isFinite(0)) {
      c.set(NumericMath.sqrt(c.numeric(0)));
    } else if (c.special(0) == NumericSpecial.NEGATIVE_INFINITY) {
      sqrt(-1);
    } else {
      c.copy(0);
    }
  }

  private static double exp(double x) {
    double result = Math.exp(x);
    if (Double.isInfinite(result) && !Double.isInfinite(x)) {
      throw FloatOperators.overflow();
    }
    if (result == 0 && !Double.isInfinite(x)) {
      throw FloatOperators.underflow();
    }
    return result;
  }

  private static void numericExp(Cells c) {
    if (c.isFinite(0)) {
      c.set(NumericMath.exp(c.numeric(0)));
    } else if (c.special(0) == NumericSpecial.NEGATIVE_INFINITY) {
      c.setNumeric(0, 0);
    } else {
      c.copy(0);
    }
  }

  private static double power(double x, double y) {
    if (x == 0 && y < 0) {
      throw ErrorCode.INVALID_POWER_ARGUMENT
          .error("Zero raised to a negative power is undefined.")
          .build();
    }
    boolean finite = !Double.isInfinite(x) && !Double.isInfinite(y);
    if (x < 0 && !Double.isInfinite(y) && y != Math.rint(y)) {
      throw ErrorCode.INVALID_POWER_ARGUMENT
          .error("A negative number raised to a non-integer power yields a complex result.")
          .build();
    }
    if (x == 1 || y == 0) {
      return 1;
    }
    if (x == -1 && Double.isInfinite(y)) {
      return 1;
    }
    double result = Math.pow(x, y);
    if (finite && Double.isInfinite(result)) {
      throw FloatOperators.overflow();
    }
    if (finite && result == 0 && x != 0) {
      throw FloatOperators.underflow();
    }
    return result;
  }

  private static void numericPower(Cells c) {
    if (c.isFinite(0) && c.isFinite(1)) {
      c.set(NumericMath.power(c.numeric(0), c.numeric(1)));
      return;
    }
    double x = approximate(c, 0);
    double y = approximate(c, 1);
    double result = Double.isNaN(x) && y == 0 || x == 1 ? 1 : power(x, y);
    Object value = Conversions.toNumeric(result);
    if (value instanceof NumericSpecial special) {
      c.set(special);
    } else {
      c.set((BigDecimal) value);
    }
  }

  private static double approximate(Cells c, int argument) {
    return c.isFinite(argument)
        ? c.numeric(argument).doubleValue()
        : Conversions.toDouble(c.special(argument));
  }

  private static void logarithms(Catalog catalog) {
    catalog.row("ln", REAL, c -> c.set(log(c.real(0), Math::log)), REAL);
    for (String name : new String[] {"log", "log10"}) {
      catalog.row(name, REAL, c -> c.set(log(c.real(0), Math::log10)), REAL);
      catalog.row(
          name, NUMERIC, c -> logarithm(c, x -> NumericMath.log(BigDecimal.TEN, x)), NUMERIC);
    }
    catalog.row("ln", NUMERIC, c -> logarithm(c, NumericMath::ln), NUMERIC);
    catalog.row("log", NUMERIC, MathFunctions::logToBase, NUMERIC, NUMERIC);
  }

  private static double log(double x, DoubleUnaryOperator function) {
    if (x <= 0) {
      throw logarithmOf(x == 0);
    }
    return function.applyAsDouble(x);
  }

  private static VarveException logarithmOf(boolean zero) {
    return ErrorCode.INVALID_LOGARITHM_ARGUMENT
        .error("Cannot take the logarithm of " + (zero ? "zero." : "a negative number."))
        .build();
  }

  private static void logarithm(Cells c, UnaryOperator<BigDecimal> function) {
    if (c.isFinite(0)) {
      c.set(function.apply(c.numeric(0)));
    } else if (c.special(0) == NumericSpecial.NEGATIVE_INFINITY) {
      throw logarithmOf(false);
    } else {
      c.copy(0);
    }
  }

  private static void logToBase(Cells c) {
    if (c.isFinite(0) && c.isFinite(1)) {
      c.set(NumericMath.log(c.numeric(0), c.numeric(1)));
      return;
    }
    double base = approximate(c, 0);
    double x = approximate(c, 1);
    if (base <= 0 || x <= 0) {
      throw logarithmOf(base == 0 || x == 0);
    }
    if (Double.isNaN(base) || Double.isNaN(x) || Double.isInfinite(base) && Double.isInfinite(x)) {
      c.set(NumericSpecial.NAN);
    } else if (Double.isInfinite(base)) {
      c.setNumeric(0, 0);
    } else {
      c.set(NumericSpecial.INFINITY);
    }
  }

  private static void divisors(Catalog catalog) {
    for (TypeKind kind : new TypeKind[] {TypeKind.SMALLINT, INT}) {
      catalog.row(
          "mod",
          kind,
          c -> c.set(c.integer(0) % IntegerOperators.nonZero(c.integer(1))),
          kind,
          kind);
    }
    catalog.row(
        "mod", BIG, c -> c.set(c.bigint(0) % IntegerOperators.nonZero(c.bigint(1))), BIG, BIG);
    catalog.row(
        "gcd",
        INT,
        c -> c.set(Conversions.toInteger(gcd(c.integer(0), c.integer(1)), INT)),
        INT,
        INT);
    catalog.row("gcd", BIG, c -> c.set(gcd(c.bigint(0), c.bigint(1))), BIG, BIG);
    catalog.row(
        "lcm",
        INT,
        c -> c.set(Conversions.toInteger(lcm(c.integer(0), c.integer(1)), INT)),
        INT,
        INT);
    catalog.row("lcm", BIG, c -> c.set(lcm(c.bigint(0), c.bigint(1))), BIG, BIG);
    pair(catalog, "gcd", MathFunctions::gcd);
    pair(catalog, "lcm", MathFunctions::lcm);
    pair(
        catalog,
        "div",
        (x, y) -> x.divideToIntegralValue(NumericMath.nonZero(y)).setScale(0, RoundingMode.DOWN));
    for (String name : new String[] {"factorial", "!!"}) {
      catalog.row(name, NUMERIC, c -> c.set(factorial(c.bigint(0))), BIG);
    }
  }

  /** A function of two numbers; NaN when one is none. */
  private static void pair(Catalog catalog, String name, BinaryOperator<BigDecimal> function) {
    catalog.row(
        name,
        NUMERIC,
        c -> {
          if (c.isFinite(0) && c.isFinite(1)) {
            c.set(NumericMath.checked(function.apply(c.numeric(0), c.numeric(1))));
          } else {
            special(c, name);
          }
        },
        NUMERIC,
        NUMERIC);
  }

  private static void special(Cells c, String name) {
    int x = NumericMath.signum(c.numerics(0), c.row());
    int y = NumericMath.signum(c.numerics(1), c.row());
    if (!name.equals("div") || x == 3 || y == 3) {
      c.set(NumericSpecial.NAN);
    } else if (y == 0) {
      throw IntegerOperators.divisionByZero();
    } else if (Math.abs(y) == 2) {
      if (Math.abs(x) == 2) {
        c.set(NumericSpecial.NAN);
      } else {
        c.setNumeric(0, 0);
      }
    } else {
      c.set(NumericMath.multiplySpecial(x, y));
    }
  }

  private static long gcd(long x, long y) {
    long a = x;
    long b = y;
    while (b != 0) {
      long rest = b == -1 ? 0 : a % b;
      a = b;
      b = rest;
    }
    return a < 0 ? IntegerOperators.negate(a) : a;
  }

  private static long lcm(long x, long y) {
    if (x == 0 || y == 0) {
      return 0;
    }
    long factor = x / gcd(x, y);
    long result = factor * y;
    if (Math.multiplyHigh(factor, y) != result >> 63) {
      throw Conversions.outOfRange(BIG);
    }
    return result < 0 ? IntegerOperators.negate(result) : result;
  }

  private static BigDecimal gcd(BigDecimal x, BigDecimal y) {
    int scale = Math.max(x.scale(), y.scale());
    BigInteger a = x.setScale(scale).unscaledValue();
    return new BigDecimal(a.gcd(y.setScale(scale).unscaledValue()), scale);
  }

  private static BigDecimal lcm(BigDecimal x, BigDecimal y) {
    int scale = Math.max(x.scale(), y.scale());
    if (x.signum() == 0 || y.signum() == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    BigInteger a = x.setScale(scale).unscaledValue();
    BigInteger b = y.setScale(scale).unscaledValue();
    return new BigDecimal(a.divide(a.gcd(b)).multiply(b).abs(), scale);
  }

  private static BigDecimal factorial(long n) {
    if (n < 0) {
      throw ErrorCode.NUMERIC_OUT_OF_RANGE
          .error("The factorial of a negative number is undefined.")
          .build();
    }
    if (n > 32_177) {
      throw NumericMath.overflow();
    }
    BigInteger result = BigInteger.ONE;
    for (long i = 2; i <= n; i++) {
      result = result.multiply(BigInteger.valueOf(i));
    }
    return new BigDecimal(result);
  }

  private static void scales(Catalog catalog) {
    catalog.row("scale", INT, c -> scale(c, c.isFinite(0) ? c.numeric(0).scale() : -1), NUMERIC);
    catalog.row(
        "min_scale",
        INT,
        c -> scale(c, c.isFinite(0) ? trimmed(c.numeric(0)).scale() : -1),
        NUMERIC);
    finite(catalog, "trim_scale", MathFunctions::trimmed);
    finite(catalog, "numeric_inc", x -> x.add(BigDecimal.ONE));
  }

  private static void scale(Cells c, int scale) {
    if (scale < 0) {
      c.setNull();
    } else {
      c.set(scale);
    }
  }

  private static BigDecimal trimmed(BigDecimal x) {
    BigDecimal stripped = x.signum() == 0 ? BigDecimal.ZERO : x.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static void buckets(Catalog catalog) {
    catalog.row(
        "width_bucket",
        INT,
        c -> c.set(bucket(c.real(0), c.real(1), c.real(2), c.integer(3))),
        REAL,
        REAL,
        REAL,
        INT);
    catalog.row("width_bucket", INT, MathFunctions::numericBucket, NUMERIC, NUMERIC, NUMERIC, INT);
  }

  private static VarveException badBucket(String sentence) {
    return ErrorCode.INVALID_WIDTH_BUCKET_ARGUMENT.error(sentence).build();
  }

  private static int bucket(double x, double low, double high, int count) {
    if (count <= 0) {
      throw badBucket("The count must be greater than zero.");
    }
    if (Double.isNaN(x) || Double.isNaN(low) || Double.isNaN(high)) {
      throw badBucket("Operand, lower bound, and upper bound cannot be NaN.");
    }
    if (Double.isInfinite(low) || Double.isInfinite(high)) {
      throw badBucket("Lower and upper bounds must be finite.");
    }
    if (low == high) {
      throw badBucket("The lower bound cannot equal the upper bound.");
    }
    boolean rising = low < high;
    if (rising ? x < low : x > low) {
      return 0;
    }
    if (rising ? x >= high : x <= high) {
      return Conversions.toInteger(count + 1L, INT);
    }
    double width = high - low;
    double position =
        Double.isInfinite(width) ? (x / 2 - low / 2) / (high / 2 - low / 2) : (x - low) / width;
    return (int) (count * position) + 1;
  }

  private static void numericBucket(Cells c) {
    int count = c.integer(3);
    if (count <= 0) {
      throw badBucket("The count must be greater than zero.");
    }
    if (!c.isFinite(0) || !c.isFinite(1) || !c.isFinite(2)) {
      if (c.isFinite(1) && c.isFinite(2) && c.special(0) != NumericSpecial.NAN) {
        c.set(
            bucket(
                Conversions.toDouble(c.special(0)), approximate(c, 1), approximate(c, 2), count));
        return;
      }
      bucket(approximate(c, 0), approximate(c, 1), approximate(c, 2), count);
    }
    BigDecimal x = c.numeric(0);
    BigDecimal low = c.numeric(1);
    BigDecimal high = c.numeric(2);
    int order = low.compareTo(high);
    if (order == 0) {
      throw badBucket("The lower bound cannot equal the upper bound.");
    }
    if (x.compareTo(low) * order > 0) {
      c.set(0);
    } else if (x.compareTo(high) * order <= 0) {
      c.set(Conversions.toInteger(count + 1L, INT));
    } else {
      c.set(
          NumericMath.divide(
                      x.subtract(low).multiply(BigDecimal.valueOf(count)), high.subtract(low))
                  .intValue()
              + 1);
    }
  }

  private static void random(Catalog catalog) {
    catalog.unstable("random", REAL, c -> c.set(c.context().random().nextDouble()));
    catalog.unstable(
        "setseed",
        TypeKind.TEXT,
        c -> {
          if (!(Math.abs(c.real(0)) <= 1)) {
            throw ErrorCode.INVALID_ARGUMENT.error("The seed must be between -1 and 1.").build();
          }
          c.context().seed(Double.doubleToLongBits(c.real(0)));
          c.set("");
        },
        REAL);
  }
}
