// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.Interval;
import dev.varve.query.expression.ScalarFunction.Volatility;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.TimeZones;
import dev.varve.query.type.TypeKind;
import java.math.BigDecimal;

/** EXTRACT, which gives NUMERIC, and date_part, which gives DOUBLE PRECISION. */
final class ExtractFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;

  private ExtractFunctions() {}

  /** Finds the digits and scale of a field; leaves the sink empty when there is no value. */
  private interface Extraction {
    void extract(Cells c, DateTimeField field, Sink sink);
  }

  /** Takes a field's value. */
  private static final class Sink {
    private final Cells cells;
    private final boolean isNumeric;

    Sink(Cells cells, boolean isNumeric) {
      this.cells = cells;
      this.isNumeric = isNumeric;
    }

    void set(long digits, int scale) {
      if (isNumeric) {
        cells.setNumeric(digits, scale);
      } else {
        cells.set(digits / (double) Conversions.powerOfTen(scale));
      }
    }

    void infinite(boolean negative, DateTimeField field) {
      if (!field.isMonotonic()) {
        cells.setNull();
      } else if (isNumeric) {
        cells.set(negative ? NumericSpecial.NEGATIVE_INFINITY : NumericSpecial.INFINITY);
      } else {
        cells.set(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
      }
    }
  }

  static void register(Catalog catalog) {
    add(catalog, TypeKind.DATE, ExtractFunctions::ofDate, true);
    add(catalog, TypeKind.TIME, ExtractFunctions::ofTime, false);
    add(catalog, TypeKind.TIMESTAMP, ExtractFunctions::ofTimestamp, false);
    add(catalog, TypeKind.TIMESTAMPTZ, ExtractFunctions::ofTimestampTz, false);
    add(catalog, TypeKind.INTERVAL, ExtractFunctions::ofInterval, false);
  }

  private static void add(
      Catalog catalog, TypeKind kind, Extraction extraction, boolean extractOnly) {
    Volatility volatility = kind == TypeKind.TIMESTAMPTZ ? Volatility.STABLE : Volatility.IMMUTABLE;
    TypeKind[] parameters = {TEXT, kind};
    catalog.rows(
        "extract",
        parameters,
        false,
        TypeKind.NUMERIC,
        volatility,
        true,
        c -> extraction.extract(c, field(c, kind), new Sink(c, true)));
    if (!extractOnly) {
      catalog.rows(
          "date_part",
          parameters,
          false,
          TypeKind.DOUBLE,
          volatility,
          true,
          c -> extraction.extract(c, field(c, kind), new Sink(c, false)));
    } else {
      catalog.rows(
          "date_part",
          parameters,
          false,
          TypeKind.DOUBLE,
          volatility,
          true,
          c -> datePartOfDate(c, field(c, kind)));
    }
  }

  private static DateTimeField field(Cells c, TypeKind kind) {
    return c.samePattern(0, "", name -> DateTimeField.named(name, kind.sqlName()));
  }

  /** Of a date, date_part sees the timestamp of its midnight. */
  private static void datePartOfDate(Cells c, DateTimeField field) {
    long midnight = Conversions.toTimestamp(c.integer(1));
    Sink sink = new Sink(c, false);
    if (Calendar.isInfinite(midnight)) {
      sink.infinite(midnight < 0, field);
    } else {
      ofLocal(midnight, field, sink, "timestamp without time zone");
    }
  }

  private static void ofDate(Cells c, DateTimeField field, Sink sink) {
    int days = c.integer(1);
    if (Calendar.isInfinite(days)) {
      sink.infinite(days < 0, field);
      return;
    }
    switch (field) {
      case MICROSECONDS,
          MILLISECONDS,
          SECOND,
          MINUTE,
          HOUR,
          TIMEZONE,
          TIMEZONE_HOUR,
          TIMEZONE_MINUTE ->
          throw field.unsupported("date");
      case EPOCH -> sink.set(days * 86_400L, 0);
      case JULIAN -> sink.set(days - (long) Calendar.MIN_DAYS, 0);
      default -> sink.set(ofDay(days, field), 0);
    }
  }

  private static void ofTimestamp(Cells c, DateTimeField field, Sink sink) {
    long micros = c.bigint(1);
    if (Calendar.isInfinite(micros)) {
      sink.infinite(micros < 0, field);
    } else {
      ofLocal(micros, field, sink, "timestamp without time zone");
    }
  }

  private static void ofTimestampTz(Cells c, DateTimeField field, Sink sink) {
    long micros = c.bigint(1);
    if (Calendar.isInfinite(micros)) {
      sink.infinite(micros < 0, field);
      return;
    }
    int offset = TimeZones.offsetAt(c.context().zone(), micros);
    switch (field) {
      case TIMEZONE -> sink.set(offset, 0);
      case TIMEZONE_HOUR -> sink.set(offset / 3600, 0);
      case TIMEZONE_MINUTE -> sink.set(offset / 60 % 60, 0);
      case EPOCH -> sink.set(micros, 6);
      default ->
          ofLocal(
              micros + offset * Calendar.SECOND_MICROS, field, sink, "timestamp with time zone");
    }
  }

  private static void ofLocal(long micros, DateTimeField field, Sink sink, String type) {
    switch (field) {
      case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR ->
          ofClock(Calendar.timeOf(micros), field, sink);
      case EPOCH -> sink.set(micros, 6);
      case JULIAN -> julian(micros, sink);
      case TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE -> throw field.unsupported(type);
      default -> sink.set(ofDay(Calendar.dayOf(micros), field), 0);
    }
  }

  private static void julian(long micros, Sink sink) {
    long day = Calendar.dayOf(micros) - Calendar.MIN_DAYS;
    long time = Calendar.timeOf(micros);
    if (!sink.isNumeric) {
      sink.cells.set(day + time / (double) Calendar.DAY_MICROS);
      return;
    }
    BigDecimal fraction =
        NumericMath.divide(BigDecimal.valueOf(time, 6), BigDecimal.valueOf(86_400));
    sink.cells.set(BigDecimal.valueOf(day).add(fraction));
  }

  private static void ofTime(Cells c, DateTimeField field, Sink sink) {
    long micros = c.bigint(1);
    switch (field) {
      case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> ofClock(micros, field, sink);
      case EPOCH -> sink.set(micros, 6);
      default -> throw field.unsupported("time without time zone");
    }
  }

  private static void ofClock(long micros, DateTimeField field, Sink sink) {
    long inMinute = micros % Calendar.MINUTE_MICROS;
    switch (field) {
      case MICROSECONDS -> sink.set(inMinute, 0);
      case MILLISECONDS -> sink.set(inMinute, 3);
      case SECOND -> sink.set(inMinute, 6);
      case MINUTE -> sink.set(micros / Calendar.MINUTE_MICROS % 60, 0);
      default -> sink.set(micros / Calendar.HOUR_MICROS, 0);
    }
  }

  /** A field of a date; year 0 is 1 BC, given as -1. */
  private static long ofDay(long days, DateTimeField field) {
    long date = Calendar.date(days);
    int year = Calendar.year(date);
    int month = Calendar.month(date);
    return switch (field) {
      case DAY -> Calendar.day(date);
      case WEEK -> Calendar.isoWeek(days) & 0xff;
      case MONTH -> month;
      case QUARTER -> (month - 1) / 3 + 1;
      case YEAR -> year > 0 ? year : year - 1;
      case ISOYEAR -> {
        long isoYear = Calendar.isoWeek(days) >> 8;
        yield isoYear > 0 ? isoYear : isoYear - 1;
      }
      case DECADE -> year >= 0 ? year / 10 : -((8 - (year - 1)) / 10);
      case CENTURY -> year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
      case MILLENNIUM -> year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
      case DOW -> Calendar.dayOfWeek(days);
      case ISODOW -> (Calendar.dayOfWeek(days) + 6) % 7 + 1;
      case DOY -> Calendar.dayOfYear(days);
      default -> throw new AssertionError(field);
    };
  }

  private static void ofInterval(Cells c, DateTimeField field, Sink sink) {
    Interval span = c.interval(1);
    int years = span.months() / 12;
    int months = span.months() % 12;
    switch (field) {
      case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> ofClock(span.micros(), field, sink);
      case DAY -> sink.set(span.days(), 0);
      case MONTH -> sink.set(months, 0);
      case QUARTER -> sink.set(months / 3 + 1, 0);
      case YEAR -> sink.set(years, 0);
      case DECADE -> sink.set(years / 10, 0);
      case CENTURY -> sink.set(years / 100, 0);
      case MILLENNIUM -> sink.set(years / 1000, 0);
      case EPOCH -> {
        long quarterDays = 1461L * years + 120L * months + 4L * span.days();
        long seconds = quarterDays * 21_600;
        long micros = seconds * Calendar.SECOND_MICROS + span.micros();
        sink.set(micros, 6);
      }
      default -> throw field.unsupported("interval");
    }
  }
}
