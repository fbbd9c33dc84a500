// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of rows as the types that callers ask for. None of the values is null. */
final class Conversions {
  private Conversions() {}

  private static SQLException bad(Object value, String type) {
    String shown = String.valueOf(value);
    if (shown.length() > 60) {
      shown = shown.substring(0, 60) + "...";
    }
    return new SQLDataException("Bad value for type " + type + ": " + shown + ".", "22003");
  }

  private static BigDecimal number(Object value, String type) throws SQLException {
    try {
      if (value instanceof BigDecimal decimal) {
        return decimal;
      } else if (value instanceof Boolean flag) {
        return flag ? BigDecimal.ONE : BigDecimal.ZERO;
      } else if (value instanceof Float || value instanceof Double) {
        return BigDecimal.valueOf(((Number) value).doubleValue());
      } else if (value instanceof Number integer) {
        return BigDecimal.valueOf(integer.longValue());
      } else if (value instanceof String text) {
        return new BigDecimal(text.trim());
      }
    } catch (NumberFormatException e) {
      throw bad(value, type);
    }
    throw bad(value, type);
  }

  /** A whole number from {@code least} to {@code most}; fractions are cut off. */
  static long integer(Object value, long least, long most, String type) throws SQLException {
    long number;
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      number = ((Number) value).longValue();
    } else {
      BigInteger whole = number(value, type).setScale(0, RoundingMode.DOWN).toBigInteger();
      if (whole.bitLength() >= Long.SIZE) {
        throw bad(value, type);
      }
      number = whole.longValue();
    }
    if (number < least || number > most) {
      throw bad(value, type);
    }
    return number;
  }

  static double real(Object value) throws SQLException {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return switch (text.trim()) {
          case "Infinity" -> Double.POSITIVE_INFINITY;
          case "-Infinity" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(text.trim());
        };
      } catch (NumberFormatException e) {
        throw bad(value, "double");
      }
    }
    return number(value, "double").doubleValue();
  }

  static BigDecimal decimal(Object value) throws SQLException {
    return number(value, "BigDecimal");
  }

  static boolean flag(Object value) throws SQLException {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof String text) {
      switch (text.trim().toLowerCase(Locale.ROOT)) {
        case "t", "true", "y", "yes", "on", "1":
          return true;
        case "f", "false", "n", "no", "off", "0":
          return false;
        default:
          throw bad(value, "boolean");
      }
    }
    return number(value, "boolean").signum() != 0;
  }

  static byte[] bytes(Object value) throws SQLException {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof String text) {
      return text.startsWith("\\x")
          ? HexFormat.of().parseHex(text, 2, text.length())
          : text.getBytes(StandardCharsets.UTF_8);
    }
    throw bad(value, "byte[]");
  }

  // Dates and times. What has no zone is taken to be in {@code zone}.

  static LocalDateTime local(Object value, ZoneId zone) throws SQLException {
    try {
      if (value instanceof LocalDateTime local) {
        return local;
      } else if (value instanceof OffsetDateTime offset) {
        return LocalDateTime.ofInstant(offset.toInstant(), zone);
      } else if (value instanceof LocalDate date) {
        return date.atStartOfDay();
      } else if (value instanceof LocalTime time) {
        return LocalDate.EPOCH.atTime(time);
      } else if (value instanceof String text) {
        String iso = text.trim().replace(' ', 'T');
        return iso.indexOf('T') < 0
            ? iso.indexOf(':') < 0
                ? LocalDate.parse(iso).atStartOfDay()
                : LocalDate.EPOCH.atTime(LocalTime.parse(iso))
            : LocalDateTime.parse(iso);
      }
    } catch (java.time.DateTimeException e) {
      throw bad(value, "timestamp");
    }
    throw bad(value, "timestamp");
  }

  static Instant instant(Object value, ZoneId zone) throws SQLException {
    return value instanceof OffsetDateTime offset
        ? offset.toInstant()
        : local(value, zone).atZone(zone).toInstant();
  }

  static Timestamp timestamp(Object value, ZoneId zone) throws SQLException {
    return value instanceof LocalDateTime local && zone.equals(ZoneId.systemDefault())
        ? Timestamp.valueOf(local)
        : Timestamp.from(instant(value, zone));
  }

  static Date date(Object value, ZoneId zone) throws SQLException {
    LocalDate date = local(value, zone).toLocalDate();
    return zone.equals(ZoneId.systemDefault())
        ? Date.valueOf(date)
        : new Date(date.atStartOfDay(zone).toInstant().toEpochMilli());
  }

  static Time time(Object value, ZoneId zone) throws SQLException {
    LocalTime time = local(value, zone).toLocalTime();
    return new Time(LocalDate.EPOCH.atTime(time).atZone(zone).toInstant().toEpochMilli());
  }

  /** The value as {@code type}. */
  static <T> T to(Object value, @Nullable String text, Class<T> type) throws SQLException {
    if (type.isInstance(value) && type != Object.class) {
      return type.cast(value);
    }
    ZoneId zone = ZoneId.systemDefault();
    Object converted;
    if (type == String.class) {
      converted = String.valueOf(text);
    } else if (type == Boolean.class) {
      converted = flag(value);
    } else if (type == Byte.class) {
      converted = (byte) integer(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
    } else if (type == Short.class) {
      converted = (short) integer(value, Short.MIN_VALUE, Short.MAX_VALUE, "short");
    } else if (type == Integer.class) {
      converted = (int) integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
    } else if (type == Long.class) {
      converted = integer(value, Long.MIN_VALUE, Long.MAX_VALUE, "long");
    } else if (type == BigInteger.class) {
      converted = decimal(value).toBigInteger();
    } else if (type == BigDecimal.class) {
      converted = decimal(value);
    } else if (type == Float.class) {
      converted = (float) real(value);
    } else if (type == Double.class) {
      converted = real(value);
    } else if (type == byte[].class) {
      converted = bytes(value);
    } else if (type == UUID.class) {
      converted = UUID.fromString(String.valueOf(text));
    } else {
      converted = temporal(value, type, zone);
    }
    return type.cast(converted);
  }

  private static Object temporal(Object value, Class<?> type, ZoneId zone) throws SQLException {
    if (type == LocalDate.class) {
      return local(value, zone).toLocalDate();
    } else if (type == LocalTime.class) {
      return local(value, zone).toLocalTime();
    } else if (type == LocalDateTime.class) {
      return local(value, zone);
    } else if (type == OffsetDateTime.class) {
      return instant(value, zone).atOffset(ZoneOffset.UTC);
    } else if (type == OffsetTime.class) {
      return instant(value, zone).atOffset(ZoneOffset.UTC).toOffsetTime();
    } else if (type == ZonedDateTime.class) {
      return instant(value, zone).atZone(zone);
    } else if (type == Instant.class) {
      return instant(value, zone);
    } else if (type == Date.class) {
      return date(value, zone);
    } else if (type == Time.class) {
      return time(value, zone);
    } else if (type == Timestamp.class || type == java.util.Date.class) {
      return timestamp(value, zone);
    }
    throw SqlExceptions.unsupported("Reading a column as " + type.getName());
  }
}
