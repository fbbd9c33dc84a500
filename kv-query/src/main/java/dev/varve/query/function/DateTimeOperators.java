// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import dev.varve.VarveException;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.TimeZones;
import dev.varve.query.type.TypeKind;
import java.time.ZoneId;

/** Sums and differences of dates, times and intervals. */
final class DateTimeOperators {
  private static final TypeKind DATE = TypeKind.DATE;
  private static final TypeKind TIME = TypeKind.TIME;
  private static final TypeKind TIMESTAMP = TypeKind.TIMESTAMP;
  private static final TypeKind TIMESTAMPTZ = TypeKind.TIMESTAMPTZ;
  private static final TypeKind INTERVAL = TypeKind.INTERVAL;
  private static final TypeKind INT = TypeKind.INTEGER;
  private static final TypeKind REAL = TypeKind.DOUBLE;

  private DateTimeOperators() {}

  static void register(Catalog catalog) {
    dates(catalog);
    times(catalog);
    timestamps(catalog);
    intervals(catalog);
  }

  private static void dates(Catalog catalog) {
    catalog.row("+", DATE, c -> c.set(addDays(c.integer(0), c.integer(1))), DATE, INT);
    catalog.row("+", DATE, c -> c.set(addDays(c.integer(1), c.integer(0))), INT, DATE);
    catalog.row("-", DATE, c -> c.set(addDays(c.integer(0), -(long) c.integer(1))), DATE, INT);
    catalog.row("-", INT, c -> c.set(daysBetween(c.integer(0), c.integer(1))), DATE, DATE);
    catalog.row("+", TIMESTAMP, c -> c.set(plus(midnight(c, 0), c.interval(1), 1)), DATE, INTERVAL);
    catalog.row("+", TIMESTAMP, c -> c.set(plus(midnight(c, 1), c.interval(0), 1)), INTERVAL, DATE);
    catalog.row(
        "-", TIMESTAMP, c -> c.set(plus(midnight(c, 0), c.interval(1), -1)), DATE, INTERVAL);
    catalog.row("+", TIMESTAMP, c -> c.set(at(midnight(c, 0), c.bigint(1))), DATE, TIME);
    catalog.row("+", TIMESTAMP, c -> c.set(at(midnight(c, 1), c.bigint(0))), TIME, DATE);
  }

  private static long midnight(Cells c, int argument) {
    return Conversions.toTimestamp(c.integer(argument));
  }

  private static long at(long midnight, long time) {
    return Calendar.isInfinite(midnight) ? midnight : midnight + time;
  }

  private static int addDays(int date, long days) {
    if (Calendar.isInfinite(date)) {
      return date;
    }
    long sum = date + days;
    if (sum < Calendar.MIN_DAYS || sum > 2_145_042_905L) {
      throw ErrorCode.DATETIME_OVERFLOW.error("Date out of range.").build();
    }
    return (int) sum;
  }

  private static int daysBetween(int later, int earlier) {
    if (Calendar.isInfinite(later) || Calendar.isInfinite(earlier)) {
      throw ErrorCode.DATETIME_OVERFLOW.error("Cannot subtract infinite dates.").build();
    }
    return Conversions.toInteger((long) later - earlier, INT);
  }

  private static void times(Catalog catalog) {
    catalog.row(
        "+",
        TIME,
        c -> c.set(Conversions.toTime(c.bigint(0) + c.interval(1).micros())),
        TIME,
        INTERVAL);
    catalog.row(
        "+",
        TIME,
        c -> c.set(Conversions.toTime(c.bigint(1) + c.interval(0).micros())),
        INTERVAL,
        TIME);
    catalog.row(
        "-",
        TIME,
        c -> c.set(Conversions.toTime(c.bigint(0) - c.interval(1).micros())),
        TIME,
        INTERVAL);
    catalog.row("-", INTERVAL, c -> c.set(0, 0, c.bigint(0) - c.bigint(1)), TIME, TIME);
  }

  private static void timestamps(Catalog catalog) {
    catalog.row(
        "+", TIMESTAMP, c -> c.set(plus(c.bigint(0), c.interval(1), 1)), TIMESTAMP, INTERVAL);
    catalog.row(
        "+", TIMESTAMP, c -> c.set(plus(c.bigint(1), c.interval(0), 1)), INTERVAL, TIMESTAMP);
    catalog.row(
        "-", TIMESTAMP, c -> c.set(plus(c.bigint(0), c.interval(1), -1)), TIMESTAMP, INTERVAL);
    catalog.row("-", INTERVAL, c -> between(c, c.bigint(0), c.bigint(1)), TIMESTAMP, TIMESTAMP);
    catalog.stable(
        "+",
        TIMESTAMPTZ,
        c -> c.set(plus(c.bigint(0), c.interval(1), 1, c.context().zone())),
        TIMESTAMPTZ,
        INTERVAL);
    catalog.stable(
        "+",
        TIMESTAMPTZ,
        c -> c.set(plus(c.bigint(1), c.interval(0), 1, c.context().zone())),
        INTERVAL,
        TIMESTAMPTZ);
    catalog.stable(
        "-",
        TIMESTAMPTZ,
        c -> c.set(plus(c.bigint(0), c.interval(1), -1, c.context().zone())),
        TIMESTAMPTZ,
        INTERVAL);
    catalog.row("-", INTERVAL, c -> between(c, c.bigint(0), c.bigint(1)), TIMESTAMPTZ, TIMESTAMPTZ);
  }

  static VarveException timestampOutOfRange() {
    return ErrorCode.DATETIME_OVERFLOW.error("Timestamp out of range.").build();
  }

  static VarveException intervalOutOfRange() {
    return ErrorCode.DATETIME_OVERFLOW.error("Interval out of range.").build();
  }

  /** A local time plus (sign 1) or minus (sign -1) an interval: months, then days, then the rest. */
  static long plus(long micros, Interval span, int sign) {
    if (Calendar.isInfinite(micros)) {
      return micros;
    }
    try {
      long day = Calendar.dayOf(micros);
      long time = Calendar.timeOf(micros);
      if (span.months() != 0) {
        day = Calendar.addMonths(day, (long) span.months() * sign);
      }
      day += (long) span.days() * sign;
      long date = Math.multiplyExact(day, Calendar.DAY_MICROS);
      long moved =
          Math.addExact(Math.addExact(date, time), Math.multiplyExact(span.micros(), (long) sign));
      if (Calendar.dayOf(moved) < Calendar.MIN_DAYS) {
        throw timestampOutOfRange();
      }
      return moved;
    } catch (ArithmeticException e) {
      throw timestampOutOfRange();
    }
  }

  /** An instant plus or minus an interval whose months and days count in the zone's local time. */
  static long plus(long micros, Interval span, int sign, ZoneId zone) {
    if (Calendar.isInfinite(micros)) {
      return micros;
    }
    long moved = micros;
    if (span.months() != 0 || span.days() != 0) {
      Interval dateSpan = new Interval(span.months(), span.days(), 0);
      moved = TimeZones.toUtc(zone, plus(TimeZones.toLocal(zone, micros), dateSpan, sign));
    }
    return plus(moved, new Interval(0, 0, span.micros()), sign);
  }

  private static void between(Cells c, long later, long earlier) {
    if (Calendar.isInfinite(later) || Calendar.isInfinite(earlier)) {
      throw ErrorCode.DATETIME_OVERFLOW.error("Cannot subtract infinite timestamps.").build();
    }
    long difference = later - earlier;
    if (((later ^ earlier) & (later ^ difference)) < 0) {
      throw intervalOutOfRange();
    }
    c.set(0, (int) (difference / Calendar.DAY_MICROS), difference % Calendar.DAY_MICROS);
  }

  private static void intervals(Catalog catalog) {
    catalog.row("+", INTERVAL, c -> c.set(sum(c.interval(0), c.interval(1))), INTERVAL, INTERVAL);
    catalog.row(
        "-", INTERVAL, c -> c.set(sum(c.interval(0), negated(c.interval(1)))), INTERVAL, INTERVAL);
    catalog.row("-", INTERVAL, c -> c.set(negated(c.interval(0))), INTERVAL);
    catalog.row("+", INTERVAL, c -> c.copy(0), INTERVAL);
    catalog.row("*", INTERVAL, c -> c.set(times(c.interval(0), c.real(1))), INTERVAL, REAL);
    catalog.row("*", INTERVAL, c -> c.set(times(c.interval(1), c.real(0))), REAL, INTERVAL);
    catalog.row("/", INTERVAL, DateTimeOperators::divide, INTERVAL, REAL);
  }

  private static void divide(Cells c) {
    if (c.real(1) == 0) {
      throw IntegerOperators.divisionByZero();
    }
    c.set(divided(c.interval(0), c.real(1)));
  }

  /** The span divided by a number that is not zero. */
  static Interval divided(Interval span, double divisor) {
    return scaled(span.months() / divisor, span.days() / divisor, span.micros() / divisor);
  }

  /** The sum of two spans, field by field. */
  static Interval sum(Interval left, Interval right) {
    try {
      return new Interval(
          Math.addExact(left.months(), right.months()),
          Math.addExact(left.days(), right.days()),
          Math.addExact(left.micros(), right.micros()));
    } catch (ArithmeticException e) {
      throw intervalOutOfRange();
    }
  }

  /** The span the other way. */
  static Interval negated(Interval span) {
    try {
      return new Interval(
          Math.negateExact(span.months()),
          Math.negateExact(span.days()),
          Math.negateExact(span.micros()));
    } catch (ArithmeticException e) {
      throw intervalOutOfRange();
    }
  }

  private static Interval times(Interval span, double factor) {
    return scaled(span.months() * factor, span.days() * factor, span.micros() * factor);
  }

  /** Fractions of months become days, fractions of days time. */
  private static Interval scaled(double months, double days, double micros) {
    if (!(Math.abs(months) <= Integer.MAX_VALUE)
        || !(Math.abs(days) <= Integer.MAX_VALUE)
        || !(Math.abs(micros) <= 9.2e18)) {
      throw intervalOutOfRange();
    }
    int wholeMonths = (int) months;
    int wholeDays = (int) days;
    double monthDays = rounded((months - wholeMonths) * 30);
    double seconds = rounded((days - wholeDays + monthDays - (int) monthDays) * 86_400);
    if (Math.abs(seconds) >= 86_400) {
      wholeDays += (int) (seconds / 86_400);
      seconds -= (int) (seconds / 86_400) * 86_400;
    }
    wholeDays += (int) monthDays;
    double total = Math.rint(micros + seconds * Calendar.SECOND_MICROS);
    return new Interval(wholeMonths, wholeDays, (long) total);
  }

  private static double rounded(double value) {
    return Math.rint(value * Calendar.SECOND_MICROS) / Calendar.SECOND_MICROS;
  }
}
