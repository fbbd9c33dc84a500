// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import dev.varve.VarveException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Conversions of single values between types, and to the modifiers of a type. */
public final class Conversions {
  private static final long[] POWERS_OF_TEN = new long[19];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
    }
  }

  private Conversions() {}

  /** 10 to the power of {@code exponent}, 0 to 18. */
  public static long powerOfTen(int exponent) {
    return POWERS_OF_TEN[exponent];
  }

  /** The error that a value does not fit a type of number. */
  public static VarveException outOfRange(TypeKind kind) {
    return ErrorCode.NUMERIC_OUT_OF_RANGE
        .error("Value out of range for type " + kind.sqlName() + ".")
        .fact("type", kind.sqlName())
        .build();
  }

  /** A whole number as one of an integer type. */
  public static int toInteger(long value, TypeKind kind) {
    if (kind == TypeKind.SMALLINT ? value != (short) value : value != (int) value) {
      throw outOfRange(kind);
    }
    return (int) value;
  }

  /** A floating-point number rounded to a whole one, halves to even. */
  public static long toLong(double value, TypeKind kind) {
    double rounded = Math.rint(value);
    double bound = kind == TypeKind.BIGINT ? 0x1p63 : kind == TypeKind.INTEGER ? 0x1p31 : 0x1p15;
    if (!(rounded >= -bound && rounded < bound)) {
      throw outOfRange(kind);
    }
    return (long) rounded;
  }

  /** A NUMERIC rounded to a whole number, halves away from zero. */
  public static long toLong(BigDecimal value, TypeKind kind) {
    BigDecimal rounded = value.setScale(0, RoundingMode.HALF_UP);
    if (rounded.precision() > 19) {
      throw outOfRange(kind);
    }
    long result;
    try {
      result = rounded.longValueExact();
    } catch (ArithmeticException e) {
      throw outOfRange(kind);
    }
    return kind == TypeKind.BIGINT ? result : toInteger(result, kind);
  }

  /** {@code digits * 10^-scale} rounded to a whole number, halves away from zero. */
  public static long roundToLong(long digits, int scale) {
    if (scale == 0) {
      return digits;
    }
    if (scale > 18) {
      return 0;
    }
    long power = POWERS_OF_TEN[scale];
    long quotient = digits / power;
    long rest = Math.abs(digits % power);
    return rest >= power - rest ? quotient + Long.signum(digits) : quotient;
  }

  /** A DOUBLE PRECISION as NUMERIC: its 15 leading digits. */
  public static Object toNumeric(double value) {
    return toNumeric(value, 15);
  }

  /** A REAL as NUMERIC: its 6 leading digits. */
  public static Object toNumeric(float value) {
    return toNumeric(value, 6);
  }

  private static Object toNumeric(double value, int digits) {
    if (Double.isNaN(value)) {
      return NumericSpecial.NAN;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? NumericSpecial.INFINITY : NumericSpecial.NEGATIVE_INFINITY;
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    BigDecimal stripped = rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** A NUMERIC that is no number as DOUBLE PRECISION. */
  public static double toDouble(NumericSpecial special) {
    return switch (special) {
      case NAN -> Double.NaN;
      case INFINITY -> Double.POSITIVE_INFINITY;
      case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
    };
  }

  /** A NUMERIC as DOUBLE PRECISION. */
  public static double toDouble(BigDecimal value) {
    double result = value.doubleValue();
    if (Double.isInfinite(result) || result == 0 && value.signum() != 0) {
      throw outOfRange(TypeKind.DOUBLE);
    }
    return result;
  }

  /** A number as REAL, kept in a double. */
  public static double toReal(double value) {
    float result = (float) value;
    if (Float.isInfinite(result) && !Double.isInfinite(value) || result == 0 && value != 0) {
      throw outOfRange(TypeKind.REAL);
    }
    return result;
  }

  /** The value with the scale of NUMERIC(precision, scale), refused when it has too many digits. */
  public static BigDecimal fit(BigDecimal value, SqlType type) {
    BigDecimal rounded = value;
    if (type.scale() >= 0) {
      rounded = value.setScale(type.scale(), RoundingMode.HALF_UP);
    } else {
      rounded = value.setScale(type.scale(), RoundingMode.HALF_UP).setScale(0);
    }
    int digits = rounded.precision() - rounded.scale();
    if (rounded.signum() != 0 && digits > type.size() - type.scale()) {
      throw fieldOverflow(type);
    }
    return rounded;
  }

  /** A value that is no number in a column of NUMERIC(precision, scale): only NaN fits. */
  public static NumericSpecial fit(NumericSpecial value, SqlType type) {
    if (value != NumericSpecial.NAN) {
      throw ErrorCode.NUMERIC_OUT_OF_RANGE
          .error("Numeric field overflow: a field of type " + type + " cannot hold an infinity.")
          .build();
    }
    return value;
  }

  /** The error that a NUMERIC has too many digits for a type. */
  public static VarveException fieldOverflow(SqlType type) {
    return ErrorCode.NUMERIC_OUT_OF_RANGE
        .error(
            "Numeric field overflow: a field with precision "
                + type.size()
                + ", scale "
                + type.scale()
                + " must round to an absolute value less than 10^"
                + (type.size() - type.scale())
                + ".")
        .build();
  }

  /** The text with the length of VARCHAR(n) or CHAR(n), cut when {@code explicit}, else refused. */
  public static String fit(String text, SqlType type, boolean explicit) {
    String value = type.kind() == TypeKind.CHAR ? TextInput.stripBlanks(text) : text;
    if (type.size() < 0 || value.length() <= type.size()) {
      return value;
    }
    if (value.codePointCount(0, value.length()) <= type.size()) {
      return value;
    }
    int end = value.offsetByCodePoints(0, type.size());
    if (!explicit && !value.substring(end).isBlank()) {
      throw ErrorCode.STRING_TRUNCATION
          .error("The value is too long for type " + type + ".")
          .fact("characters", value.codePointCount(0, value.length()))
          .build();
    }
    String cut = value.substring(0, end);
    return type.kind() == TypeKind.CHAR ? TextInput.stripBlanks(cut) : cut;
  }

  /** Microseconds rounded to {@code digits} digits of the second. */
  public static long round(long micros, int digits) {
    if (digits < 0 || digits >= 6 || Calendar.isInfinite(micros)) {
      return micros;
    }
    long unit = POWERS_OF_TEN[6 - digits];
    return micros >= 0 ? (micros + unit / 2) / unit * unit : -((-micros + unit / 2) / unit * unit);
  }

  /** The interval with the fields and digits of a type. */
  public static Interval fit(Interval value, SqlType type) {
    Interval cut = IntervalInput.truncated(value, type.intervalFields());
    return new Interval(cut.months(), cut.days(), round(cut.micros(), type.size()));
  }

  /** Midnight of a day as a timestamp. */
  public static long toTimestamp(int days) {
    if (Calendar.isInfinite(days)) {
      return days > 0 ? Calendar.INFINITY : Calendar.NEGATIVE_INFINITY;
    }
    if (days > 106_751_990) {
      throw ErrorCode.DATETIME_OVERFLOW.error("Date out of range for timestamp.").build();
    }
    return days * Calendar.DAY_MICROS;
  }

  /** The day of a timestamp. */
  public static int toDate(long micros) {
    if (Calendar.isInfinite(micros)) {
      return micros > 0 ? Calendar.DATE_INFINITY : Calendar.DATE_NEGATIVE_INFINITY;
    }
    return (int) Calendar.dayOf(micros);
  }

  /** The time of day of a span of time. */
  public static long toTime(long intervalMicros) {
    return Math.floorMod(intervalMicros, Calendar.DAY_MICROS);
  }
}
