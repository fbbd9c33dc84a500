// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import java.math.BigDecimal;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Casts of single values kept in objects; whole columns are cast by evaluators. */
public final class DatumCasts {
  private DatumCasts() {}

  /** The value of type {@code from} as one of type {@code to}, as an assignment does it. */
  public static Object convert(Object datum, SqlType from, SqlType to, ZoneId zone) {
    return convert(datum, from, to, zone, false);
  }

  /**
   * The value of type {@code from} as one of type {@code to}.
   *
   * @param explicit whether text that is too long is cut
   */
  public static Object convert(
      Object datum, SqlType from, SqlType to, ZoneId zone, boolean explicit) {
    Object value = from.kind() == to.kind() ? datum : toKind(datum, from, to, zone);
    return to.hasModifier() ? fit(value, to, explicit) : value;
  }

  /** The value with the modifiers of its type. */
  public static Object fit(Object value, SqlType type, boolean explicit) {
    return switch (type.kind()) {
      case NUMERIC ->
          value instanceof BigDecimal d
              ? Conversions.fit(d, type)
              : Conversions.fit((NumericSpecial) value, type);
      case VARCHAR, CHAR -> Conversions.fit((String) value, type, explicit);
      case TIME, TIMESTAMP, TIMESTAMPTZ -> Conversions.round((Long) value, type.size());
      case INTERVAL -> Conversions.fit((Interval) value, type);
      default -> value;
    };
  }

  private static Object toKind(Object datum, SqlType from, SqlType to, ZoneId zone) {
    if (to.kind().isText()) {
      String text =
          from.kind() == TypeKind.CHAR ? (String) datum : TextOutput.text(datum, from, zone);
      return to.kind() == TypeKind.CHAR ? TextInput.stripBlanks(text) : text;
    }
    if (from.kind().isText()) {
      return TextInput.parse((String) datum, to, zone, nowMicros());
    }
    Object converted =
        from.kind().isNumber() && to.kind().isNumber()
            ? number(datum, from.kind(), to.kind())
            : other(datum, from.kind(), to.kind(), zone);
    if (converted == null) {
      throw ErrorCode.CANNOT_COERCE.error("Cannot cast type " + from + " to " + to + ".").build();
    }
    return converted;
  }

  private static long nowMicros() {
    return JavaValues.micros(java.time.Instant.now());
  }

  private static Object number(Object datum, TypeKind from, TypeKind to) {
    return switch (to) {
      case SMALLINT, INTEGER -> (int) whole(datum, to);
      case BIGINT -> whole(datum, to);
      case NUMERIC ->
          datum instanceof Double d
              ? from == TypeKind.REAL
                  ? Conversions.toNumeric(d.floatValue())
                  : Conversions.toNumeric(d)
              : BigDecimal.valueOf(((Number) datum).longValue());
      case REAL -> Conversions.toReal(real(datum));
      default -> real(datum);
    };
  }

  private static long whole(Object datum, TypeKind to) {
    if (datum instanceof BigDecimal decimal) {
      return Conversions.toLong(decimal, to);
    } else if (datum instanceof Double d) {
      return Conversions.toLong(d, to);
    } else if (datum instanceof NumericSpecial) {
      throw Conversions.outOfRange(to);
    }
    long value = ((Number) datum).longValue();
    return to == TypeKind.BIGINT ? value : Conversions.toInteger(value, to);
  }

  private static double real(Object datum) {
    return datum instanceof BigDecimal decimal
        ? Conversions.toDouble(decimal)
        : datum instanceof NumericSpecial special
            ? Conversions.toDouble(special)
            : ((Number) datum).doubleValue();
  }

  private static @Nullable Object other(Object datum, TypeKind from, TypeKind to, ZoneId zone) {
    if (from == TypeKind.BOOLEAN && to.isInteger()) {
      return (Boolean) datum ? 1 : 0;
    } else if (from.isInteger() && to == TypeKind.BOOLEAN) {
      return ((Number) datum).longValue() != 0;
    } else if (from == TypeKind.DATE && to == TypeKind.TIMESTAMP) {
      return Conversions.toTimestamp((Integer) datum);
    } else if (from == TypeKind.DATE && to == TypeKind.TIMESTAMPTZ) {
      return TimeZones.toUtc(zone, Conversions.toTimestamp((Integer) datum));
    } else if (from == TypeKind.TIMESTAMP && to == TypeKind.TIMESTAMPTZ) {
      return TimeZones.toUtc(zone, (Long) datum);
    } else if (from == TypeKind.TIMESTAMP || from == TypeKind.TIMESTAMPTZ) {
      long local =
          from == TypeKind.TIMESTAMP ? (Long) datum : TimeZones.toLocal(zone, (Long) datum);
      return switch (to) {
        case TIMESTAMP -> local;
        case DATE -> Conversions.toDate(local);
        case TIME -> Calendar.timeOf(local);
        default -> null;
      };
    } else if (from == TypeKind.TIME && to == TypeKind.INTERVAL) {
      return new Interval(0, 0, (Long) datum);
    } else if (from == TypeKind.INTERVAL && to == TypeKind.TIME) {
      return Conversions.toTime(((Interval) datum).micros());
    }
    return null;
  }
}
