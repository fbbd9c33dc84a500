// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

/**
 * Arithmetic of the proleptic Gregorian calendar over days since 1970-01-01 and microseconds. Years
 * are astronomical: 0 is 1 BC.
 */
public final class Calendar {
  /** Microseconds of a second. */
  public static final long SECOND_MICROS = 1_000_000L;

  /** Microseconds of a minute. */
  public static final long MINUTE_MICROS = 60 * SECOND_MICROS;

  /** Microseconds of an hour. */
  public static final long HOUR_MICROS = 60 * MINUTE_MICROS;

  /** Microseconds of a day. */
  public static final long DAY_MICROS = 24 * HOUR_MICROS;

  /** The DATE 'infinity'. */
  public static final int DATE_INFINITY = Integer.MAX_VALUE;

  /** The DATE '-infinity'. */
  public static final int DATE_NEGATIVE_INFINITY = Integer.MIN_VALUE;

  /** The TIMESTAMP 'infinity'. */
  public static final long INFINITY = Long.MAX_VALUE;

  /** The TIMESTAMP '-infinity'. */
  public static final long NEGATIVE_INFINITY = Long.MIN_VALUE;

  /** The first day of 4713 BC in the Julian calendar, where Julian day numbers begin. */
  public static final int MIN_DAYS = -2_440_588;

  private static final int DAYS_TO_EPOCH = 719_468;
  private static final int ERA_DAYS = 146_097;

  private Calendar() {}

  /** Whether a DATE is one of the infinities. */
  public static boolean isInfinite(int days) {
    return days == DATE_INFINITY || days == DATE_NEGATIVE_INFINITY;
  }

  /** Whether a TIMESTAMP is one of the infinities. */
  public static boolean isInfinite(long micros) {
    return micros == INFINITY || micros == NEGATIVE_INFINITY;
  }

  /** Days since 1970-01-01 of a date; month 1 to 12, and any day. */
  public static long days(long year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * ERA_DAYS + dayOfEra - DAYS_TO_EPOCH;
  }

  /** The date of a day, packed; take it apart with {@link #year}, {@link #month}, {@link #day}. */
  public static long date(long days) {
    long z = days + DAYS_TO_EPOCH;
    long era = Math.floorDiv(z, ERA_DAYS);
    long dayOfEra = z - era * ERA_DAYS;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long shifted = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    long month = shifted < 10 ? shifted + 3 : shifted - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    return year << 16 | month << 8 | day;
  }

  /** The year of a packed date. */
  public static int year(long date) {
    return (int) (date >> 16);
  }

  /** The month of a packed date, 1 to 12. */
  public static int month(long date) {
    return (int) (date >> 8 & 0xff);
  }

  /** The day of the month of a packed date. */
  public static int day(long date) {
    return (int) (date & 0xff);
  }

  /** The number of days in a month. */
  public static int daysInMonth(long year, int month) {
    return switch (month) {
      case 2 -> isLeap(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Whether a year has a 29th of February. */
  public static boolean isLeap(long year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  /** The day on which a timestamp is. */
  public static long dayOf(long micros) {
    return Math.floorDiv(micros, DAY_MICROS);
  }

  /** The microseconds of the day at a timestamp. */
  public static long timeOf(long micros) {
    return Math.floorMod(micros, DAY_MICROS);
  }

  /** 0 for Sunday to 6 for Saturday. */
  public static int dayOfWeek(long days) {
    return (int) Math.floorMod(days + 4, 7L);
  }

  /** 1 to 366. */
  public static int dayOfYear(long days) {
    return (int) (days - days(year(date(days)), 1, 1)) + 1;
  }

  /** The ISO 8601 year of a day in the high, its week in the low 8 bits. */
  public static long isoWeek(long days) {
    long thursday = days - Math.floorMod(days + 3, 7L) + 3;
    int year = year(date(thursday));
    long week = (thursday - days(year, 1, 1)) / 7 + 1;
    return (long) year << 8 | week;
  }

  /** The Monday of an ISO 8601 week. */
  public static long isoWeekMonday(int year, int week) {
    long fourth = days(year, 1, 4);
    return fourth - Math.floorMod(fourth + 3, 7L) + (week - 1) * 7L;
  }

  /** Adds months to a day; the day of the month is reduced to the last one there is. */
  public static long addMonths(long days, long months) {
    long date = date(days);
    long total = year(date) * 12L + (month(date) - 1) + months;
    long year = Math.floorDiv(total, 12L);
    int month = (int) Math.floorMod(total, 12L) + 1;
    return days(year, month, Math.min(day(date), daysInMonth(year, month)));
  }
}
