// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import dev.varve.VarveException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Between the objects that the engine keeps single values in ({@link
 * dev.varve.query.vector.Vector#datum}) and the Java classes that callers use.
 */
public final class JavaValues {
  private JavaValues() {}

  /** The SQL type that fits a Java class. */
  public static SqlType typeOf(Class<?> type) {
    if (type == String.class || type == Character.class || type == char.class) {
      return SqlType.TEXT;
    } else if (type == Integer.class || type == int.class) {
      return SqlType.INTEGER;
    } else if (type == Long.class || type == long.class) {
      return SqlType.BIGINT;
    } else if (type == Boolean.class || type == boolean.class) {
      return SqlType.BOOLEAN;
    } else if (type == Double.class || type == double.class) {
      return SqlType.DOUBLE;
    } else if (type == Float.class || type == float.class) {
      return SqlType.REAL;
    } else if (type == Short.class
        || type == short.class
        || type == Byte.class
        || type == byte.class) {
      return SqlType.SMALLINT;
    } else if (type == BigDecimal.class || type == BigInteger.class) {
      return SqlType.NUMERIC;
    } else if (type == byte[].class || ByteBuffer.class.isAssignableFrom(type)) {
      return SqlType.BYTEA;
    }
    return temporalTypeOf(type);
  }

  private static SqlType temporalTypeOf(Class<?> type) {
    if (type == LocalDate.class) {
      return SqlType.DATE;
    } else if (type == LocalTime.class) {
      return SqlType.TIME;
    } else if (type == LocalDateTime.class) {
      return SqlType.TIMESTAMP;
    } else if (type == OffsetDateTime.class
        || type == ZonedDateTime.class
        || type == Instant.class
        || java.util.Date.class.isAssignableFrom(type)) {
      return SqlType.TIMESTAMPTZ;
    } else if (type == Interval.class || type == Duration.class || type == Period.class) {
      return SqlType.INTERVAL;
    } else if (type == UUID.class) {
      return SqlType.UUID;
    }
    throw ErrorCode.INVALID_ARGUMENT
        .error("There is no SQL type for the Java class.")
        .fact("class", type.getName())
        .hint(
            "Use String, a number, Boolean, byte[], a java.time class, java.util.UUID or"
                + " dev.varve.Interval.")
        .build();
  }

  /** The SQL type that fits an object. */
  public static SqlType typeOf(Object value) {
    return typeOf(value.getClass());
  }

  /** A caller's object as a value of {@code type}, text being read as {@link TextInput} does. */
  public static @Nullable Object toDatum(@Nullable Object value, SqlType type, ZoneId zone) {
    if (value == null) {
      return null;
    }
    Object natural = natural(value);
    if (type.kind() == TypeKind.UNKNOWN) {
      return natural instanceof String ? natural : TextOutput.text(natural, typeOf(value), zone);
    }
    return DatumCasts.convert(natural, typeOf(value), type, zone);
  }

  /** The object as a value of the type that fits its class. */
  private static Object natural(Object value) {
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).intValue();
    } else if (value instanceof Float f) {
      return (double) f;
    } else if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    } else if (value instanceof BigDecimal decimal) {
      return TextInput.normalized(decimal);
    } else if (value instanceof Character c) {
      return c.toString();
    } else if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes.clone());
    } else if (value instanceof LocalDate date) {
      return days(date);
    } else if (value instanceof LocalTime time) {
      return time.toNanoOfDay() / 1000;
    } else if (value instanceof LocalDateTime local) {
      return micros(local.toInstant(ZoneOffset.UTC));
    } else if (value instanceof OffsetDateTime offset) {
      return micros(offset.toInstant());
    } else if (value instanceof ZonedDateTime zoned) {
      return micros(zoned.toInstant());
    } else if (value instanceof Instant instant) {
      return micros(instant);
    } else if (value instanceof java.util.Date date) {
      return Math.multiplyExact(date.getTime(), 1000L);
    } else if (value instanceof Duration duration) {
      return new Interval(
          0,
          0,
          Math.addExact(
              Math.multiplyExact(duration.getSeconds(), Calendar.SECOND_MICROS),
              duration.getNano() / 1000));
    } else if (value instanceof Period period) {
      return new Interval(Math.toIntExact(period.toTotalMonths()), period.getDays(), 0);
    }
    return value;
  }

  private static int days(LocalDate date) {
    if (date.equals(LocalDate.MAX)) {
      return Calendar.DATE_INFINITY;
    }
    if (date.equals(LocalDate.MIN)) {
      return Calendar.DATE_NEGATIVE_INFINITY;
    }
    return Math.toIntExact(date.toEpochDay());
  }

  /** Microseconds since 1970-01-01 UTC. */
  public static long micros(Instant instant) {
    try {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), Calendar.SECOND_MICROS),
          instant.getNano() / 1000);
    } catch (ArithmeticException e) {
      throw ErrorCode.DATETIME_OVERFLOW.error("Timestamp out of range.").cause(e).build();
    }
  }

  /** The value as the Java class that fits its type: what {@link dev.varve.Row#getObject} returns. */
  public static Object toJava(Object datum, SqlType type, ZoneId zone) {
    return switch (type.kind()) {
      case SMALLINT -> ((Integer) datum).shortValue();
      case REAL -> ((Double) datum).floatValue();
      case NUMERIC -> datum instanceof NumericSpecial special ? notANumber(special) : datum;
      case CHAR -> TextOutput.text(datum, type, zone);
      case BYTEA -> bytes((ByteBuffer) datum);
      case DATE -> localDate((Integer) datum);
      case TIME -> localTime((Long) datum);
      case TIMESTAMP -> localDateTime((Long) datum);
      case TIMESTAMPTZ -> offsetDateTime((Long) datum, zone);
      default -> datum;
    };
  }

  private static Object notANumber(NumericSpecial special) {
    return switch (special) {
      case NAN -> Double.NaN;
      case INFINITY -> Double.POSITIVE_INFINITY;
      case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
    };
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  private static LocalDate localDate(int days) {
    return days == Calendar.DATE_INFINITY
        ? LocalDate.MAX
        : days == Calendar.DATE_NEGATIVE_INFINITY ? LocalDate.MIN : LocalDate.ofEpochDay(days);
  }

  private static LocalTime localTime(long micros) {
    return micros == Calendar.DAY_MICROS ? LocalTime.MAX : LocalTime.ofNanoOfDay(micros * 1000);
  }

  private static LocalDateTime localDateTime(long micros) {
    return micros == Calendar.INFINITY
        ? LocalDateTime.MAX
        : micros == Calendar.NEGATIVE_INFINITY
            ? LocalDateTime.MIN
            : LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, Calendar.SECOND_MICROS),
                (int) Math.floorMod(micros, Calendar.SECOND_MICROS) * 1000,
                ZoneOffset.UTC);
  }

  private static OffsetDateTime offsetDateTime(long micros, ZoneId zone) {
    return micros == Calendar.INFINITY
        ? OffsetDateTime.MAX
        : micros == Calendar.NEGATIVE_INFINITY
            ? OffsetDateTime.MIN
            : OffsetDateTime.ofInstant(instant(micros), zone);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, Calendar.SECOND_MICROS),
        Math.floorMod(micros, Calendar.SECOND_MICROS) * 1000);
  }

  /** The value as an object of {@code target}, or an error when something would be lost. */
  public static Object convert(Object datum, SqlType type, Class<?> target, ZoneId zone) {
    Class<?> boxed = boxed(target);
    Object java = toJava(datum, type, zone);
    if (boxed.isInstance(java)) {
      return java;
    }
    if (boxed == String.class) {
      return TextOutput.text(datum, type, zone);
    }
    Object converted = Number.class.isAssignableFrom(boxed) ? number(java, boxed) : null;
    if (converted == null) {
      converted = temporal(datum, java, type, boxed, zone);
    }
    if (converted == null) {
      throw notConvertible(type, target, null);
    }
    return converted;
  }

  private static @Nullable Object temporal(
      Object datum, Object java, SqlType type, Class<?> target, ZoneId zone) {
    if (type.kind() == TypeKind.TIMESTAMPTZ) {
      long micros = (Long) datum;
      if (target == Instant.class) {
        return instant(micros);
      } else if (target == ZonedDateTime.class) {
        return instant(micros).atZone(zone);
      } else if (target == LocalDateTime.class) {
        return localDateTime(TimeZones.toLocal(zone, micros));
      } else if (target == LocalDate.class) {
        return localDateTime(TimeZones.toLocal(zone, micros)).toLocalDate();
      }
    } else if (type.kind() == TypeKind.TIMESTAMP && target == LocalDate.class) {
      return ((LocalDateTime) java).toLocalDate();
    } else if (type.kind() == TypeKind.TIMESTAMP && target == LocalTime.class) {
      return ((LocalDateTime) java).toLocalTime();
    } else if (type.kind() == TypeKind.DATE && target == LocalDateTime.class) {
      return ((LocalDate) java).atStartOfDay();
    } else if (target == Boolean.class && java instanceof Number number) {
      return number.longValue() != 0;
    } else if (target == Boolean.class && java instanceof String text) {
      return TextInput.parse(text, SqlType.BOOLEAN, zone, 0);
    } else if (target == UUID.class && java instanceof String text) {
      return TextInput.parse(text, SqlType.UUID, zone, 0);
    } else if (target == Object.class) {
      return java;
    }
    return null;
  }

  private static @Nullable Object number(Object value, Class<?> target) {
    BigDecimal exact;
    if (value instanceof BigDecimal decimal) {
      exact = decimal;
    } else if (value instanceof Boolean bool) {
      exact = bool ? BigDecimal.ONE : BigDecimal.ZERO;
    } else if (value instanceof Float || value instanceof Double) {
      double real = ((Number) value).doubleValue();
      if (target == Double.class) {
        return real;
      } else if (target == Float.class) {
        return (float) real;
      } else if (Double.isNaN(real) || Double.isInfinite(real)) {
        return null;
      }
      exact = new BigDecimal(value.toString());
    } else if (value instanceof Number number) {
      exact = BigDecimal.valueOf(number.longValue());
    } else if (value instanceof String text) {
      Object parsed = TextInput.parse(text, SqlType.NUMERIC, ZoneOffset.UTC, 0);
      if (!(parsed instanceof BigDecimal decimal)) {
        return null;
      }
      exact = decimal;
    } else {
      return null;
    }
    try {
      return number(exact, target);
    } catch (ArithmeticException e) {
      throw ErrorCode.NUMERIC_OUT_OF_RANGE
          .error("The value does not fit the Java class asked for.")
          .fact("value", exact)
          .fact("class", target.getSimpleName())
          .cause(e)
          .build();
    }
  }

  private static @Nullable Object number(BigDecimal exact, Class<?> target) {
    if (target == Integer.class) {
      return exact.intValueExact();
    } else if (target == Long.class) {
      return exact.longValueExact();
    } else if (target == Short.class) {
      return exact.shortValueExact();
    } else if (target == Byte.class) {
      return exact.byteValueExact();
    } else if (target == Double.class) {
      return exact.doubleValue();
    } else if (target == Float.class) {
      return exact.floatValue();
    } else if (target == BigInteger.class) {
      return exact.toBigIntegerExact();
    }
    return target == BigDecimal.class || target == Number.class ? exact : null;
  }

  private static Class<?> boxed(Class<?> type) {
    return type.isPrimitive()
        ? java.lang.invoke.MethodType.methodType(type).wrap().returnType()
        : type;
  }

  private static VarveException notConvertible(
      SqlType type, Class<?> target, @Nullable Throwable cause) {
    return ErrorCode.CANNOT_COERCE
        .error("A value of type " + type + " cannot be read as " + target.getSimpleName() + ".")
        .cause(cause)
        .build();
  }
}
