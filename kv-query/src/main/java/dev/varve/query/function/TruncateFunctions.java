// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.TimeZones;
import dev.varve.query.type.TypeKind;
import java.time.ZoneId;

/** date_trunc and date_bin. */
final class TruncateFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;
  private static final TypeKind TIMESTAMP = TypeKind.TIMESTAMP;
  private static final TypeKind TIMESTAMPTZ = TypeKind.TIMESTAMPTZ;
  private static final TypeKind INTERVAL = TypeKind.INTERVAL;

  private TruncateFunctions() {}

  static void register(Catalog catalog) {
    catalog.row(
        "date_trunc",
        TIMESTAMP,
        c -> c.set(local(c.bigint(1), field(c, "timestamp without time zone"))),
        TEXT,
        TIMESTAMP);
    catalog.stable(
        "date_trunc",
        TIMESTAMPTZ,
        c -> c.set(inZone(c.bigint(1), field(c, "timestamp with time zone"), c.context().zone())),
        TEXT,
        TIMESTAMPTZ);
    catalog.row(
        "date_trunc",
        TIMESTAMPTZ,
        c ->
            c.set(
                inZone(
                    c.bigint(1), field(c, "timestamp with time zone"), TimeZones.parse(c.text(2)))),
        TEXT,
        TIMESTAMPTZ,
        TEXT);
    catalog.row(
        "date_trunc",
        INTERVAL,
        c -> c.set(span(c.interval(1), field(c, "interval"))),
        TEXT,
        INTERVAL);
    for (TypeKind kind : new TypeKind[] {TIMESTAMP, TIMESTAMPTZ}) {
      catalog.row(
          "date_bin",
          kind,
          c -> c.set(bin(c.interval(0), c.bigint(1), c.bigint(2))),
          INTERVAL,
          kind,
          kind);
    }
  }

  private static DateTimeField field(Cells c, String type) {
    return c.samePattern(0, "", name -> DateTimeField.named(name, type));
  }

  private static long inZone(long micros, DateTimeField field, ZoneId zone) {
    if (Calendar.isInfinite(micros)) {
      return micros;
    }
    return TimeZones.toUtc(zone, local(TimeZones.toLocal(zone, micros), field));
  }

  private static long local(long micros, DateTimeField field) {
    if (Calendar.isInfinite(micros)) {
      return micros;
    }
    return switch (field) {
      case MICROSECONDS -> micros;
      case MILLISECONDS -> floor(micros, 1000);
      case SECOND -> floor(micros, Calendar.SECOND_MICROS);
      case MINUTE -> floor(micros, Calendar.MINUTE_MICROS);
      case HOUR -> floor(micros, Calendar.HOUR_MICROS);
      case DAY -> floor(micros, Calendar.DAY_MICROS);
      default -> day(Calendar.dayOf(micros), field) * Calendar.DAY_MICROS;
    };
  }

  private static long floor(long micros, long unit) {
    return Math.floorDiv(micros, unit) * unit;
  }

  private static long day(long days, DateTimeField field) {
    long date = Calendar.date(days);
    int year = Calendar.year(date);
    int month = Calendar.month(date);
    return switch (field) {
      case WEEK -> days - Math.floorMod(days + 3, 7L);
      case MONTH -> Calendar.days(year, month, 1);
      case QUARTER -> Calendar.days(year, (month - 1) / 3 * 3 + 1, 1);
      case YEAR -> Calendar.days(year, 1, 1);
      case DECADE -> Calendar.days(year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10, 1, 1);
      case CENTURY ->
          Calendar.days(
              year > 0 ? (year + 99) / 100 * 100 - 99 : -((99 - (year - 1)) / 100) * 100 + 1, 1, 1);
      case MILLENNIUM ->
          Calendar.days(
              year > 0 ? (year + 999) / 1000 * 1000 - 999 : -((999 - (year - 1)) / 1000) * 1000 + 1,
              1,
              1);
      default -> throw field.unsupported("timestamp");
    };
  }

  private static Interval span(Interval span, DateTimeField field) {
    int months = span.months();
    return switch (field) {
      case MICROSECONDS -> span;
      case MILLISECONDS -> cut(span, 1000);
      case SECOND -> cut(span, Calendar.SECOND_MICROS);
      case MINUTE -> cut(span, Calendar.MINUTE_MICROS);
      case HOUR -> cut(span, Calendar.HOUR_MICROS);
      case DAY -> new Interval(months, span.days(), 0);
      case MONTH -> new Interval(months, 0, 0);
      case QUARTER -> new Interval(months / 3 * 3, 0, 0);
      case YEAR -> new Interval(months / 12 * 12, 0, 0);
      case DECADE -> new Interval(months / 120 * 120, 0, 0);
      case CENTURY -> new Interval(months / 1200 * 1200, 0, 0);
      case MILLENNIUM -> new Interval(months / 12_000 * 12_000, 0, 0);
      default -> throw field.unsupported("interval");
    };
  }

  private static Interval cut(Interval span, long unit) {
    return new Interval(span.months(), span.days(), span.micros() / unit * unit);
  }

  private static long bin(Interval stride, long micros, long origin) {
    if (Calendar.isInfinite(micros)) {
      return micros;
    }
    if (Calendar.isInfinite(origin)) {
      throw ErrorCode.DATETIME_OVERFLOW.error("The origin is out of range.").build();
    }
    if (stride.months() != 0) {
      throw ErrorCode.NOT_SUPPORTED
          .error("Timestamps cannot be binned into intervals containing months or years.")
          .build();
    }
    long width;
    try {
      width =
          Math.addExact(
              Math.multiplyExact((long) stride.days(), Calendar.DAY_MICROS), stride.micros());
    } catch (ArithmeticException e) {
      throw DateTimeOperators.intervalOutOfRange();
    }
    if (width <= 0) {
      throw ErrorCode.DATETIME_OVERFLOW.error("The stride must be greater than zero.").build();
    }
    long difference = micros - origin;
    if (((micros ^ origin) & (micros ^ difference)) < 0) {
      throw DateTimeOperators.intervalOutOfRange();
    }
    return origin + Math.floorDiv(difference, width) * width;
  }
}
