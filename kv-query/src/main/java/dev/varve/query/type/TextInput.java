// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

/** Reads values from text as PostgreSQL does, refusing what it refuses with the same SQLSTATE. */
public final class TextInput {
  /** The most digits of a NUMERIC before the point. */
  static final int MAX_NUMERIC_DIGITS = 131_072;

  /** The most digits of a NUMERIC after the point. */
  static final int MAX_NUMERIC_SCALE = 16_383;

  private TextInput() {}

  /**
   * The value that {@code text} means, as {@link dev.varve.query.vector.Vector#datum} has it. Modifiers
   * of the type are not applied, except which fields an INTERVAL has.
   *
   * @param zone of a TIMESTAMPTZ that names none
   * @param nowMicros what 'now' and 'today' mean, since 1970-01-01 UTC
   */
  public static Object parse(String text, SqlType type, ZoneId zone, long nowMicros) {
    return switch (type.kind()) {
      case BOOLEAN -> bool(text);
      case SMALLINT -> (int) integer(text, type, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> (int) integer(text, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> integer(text, type, Long.MIN_VALUE, Long.MAX_VALUE);
      case NUMERIC -> numeric(text);
      case REAL -> (double) real(text);
      case DOUBLE -> doublePrecision(text);
      case UNKNOWN, TEXT, VARCHAR -> checked(text);
      case CHAR -> stripBlanks(checked(text));
      case BYTEA -> ByteBuffer.wrap(bytes(text));
      case UUID -> uuid(text);
      case DATE -> new DateTimeInput(text, type, zone, nowMicros).date();
      case TIME -> new DateTimeInput(text, type, zone, nowMicros).time();
      case TIMESTAMP -> new DateTimeInput(text, type, zone, nowMicros).timestamp();
      case TIMESTAMPTZ -> new DateTimeInput(text, type, zone, nowMicros).timestampTz();
      case INTERVAL -> IntervalInput.parse(text, type.intervalFields());
    };
  }

  private static String checked(String text) {
    if (text.indexOf('\0') >= 0) {
      throw ErrorCode.CHARACTER_NOT_IN_REPERTOIRE
          .error("Text must not contain the character zero.")
          .build();
    }
    return text;
  }

  /** Without the blanks at the end. */
  public static String stripBlanks(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  static VarveException invalid(String text, SqlType type) {
    return ErrorCode.INVALID_TEXT_REPRESENTATION
        .error(
            "Invalid input syntax for type "
                + type.kind().sqlName()
                + ": \""
                + shortened(text)
                + "\".")
        .build();
  }

  private static VarveException outOfRange(String text, SqlType type) {
    return ErrorCode.NUMERIC_OUT_OF_RANGE
        .error(
            "Value \""
                + shortened(text)
                + "\" is out of range for type "
                + type.kind().sqlName()
                + ".")
        .build();
  }

  static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  private static Boolean bool(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    switch (word) {
      case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> {
        return true;
      }
      case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> {
        return false;
      }
      default -> throw invalid(text, SqlType.BOOLEAN);
    }
  }

  private static long integer(String text, SqlType type, long least, long most) {
    int at = 0;
    int end = text.length();
    while (at < end && isSpace(text.charAt(at))) {
      at++;
    }
    while (end > at && isSpace(text.charAt(end - 1))) {
      end--;
    }
    boolean negative = at < end && text.charAt(at) == '-';
    if (at < end && (negative || text.charAt(at) == '+')) {
      at++;
    }
    if (at == end) {
      throw invalid(text, type);
    }
    long value = 0;
    boolean overflow = false;
    for (; at < end; at++) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        throw invalid(text, type);
      }
      overflow |= value < (Long.MIN_VALUE + digit) / 10;
      value = value * 10 - digit;
    }
    overflow |= !negative && value == Long.MIN_VALUE;
    long signed = negative ? value : -value;
    if (overflow || signed < least || signed > most) {
      throw outOfRange(text, type);
    }
    return signed;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  private static Object numeric(String text) {
    String word = text.strip();
    if (!isDecimal(word)) {
      return numericSpecial(word, text);
    }
    BigDecimal value;
    try {
      value = new BigDecimal(word);
    } catch (NumberFormatException | ArithmeticException e) {
      throw numericOverflow();
    }
    return normalized(value);
  }

  private static NumericSpecial numericSpecial(String word, String text) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "nan" -> NumericSpecial.NAN;
      case "infinity", "+infinity", "inf", "+inf" -> NumericSpecial.INFINITY;
      case "-infinity", "-inf" -> NumericSpecial.NEGATIVE_INFINITY;
      default -> throw invalid(text, SqlType.NUMERIC);
    };
  }

  /** The value with a scale that is not negative, checked against NUMERIC's limits. */
  public static BigDecimal normalized(BigDecimal value) {
    if (value.precision() - (long) value.scale() > MAX_NUMERIC_DIGITS && value.signum() != 0) {
      throw numericOverflow();
    }
    if (value.scale() < 0) {
      return value.signum() == 0 ? BigDecimal.ZERO : value.setScale(0);
    }
    return value.scale() > MAX_NUMERIC_SCALE
        ? value.setScale(MAX_NUMERIC_SCALE, RoundingMode.HALF_UP)
        : value;
  }

  private static VarveException numericOverflow() {
    return ErrorCode.NUMERIC_OUT_OF_RANGE.error("The value overflows the numeric format.").build();
  }

  /** Whether the text is an optional sign, digits with an optional point, and an exponent. */
  private static boolean isDecimal(String word) {
    int at = 0;
    int end = word.length();
    if (at < end && (word.charAt(at) == '-' || word.charAt(at) == '+')) {
      at++;
    }
    int digits = 0;
    boolean point = false;
    for (; at < end; at++) {
      char c = word.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      return false;
    }
    if (at < end && (word.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < end && (word.charAt(at) == '-' || word.charAt(at) == '+')) {
        at++;
      }
      int exponent = at;
      while (at < end && word.charAt(at) >= '0' && word.charAt(at) <= '9') {
        at++;
      }
      return at == end && at > exponent;
    }
    return at == end;
  }

  private static Double doublePrecision(String text) {
    String word = text.strip();
    if (!isDecimal(word)) {
      return floatSpecial(word, text, SqlType.DOUBLE);
    }
    double value = Double.parseDouble(word);
    if (Double.isInfinite(value) || value == 0 && hasNonZeroDigit(word)) {
      throw outOfRange(text, SqlType.DOUBLE);
    }
    return value;
  }

  private static float real(String text) {
    String word = text.strip();
    if (!isDecimal(word)) {
      return (float) floatSpecial(word, text, SqlType.REAL);
    }
    float value = Float.parseFloat(word);
    if (Float.isInfinite(value) || value == 0 && hasNonZeroDigit(word)) {
      throw outOfRange(text, SqlType.REAL);
    }
    return value;
  }

  private static double floatSpecial(String word, String text, SqlType type) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "infinity", "+infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw invalid(text, type);
    };
  }

  private static boolean hasNonZeroDigit(String word) {
    for (int i = 0; i < word.length() && (word.charAt(i) | 0x20) != 'e'; i++) {
      if (word.charAt(i) >= '1' && word.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
  }

  private static byte[] bytes(String text) {
    return text.startsWith("\\x") ? hexBytes(text) : escapedBytes(text);
  }

  private static byte[] hexBytes(String text) {
    byte[] bytes = new byte[text.length() / 2];
    int length = 0;
    int at = 2;
    while (at < text.length()) {
      if (isSpace(text.charAt(at))) {
        at++;
        continue;
      }
      int high = Character.digit(text.charAt(at), 16);
      if (high < 0) {
        throw ErrorCode.INVALID_ARGUMENT
            .error("Invalid hexadecimal digit: \"" + text.charAt(at) + "\".")
            .build();
      }
      int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
      if (low < 0) {
        throw ErrorCode.INVALID_ARGUMENT
            .error("Invalid hexadecimal data: odd number of digits.")
            .build();
      }
      bytes[length++] = (byte) (high << 4 | low);
      at += 2;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static byte[] escapedBytes(String text) {
    byte[] source = text.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[source.length];
    int length = 0;
    for (int at = 0; at < source.length; ) {
      if (source[at] != '\\') {
        bytes[length++] = source[at++];
      } else if (at + 1 < source.length && source[at + 1] == '\\') {
        bytes[length++] = '\\';
        at += 2;
      } else if (at + 3 < source.length
          && isOctal(source[at + 1], '3')
          && isOctal(source[at + 2], '7')
          && isOctal(source[at + 3], '7')) {
        bytes[length++] =
            (byte) (source[at + 1] - '0' << 6 | source[at + 2] - '0' << 3 | source[at + 3] - '0');
        at += 4;
      } else {
        throw invalid(text, SqlType.BYTEA);
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  private static boolean isOctal(byte b, char most) {
    return b >= '0' && b <= most;
  }

  private static UUID uuid(String text) {
    String word = text;
    if (word.startsWith("{") && word.endsWith("}")) {
      word = word.substring(1, word.length() - 1);
    }
    long high = 0;
    long low = 0;
    int digits = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '-' && digits > 0 && digits % 4 == 0 && digits < 32) {
        if (word.charAt(i - 1) == '-') {
          throw invalid(text, SqlType.UUID);
        }
        continue;
      }
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0 || digits == 32) {
        throw invalid(text, SqlType.UUID);
      }
      if (digits < 16) {
        high = high << 4 | digit;
      } else {
        low = low << 4 | digit;
      }
      digits++;
    }
    if (digits != 32) {
      throw invalid(text, SqlType.UUID);
    }
    return new UUID(high, low);
  }
}
