// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import dev.varve.VarveException;
import dev.varve.query.expression.ScalarFunction.Volatility;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.JavaValues;
import dev.varve.query.type.TextOutput;
import dev.varve.query.type.TimeZones;
import dev.varve.query.type.TypeKind;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The current time, parts put together, ages, zones, spans in usual units. */
final class DateTimeFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;
  private static final TypeKind DATE = TypeKind.DATE;
  private static final TypeKind TIME = TypeKind.TIME;
  private static final TypeKind TIMESTAMP = TypeKind.TIMESTAMP;
  private static final TypeKind TIMESTAMPTZ = TypeKind.TIMESTAMPTZ;
  private static final TypeKind INTERVAL = TypeKind.INTERVAL;
  private static final TypeKind INT = TypeKind.INTEGER;
  private static final TypeKind REAL = TypeKind.DOUBLE;

  private DateTimeFunctions() {}

  static void register(Catalog catalog) {
    current(catalog);
    making(catalog);
    ages(catalog);
    zones(catalog);
    spans(catalog);
    overlaps(catalog);
  }

  private static void current(Catalog catalog) {
    for (String name : new String[] {"now", "transaction_timestamp", "current_timestamp"}) {
      catalog.stable(name, TIMESTAMPTZ, c -> c.set(c.context().transactionMicros()));
    }
    catalog.stable("statement_timestamp", TIMESTAMPTZ, c -> c.set(c.context().statementMicros()));
    catalog.unstable("clock_timestamp", TIMESTAMPTZ, c -> c.set(JavaValues.micros(Instant.now())));
    catalog.unstable(
        "timeofday",
        TEXT,
        c -> {
          StringBuilder text = new StringBuilder();
          TextOutput.timestamp(text, JavaValues.micros(Instant.now()), c.context().zone());
          c.set(text.toString());
        });
    catalog.stable("localtimestamp", TIMESTAMP, c -> c.set(localNow(c)));
    catalog.stable("current_date", DATE, c -> c.set(Conversions.toDate(localNow(c))));
    for (String name : new String[] {"current_time", "localtime"}) {
      catalog.stable(name, TIME, c -> c.set(Calendar.timeOf(localNow(c))));
      catalog.stable(
          name,
          TIME,
          c -> c.set(Conversions.round(Calendar.timeOf(localNow(c)), c.integer(0))),
          INT);
    }
    catalog.stable(
        "current_timestamp",
        TIMESTAMPTZ,
        c -> c.set(Conversions.round(c.context().transactionMicros(), c.integer(0))),
        INT);
    catalog.stable(
        "localtimestamp", TIMESTAMP, c -> c.set(Conversions.round(localNow(c), c.integer(0))), INT);
  }

  private static long localNow(Cells c) {
    return TimeZones.toLocal(c.context().zone(), c.context().transactionMicros());
  }

  private static void making(Catalog catalog) {
    catalog.row(
        "make_date",
        DATE,
        c -> c.set((int) days(c.integer(0), c.integer(1), c.integer(2))),
        INT,
        INT,
        INT);
    catalog.row(
        "make_time", TIME, c -> c.set(time(c.integer(0), c.integer(1), c.real(2))), INT, INT, REAL);
    catalog.row(
        "make_timestamp", TIMESTAMP, c -> c.set(timestamp(c)), INT, INT, INT, INT, INT, REAL);
    catalog.stable(
        "make_timestamptz",
        TIMESTAMPTZ,
        c -> c.set(TimeZones.toUtc(c.context().zone(), timestamp(c))),
        INT,
        INT,
        INT,
        INT,
        INT,
        REAL);
    catalog.row(
        "make_timestamptz",
        TIMESTAMPTZ,
        c -> c.set(TimeZones.toUtc(numericOrNamedZone(c.text(6)), timestamp(c))),
        INT,
        INT,
        INT,
        INT,
        INT,
        REAL,
        TEXT);
    for (int arguments = 0; arguments <= 7; arguments++) {
      TypeKind[] kinds = new TypeKind[arguments];
      for (int i = 0; i < arguments; i++) {
        kinds[i] = i == 6 ? REAL : INT;
      }
      catalog.row("make_interval", INTERVAL, DateTimeFunctions::makeInterval, kinds);
    }
    catalog.row("to_timestamp", TIMESTAMPTZ, c -> c.set(fromEpoch(c.real(0))), REAL);
  }

  private static VarveException fieldOutOfRange() {
    return ErrorCode.DATETIME_OVERFLOW.error("Date/time field value out of range.").build();
  }

  private static long days(int year, int month, int day) {
    int astronomical = year < 0 ? year + 1 : year;
    if (year == 0
        || month < 1
        || month > 12
        || day < 1
        || day > Calendar.daysInMonth(astronomical, month)) {
      throw fieldOutOfRange();
    }
    long days = Calendar.days(astronomical, month, day);
    if (days < Calendar.MIN_DAYS || days > 2_145_042_905L) {
      throw ErrorCode.DATETIME_OVERFLOW.error("Date out of range.").build();
    }
    return days;
  }

  private static long time(int hour, int minute, double seconds) {
    boolean midnight = hour == 24 && minute == 0 && seconds == 0;
    if (hour < 0
        || hour > 23 && !midnight
        || minute < 0
        || minute > 59
        || !(seconds >= 0 && seconds <= 60)) {
      throw fieldOutOfRange();
    }
    return hour * Calendar.HOUR_MICROS
        + minute * Calendar.MINUTE_MICROS
        + Math.round(seconds * Calendar.SECOND_MICROS);
  }

  private static long timestamp(Cells c) {
    long days = days(c.integer(0), c.integer(1), c.integer(2));
    if (days > 106_751_990) {
      throw DateTimeOperators.timestampOutOfRange();
    }
    return days * Calendar.DAY_MICROS + time(c.integer(3), c.integer(4), c.real(5));
  }

  private static ZoneId numericOrNamedZone(String text) {
    String name = text.strip();
    if (name.startsWith("+") || name.startsWith("-")) {
      ZoneId posix = TimeZones.parse(name);
      if (posix instanceof ZoneOffset offset && Math.abs(offset.getTotalSeconds()) < 16 * 3600) {
        return ZoneOffset.ofTotalSeconds(-offset.getTotalSeconds());
      }
      throw ErrorCode.INVALID_ARGUMENT
          .error("The numeric time zone \"" + name + "\" is out of range.")
          .build();
    }
    if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("Invalid input syntax for type numeric time zone: \"" + name + "\".")
          .hint("Numeric time zones must have \"-\" or \"+\" as first character.")
          .build();
    }
    return TimeZones.parse(name);
  }

  private static void makeInterval(Cells c) {
    long[] parts = new long[6];
    for (int i = 0; i < Math.min(6, c.count()); i++) {
      parts[i] = c.integer(i);
    }
    double seconds = c.count() > 6 ? c.real(6) : 0;
    if (Double.isInfinite(seconds) || Double.isNaN(seconds)) {
      throw DateTimeOperators.intervalOutOfRange();
    }
    try {
      c.set(
          Math.toIntExact(parts[0] * 12 + parts[1]),
          Math.toIntExact(parts[2] * 7 + parts[3]),
          parts[4] * Calendar.HOUR_MICROS
              + parts[5] * Calendar.MINUTE_MICROS
              + Math.round(seconds * Calendar.SECOND_MICROS));
    } catch (ArithmeticException e) {
      throw DateTimeOperators.intervalOutOfRange();
    }
  }

  private static long fromEpoch(double seconds) {
    if (Double.isInfinite(seconds)) {
      return seconds > 0 ? Calendar.INFINITY : Calendar.NEGATIVE_INFINITY;
    }
    if (!(seconds >= -210_866_803_200.0 && seconds < 9_223_372_036_854.0)) {
      throw DateTimeOperators.timestampOutOfRange();
    }
    return (long) Math.rint(seconds * Calendar.SECOND_MICROS);
  }

  private static void ages(Catalog catalog) {
    catalog.row("age", INTERVAL, c -> age(c, c.bigint(0), c.bigint(1)), TIMESTAMP, TIMESTAMP);
    catalog.stable(
        "age", INTERVAL, c -> age(c, local(c, 0), local(c, 1)), TIMESTAMPTZ, TIMESTAMPTZ);
    catalog.stable("age", INTERVAL, c -> age(c, today(c), c.bigint(0)), TIMESTAMP);
    catalog.stable("age", INTERVAL, c -> age(c, today(c), local(c, 0)), TIMESTAMPTZ);
    for (TypeKind kind : new TypeKind[] {TIMESTAMP, TIMESTAMPTZ}) {
      catalog.row(
          "isfinite", TypeKind.BOOLEAN, c -> c.set(!Calendar.isInfinite(c.bigint(0))), kind);
    }
    catalog.row("isfinite", TypeKind.BOOLEAN, c -> c.set(!Calendar.isInfinite(c.integer(0))), DATE);
    catalog.row("isfinite", TypeKind.BOOLEAN, c -> c.set(true), INTERVAL);
  }

  private static long local(Cells c, int argument) {
    return TimeZones.toLocal(c.context().zone(), c.bigint(argument));
  }

  private static long today(Cells c) {
    long now = localNow(c);
    return now - Calendar.timeOf(now);
  }

  /** The difference in calendar terms: years, months, days and time. */
  private static void age(Cells c, long later, long earlier) {
    if (Calendar.isInfinite(later) || Calendar.isInfinite(earlier)) {
      throw DateTimeOperators.timestampOutOfRange();
    }
    boolean negative = later < earlier;
    long high = negative ? earlier : later;
    long low = negative ? later : earlier;
    long highDate = Calendar.date(Calendar.dayOf(high));
    long lowDate = Calendar.date(Calendar.dayOf(low));
    int months =
        (Calendar.year(highDate) - Calendar.year(lowDate)) * 12
            + Calendar.month(highDate)
            - Calendar.month(lowDate);
    int days = Calendar.day(highDate) - Calendar.day(lowDate);
    long micros = Calendar.timeOf(high) - Calendar.timeOf(low);
    if (micros < 0) {
      micros += Calendar.DAY_MICROS;
      days--;
    }
    if (days < 0) {
      days += Calendar.daysInMonth(Calendar.year(lowDate), Calendar.month(lowDate));
      months--;
    }
    int sign = negative ? -1 : 1;
    c.set(months * sign, days * sign, micros * sign);
  }

  private static void zones(Catalog catalog) {
    catalog.row(
        "timezone",
        TIMESTAMPTZ,
        c -> c.set(TimeZones.toUtc(zone(c), c.bigint(1))),
        TEXT,
        TIMESTAMP);
    catalog.row(
        "timezone",
        TIMESTAMP,
        c -> c.set(TimeZones.toLocal(zone(c), c.bigint(1))),
        TEXT,
        TIMESTAMPTZ);
    catalog.row(
        "timezone",
        TIMESTAMPTZ,
        c -> c.set(TimeZones.toUtc(offset(c.interval(0)), c.bigint(1))),
        INTERVAL,
        TIMESTAMP);
    catalog.row(
        "timezone",
        TIMESTAMP,
        c -> c.set(TimeZones.toLocal(offset(c.interval(0)), c.bigint(1))),
        INTERVAL,
        TIMESTAMPTZ);
  }

  private static ZoneId zone(Cells c) {
    return c.samePattern(0, "", TimeZones::parse);
  }

  private static ZoneId offset(Interval span) {
    if (span.months() != 0 || span.days() != 0) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("An interval time zone must not include months or days.")
          .build();
    }
    long seconds = span.micros() / Calendar.SECOND_MICROS;
    if (Math.abs(seconds) > 18 * 3600) {
      throw ErrorCode.INVALID_ARGUMENT.error("The time zone interval is out of range.").build();
    }
    return ZoneOffset.ofTotalSeconds((int) seconds);
  }

  private static void spans(Catalog catalog) {
    catalog.row("justify_hours", INTERVAL, c -> c.set(justifyHours(c.interval(0))), INTERVAL);
    catalog.row("justify_days", INTERVAL, c -> c.set(justifyDays(c.interval(0))), INTERVAL);
    catalog.row("justify_interval", INTERVAL, c -> c.set(justify(c.interval(0))), INTERVAL);
  }

  private static Interval justifyHours(Interval span) {
    long carried = span.micros() / Calendar.DAY_MICROS;
    int days = exact(span.days() + carried);
    long micros = span.micros() % Calendar.DAY_MICROS;
    if (days > 0 && micros < 0) {
      return new Interval(span.months(), days - 1, micros + Calendar.DAY_MICROS);
    }
    if (days < 0 && micros > 0) {
      return new Interval(span.months(), days + 1, micros - Calendar.DAY_MICROS);
    }
    return new Interval(span.months(), days, micros);
  }

  private static Interval justifyDays(Interval span) {
    int months = exact(span.months() + (long) span.days() / 30);
    int days = span.days() % 30;
    if (months > 0 && days < 0) {
      return new Interval(months - 1, days + 30, span.micros());
    }
    if (months < 0 && days > 0) {
      return new Interval(months + 1, days - 30, span.micros());
    }
    return new Interval(months, days, span.micros());
  }

  private static int exact(long value) {
    if (value != (int) value) {
      throw DateTimeOperators.intervalOutOfRange();
    }
    return (int) value;
  }

  private static Interval justify(Interval span) {
    int days = exact(span.days() + span.micros() / Calendar.DAY_MICROS);
    long micros = span.micros() % Calendar.DAY_MICROS;
    int months = exact(span.months() + (long) days / 30);
    days %= 30;
    if (months > 0 && (days < 0 || days == 0 && micros < 0)) {
      days += 30;
      months--;
    } else if (months < 0 && (days > 0 || days == 0 && micros > 0)) {
      days -= 30;
      months++;
    }
    if (days > 0 && micros < 0) {
      micros += Calendar.DAY_MICROS;
      days--;
    } else if (days < 0 && micros > 0) {
      micros -= Calendar.DAY_MICROS;
      days++;
    }
    return new Interval(months, days, micros);
  }

  private static void overlaps(Catalog catalog) {
    for (TypeKind kind : new TypeKind[] {TIME, TIMESTAMP, TIMESTAMPTZ}) {
      TypeKind[] shape = {kind, kind, kind, kind};
      catalog.rows(
          "overlaps",
          shape,
          false,
          TypeKind.BOOLEAN,
          Volatility.IMMUTABLE,
          false,
          c -> overlaps(c, kind, false));
    }
    for (TypeKind kind : new TypeKind[] {TIMESTAMP, TIMESTAMPTZ}) {
      TypeKind[] shape = {kind, INTERVAL, kind, INTERVAL};
      catalog.rows(
          "overlaps",
          shape,
          false,
          TypeKind.BOOLEAN,
          Volatility.STABLE,
          false,
          c -> overlaps(c, kind, true));
    }
  }

  private static void overlaps(Cells c, TypeKind kind, boolean isSpan) {
    if (c.isNull(0) || c.isNull(1) || c.isNull(2) || c.isNull(3)) {
      c.setNull();
      return;
    }
    long from = c.bigint(0);
    long to = isSpan ? end(c, 0, 1, kind) : c.bigint(1);
    long otherFrom = c.bigint(2);
    long otherTo = isSpan ? end(c, 2, 3, kind) : c.bigint(3);
    long begin = Math.min(from, to);
    long end = Math.max(from, to);
    long otherBegin = Math.min(otherFrom, otherTo);
    long otherEnd = Math.max(otherFrom, otherTo);
    c.set(begin == otherBegin || (begin < otherBegin ? otherBegin < end : begin < otherEnd));
  }

  private static long end(Cells c, int begin, int span, TypeKind kind) {
    return kind == TIMESTAMPTZ
        ? DateTimeOperators.plus(c.bigint(begin), c.interval(span), 1, c.context().zone())
        : DateTimeOperators.plus(c.bigint(begin), c.interval(span), 1);
  }
}
