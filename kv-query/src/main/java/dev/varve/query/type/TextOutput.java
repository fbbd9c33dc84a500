// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import dev.varve.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.ZoneId;

/** Values as PostgreSQL prints them. */
public final class TextOutput {
  private static final boolean SHORTEST_BUILT_IN = Runtime.version().feature() >= 19;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private TextOutput() {}

  /** The text of a value as {@link dev.varve.query.vector.Vector#datum} returns it. */
  public static String text(Object datum, SqlType type, ZoneId zone) {
    StringBuilder text = new StringBuilder();
    append(text, datum, type, zone);
    return text.toString();
  }

  /** Appends the text of a value. */
  public static void append(StringBuilder text, Object datum, SqlType type, ZoneId zone) {
    switch (type.kind()) {
      case BOOLEAN -> text.append((Boolean) datum ? "true" : "false");
      case REAL -> real(text, ((Double) datum).floatValue());
      case DOUBLE -> real(text, (Double) datum);
      case NUMERIC ->
          text.append(datum instanceof BigDecimal d ? d.toPlainString() : datum.toString());
      case CHAR -> padded(text, (String) datum, type.size());
      case BYTEA -> bytes(text, (ByteBuffer) datum);
      case DATE -> date(text, (Integer) datum);
      case TIME -> time(text, (Long) datum);
      case TIMESTAMP -> timestamp(text, (Long) datum);
      case TIMESTAMPTZ -> timestamp(text, (Long) datum, zone);
      case INTERVAL -> {
        Interval interval = (Interval) datum;
        interval(text, interval.months(), interval.days(), interval.micros());
      }
      default -> text.append(datum);
    }
  }

  private static void padded(StringBuilder text, String value, int length) {
    text.append(value);
    int characters = value.codePointCount(0, value.length());
    for (int i = characters; i < length; i++) {
      text.append(' ');
    }
  }

  private static void bytes(StringBuilder text, ByteBuffer bytes) {
    text.append("\\x");
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      byte b = bytes.get(i);
      text.append(HEX[b >> 4 & 0xf]).append(HEX[b & 0xf]);
    }
  }

  /** Appends a DOUBLE PRECISION: the shortest digits that read back as the same value. */
  public static void real(StringBuilder text, double value) {
    if (isSpecial(text, value)) {
      return;
    }
    if (value == 0) {
      text.append(1 / value < 0 ? "-0" : "0");
      return;
    }
    double absolute = Math.abs(value);
    if (absolute >= 1e-4 && absolute < 1e9) {
      long millionths = Math.round(value * 1e6);
      if (millionths / 1e6 == value) {
        fixed(text, millionths);
        return;
      }
    }
    digits(text, shortest(value), 15);
  }

  /** Appends a REAL: the shortest digits that read back as the same value. */
  public static void real(StringBuilder text, float value) {
    if (isSpecial(text, value)) {
      return;
    }
    if (value == 0) {
      text.append(1 / value < 0 ? "-0" : "0");
      return;
    }
    digits(text, shortest(value), 6);
  }

  private static boolean isSpecial(StringBuilder text, double value) {
    if (Double.isNaN(value)) {
      text.append("NaN");
      return true;
    }
    if (Double.isInfinite(value)) {
      text.append(value > 0 ? "Infinity" : "-Infinity");
      return true;
    }
    return false;
  }

  /** Appends millionths, without trailing zeros. */
  private static void fixed(StringBuilder text, long millionths) {
    if (millionths < 0) {
      text.append('-');
    }
    long absolute = Math.abs(millionths);
    text.append(absolute / 1_000_000);
    fraction(text, (int) (absolute % 1_000_000));
  }

  private static BigDecimal shortest(double value) {
    if (SHORTEST_BUILT_IN) {
      return new BigDecimal(Double.toString(value));
    }
    BigDecimal exact = new BigDecimal(value);
    int digits = Math.abs(value) < Double.MIN_NORMAL ? 1 : 15;
    while (true) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value || digits == 17) {
        return rounded;
      }
      digits++;
    }
  }

  private static BigDecimal shortest(float value) {
    if (SHORTEST_BUILT_IN) {
      return new BigDecimal(Float.toString(value));
    }
    BigDecimal exact = new BigDecimal(value);
    int digits = Math.abs(value) < Float.MIN_NORMAL ? 1 : 6;
    while (true) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.floatValue() == value || digits == 9) {
        return rounded;
      }
      digits++;
    }
  }

  private static void digits(StringBuilder text, BigDecimal value, int fixedBelow) {
    BigDecimal stripped = value.stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale() - 1;
    if (exponent >= -4 && exponent < fixedBelow) {
      text.append(stripped.toPlainString());
      return;
    }
    String digits = stripped.unscaledValue().abs().toString();
    if (stripped.signum() < 0) {
      text.append('-');
    }
    text.append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    twoDigits(text, Math.abs(exponent));
  }

  /** Appends a DATE. */
  public static void date(StringBuilder text, int days) {
    if (Calendar.isInfinite(days)) {
      text.append(days > 0 ? "infinity" : "-infinity");
      return;
    }
    long date = Calendar.date(days);
    yearMonthDay(text, date);
    if (Calendar.year(date) <= 0) {
      text.append(" BC");
    }
  }

  private static void yearMonthDay(StringBuilder text, long date) {
    int year = Calendar.year(date);
    padded(text, year > 0 ? year : 1 - year, 4);
    text.append('-');
    twoDigits(text, Calendar.month(date));
    text.append('-');
    twoDigits(text, Calendar.day(date));
  }

  /** Appends a TIME. */
  public static void time(StringBuilder text, long micros) {
    twoDigits(text, (int) (micros / Calendar.HOUR_MICROS));
    text.append(':');
    twoDigits(text, (int) (micros / Calendar.MINUTE_MICROS % 60));
    text.append(':');
    twoDigits(text, (int) (micros / Calendar.SECOND_MICROS % 60));
    fraction(text, (int) (micros % Calendar.SECOND_MICROS));
  }

  /** Appends a TIMESTAMP. */
  public static void timestamp(StringBuilder text, long micros) {
    if (isInfinite(text, micros)) {
      return;
    }
    long date = Calendar.date(Calendar.dayOf(micros));
    yearMonthDay(text, date);
    text.append(' ');
    time(text, Calendar.timeOf(micros));
    if (Calendar.year(date) <= 0) {
      text.append(" BC");
    }
  }

  /** Appends a TIMESTAMPTZ as local time and offset of a zone. */
  public static void timestamp(StringBuilder text, long micros, ZoneId zone) {
    if (isInfinite(text, micros)) {
      return;
    }
    int offset = TimeZones.offsetAt(zone, micros);
    long local = micros + offset * Calendar.SECOND_MICROS;
    long date = Calendar.date(Calendar.dayOf(local));
    yearMonthDay(text, date);
    text.append(' ');
    time(text, Calendar.timeOf(local));
    offset(text, offset);
    if (Calendar.year(date) <= 0) {
      text.append(" BC");
    }
  }

  private static boolean isInfinite(StringBuilder text, long micros) {
    if (Calendar.isInfinite(micros)) {
      text.append(micros > 0 ? "infinity" : "-infinity");
      return true;
    }
    return false;
  }

  /** Appends an offset from UTC, for instance {@code +05:30}. */
  static void offset(StringBuilder text, int seconds) {
    text.append(seconds < 0 ? '-' : '+');
    int absolute = Math.abs(seconds);
    twoDigits(text, absolute / 3600);
    if (absolute % 3600 != 0) {
      text.append(':');
      twoDigits(text, absolute / 60 % 60);
      if (absolute % 60 != 0) {
        text.append(':');
        twoDigits(text, absolute % 60);
      }
    }
  }

  /** Appends an INTERVAL, for instance {@code 1 year 2 mons 3 days 04:05:06}. */
  public static void interval(StringBuilder text, int months, int days, long micros) {
    int start = text.length();
    boolean negative = unit(text, start, months / 12, "year", false);
    negative = unit(text, start, months % 12, "mon", negative);
    negative = unit(text, start, days, "day", negative);
    if (micros == 0 && text.length() > start) {
      return;
    }
    if (text.length() > start) {
      text.append(' ');
    }
    if (micros < 0) {
      text.append('-');
    } else if (negative) {
      text.append('+');
    }
    long hours = Math.abs(micros / Calendar.HOUR_MICROS);
    padded(text, hours, 2);
    text.append(':');
    long absolute = Math.abs(micros % Calendar.HOUR_MICROS);
    twoDigits(text, (int) (absolute / Calendar.MINUTE_MICROS));
    text.append(':');
    twoDigits(text, (int) (absolute / Calendar.SECOND_MICROS % 60));
    fraction(text, (int) (absolute % Calendar.SECOND_MICROS));
  }

  private static boolean unit(
      StringBuilder text, int start, int value, String name, boolean afterNegative) {
    if (value == 0) {
      return afterNegative;
    }
    if (text.length() > start) {
      text.append(' ');
    }
    if (afterNegative && value > 0) {
      text.append('+');
    }
    text.append(value).append(' ').append(name).append(value == 1 ? "" : "s");
    return value < 0;
  }

  private static void fraction(StringBuilder text, int millionths) {
    if (millionths != 0) {
      text.append('.');
      int at = text.length();
      padded(text, millionths, 6);
      int end = text.length();
      while (text.charAt(end - 1) == '0') {
        end--;
      }
      assert end > at;
      text.setLength(end);
    }
  }

  private static void padded(StringBuilder text, long value, int width) {
    long bound = 10;
    for (int i = 1; i < width; i++, bound *= 10) {
      if (value < bound) {
        text.append("0".repeat(width - i));
        break;
      }
    }
    text.append(value);
  }

  static void twoDigits(StringBuilder text, int value) {
    if (value < 10) {
      text.append('0');
    }
    text.append(value);
  }
}
