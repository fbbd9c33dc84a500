// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.DateNames;
import dev.varve.query.type.TimeZones;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;

/** to_char of timestamps and intervals. */
final class DateTimeFormat {
  private static final String[] ROMAN = {
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"
  };

  private final StringBuilder text = new StringBuilder();
  private final boolean isInterval;
  private long year;
  private int month;
  private int day;
  private long days;
  private long hours;
  private int minutes;
  private int seconds;
  private int micros;
  private int offsetSeconds;
  private String zoneName = "";

  private DateTimeFormat(boolean isInterval) {
    this.isInterval = isInterval;
  }

  /** A local time; the zone is for TZ and OF, with the instant it belongs to. */
  static String format(
      long localMicros, DateTimePattern pattern, ZoneId zone, long utcMicros, boolean hasZone) {
    DateTimeFormat format = new DateTimeFormat(false);
    format.days = Calendar.dayOf(localMicros);
    long date = Calendar.date(format.days);
    format.year = Calendar.year(date);
    format.month = Calendar.month(date);
    format.day = Calendar.day(date);
    format.clock(Calendar.timeOf(localMicros));
    if (hasZone) {
      format.offsetSeconds = TimeZones.offsetAt(zone, utcMicros);
      format.zoneName = zoneName(zone, utcMicros);
    }
    return format.run(pattern);
  }

  /** An interval. */
  static String format(Interval span, DateTimePattern pattern) {
    DateTimeFormat format = new DateTimeFormat(true);
    format.year = span.months() / 12;
    format.month = span.months() % 12;
    format.day = span.days();
    format.days = span.months() / 12 * 360L + span.months() % 12 * 30L + span.days();
    format.clock(span.micros());
    return format.run(pattern);
  }

  private static String zoneName(ZoneId zone, long utcMicros) {
    if (zone instanceof ZoneOffset offset) {
      return offset.getTotalSeconds() == 0 ? "UTC" : offset.getId();
    }
    ZonedDateTime time =
        java.time.Instant.ofEpochSecond(Math.floorDiv(utcMicros, Calendar.SECOND_MICROS))
            .atZone(zone);
    return time.format(java.time.format.DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH));
  }

  private void clock(long time) {
    hours = time / Calendar.HOUR_MICROS;
    minutes = (int) (time / Calendar.MINUTE_MICROS % 60);
    seconds = (int) (time / Calendar.SECOND_MICROS % 60);
    micros = (int) (time % Calendar.SECOND_MICROS);
  }

  private String run(DateTimePattern pattern) {
    for (DateTimePattern.Node node : pattern.nodes()) {
      if (node.isLiteral()) {
        text.append(node.text());
      } else {
        int start = text.length();
        append(node);
        if (node.hasOrdinal()) {
          ordinal(start, node.ordinalUpper());
        }
      }
    }
    return text.toString();
  }

  private void append(DateTimePattern.Node node) {
    switch (node.name()) {
      case "HH", "HH12" -> number(twelve(), signed(2, hours), node);
      case "HH24" -> number(hours, signed(2, hours), node);
      case "MI" -> number(minutes, signed(2, minutes), node);
      case "SS" -> number(seconds, signed(2, seconds), node);
      case "SSSS", "SSSSS" -> text.append(hours * 3600 + minutes * 60 + seconds);
      case "MS", "FF3" -> number(micros / 1000, 3, node);
      case "US", "FF6" -> number(micros, 6, node);
      case "FF1" -> number(micros / 100_000, 1, node);
      case "FF2" -> number(micros / 10_000, 2, node);
      case "FF4" -> number(micros / 100, 4, node);
      case "FF5" -> number(micros / 10, 5, node);
      case "AM", "PM", "A.M.", "P.M." -> meridiem(node);
      case "AD", "BC", "A.D.", "B.C." -> era(node);
      case "MONTH", "MON" -> monthName(node);
      case "DAY", "DY" -> dayName(node);
      case "TZ" -> zone(node);
      case "TZH" -> offsetHours();
      case "TZM" -> twoDigits(Math.abs(offsetSeconds) / 60 % 60);
      case "OF" -> offset(node);
      case "RM" -> roman(node);
      default -> date(node);
    }
  }

  private static int signed(int width, long value) {
    return value < 0 ? width + 1 : width;
  }

  private long twelve() {
    long hour = hours % 12;
    return hour == 0 ? 12 : hour;
  }

  private void date(DateTimePattern.Node node) {
    switch (node.name()) {
      case "MM" -> number(month, signed(2, month), node);
      case "DD" -> number(day, signed(2, day), node);
      case "DDD" -> number(isInterval ? days : Calendar.dayOfYear(days), 3, node);
      case "IDDD" -> number(isoDayOfYear(), 3, node);
      case "D" -> {
        requireDate();
        text.append(Calendar.dayOfWeek(days) + 1);
      }
      case "ID" -> {
        requireDate();
        text.append((Calendar.dayOfWeek(days) + 6) % 7 + 1);
      }
      case "WW" -> number((Calendar.dayOfYear(days) - 1) / 7 + 1, 2, node);
      case "IW" -> number(Calendar.isoWeek(days) & 0xff, 2, node);
      case "W" -> text.append((day - 1) / 7 + 1);
      case "Q" -> {
        if (month != 0) {
          text.append((month - 1) / 3 + 1);
        }
      }
      case "CC" -> century(node);
      case "J" -> text.append(days - Calendar.MIN_DAYS);
      case "Y,YYY" -> {
        long shown = shownYear();
        text.append(shown / 1000).append(',');
        pad(shown % 1000, 3);
      }
      default -> year(node);
    }
  }

  private void requireDate() {
    if (isInterval) {
      throw ErrorCode.INVALID_DATETIME_FORMAT
          .error("Invalid format specification for an interval value.")
          .hint("Intervals are not tied to specific calendar dates.")
          .build();
    }
  }

  private long isoDayOfYear() {
    long week = Calendar.isoWeek(days);
    return days - Calendar.isoWeekMonday((int) (week >> 8), 1) + 1;
  }

  private long shownYear() {
    return isInterval || year > 0 ? year : 1 - year;
  }

  private void year(DateTimePattern.Node node) {
    boolean iso = node.name().startsWith("I");
    long isoYear = iso ? Calendar.isoWeek(days) >> 8 : 0;
    long shown = iso ? isoYear > 0 ? isoYear : 1 - isoYear : shownYear();
    switch (node.name().length()) {
      case 4 -> number(shown, signed(4, shown), node);
      case 3 -> number(shown % 1000, 3, node);
      case 2 -> number(shown % 100, 2, node);
      default -> text.append(shown % 10);
    }
  }

  private void century(DateTimePattern.Node node) {
    long century = isInterval ? year / 100 : year > 0 ? (year - 1) / 100 + 1 : -((-year) / 100 + 1);
    if (Math.abs(century) <= 99) {
      number(century, signed(2, century), node);
    } else {
      text.append(century);
    }
  }

  private void number(long value, int width, DateTimePattern.Node node) {
    if (node.fillMode()) {
      text.append(value);
    } else {
      pad(value, width);
    }
  }

  private void pad(long value, int width) {
    String digits = Long.toString(Math.abs(value));
    if (value < 0) {
      text.append('-');
    }
    text.append("0".repeat(Math.max(0, width - (value < 0 ? 1 : 0) - digits.length())))
        .append(digits);
  }

  private void twoDigits(int value) {
    pad(value, 2);
  }

  private void meridiem(DateTimePattern.Node node) {
    boolean dotted = node.name().length() == 4;
    String upper = Math.floorMod(hours, 24L) >= 12 ? "PM" : "AM";
    cased(dotted ? upper.charAt(0) + ".M." : upper, node);
  }

  private void era(DateTimePattern.Node node) {
    requireDate();
    boolean dotted = node.name().length() == 4;
    String upper = year <= 0 ? "BC" : "AD";
    cased(dotted ? upper.charAt(0) + "." + upper.charAt(1) + "." : upper, node);
  }

  private void cased(String upper, DateTimePattern.Node node) {
    boolean lower = Character.isLowerCase(node.text().charAt(0));
    text.append(lower ? upper.toLowerCase(Locale.ROOT) : upper);
  }

  private void monthName(DateTimePattern.Node node) {
    requireDate();
    name(DateNames.MONTHS[month - 1], node, node.name().equals("MON"));
  }

  private void dayName(DateTimePattern.Node node) {
    requireDate();
    name(DateNames.DAYS[Calendar.dayOfWeek(days)], node, node.name().equals("DY"));
  }

  private void name(String full, DateTimePattern.Node node, boolean isShort) {
    String name = isShort ? full.substring(0, 3) : full;
    String written = node.text();
    boolean firstUpper = Character.isUpperCase(written.charAt(0));
    boolean secondUpper = Character.isUpperCase(written.charAt(1));
    String cased =
        firstUpper && secondUpper
            ? name.toUpperCase(Locale.ROOT)
            : firstUpper ? name : name.toLowerCase(Locale.ROOT);
    text.append(cased);
    if (!isShort && !node.fillMode() && !node.translated()) {
      text.append(" ".repeat(9 - cased.length()));
    }
  }

  private void zone(DateTimePattern.Node node) {
    requireDate();
    boolean lower = Character.isLowerCase(node.text().charAt(0));
    text.append(lower ? zoneName.toLowerCase(Locale.ROOT) : zoneName);
  }

  private void offsetHours() {
    requireDate();
    text.append(offsetSeconds < 0 ? '-' : '+');
    twoDigits(Math.abs(offsetSeconds) / 3600);
  }

  private void offset(DateTimePattern.Node node) {
    requireDate();
    text.append(offsetSeconds < 0 ? '-' : '+');
    int absolute = Math.abs(offsetSeconds);
    if (node.fillMode()) {
      text.append(absolute / 3600);
    } else {
      twoDigits(absolute / 3600);
    }
    if (absolute % 3600 != 0) {
      text.append(':');
      twoDigits(absolute / 60 % 60);
    }
  }

  private void roman(DateTimePattern.Node node) {
    if (month == 0) {
      return;
    }
    String upper = ROMAN[Math.floorMod(month - 1, 12)];
    String cased =
        Character.isLowerCase(node.text().charAt(0)) ? upper.toLowerCase(Locale.ROOT) : upper;
    text.append(node.fillMode() ? cased : cased + " ".repeat(4 - cased.length()));
  }

  private void ordinal(int start, boolean upper) {
    int end = text.length();
    if (end == start || !Character.isDigit(text.charAt(end - 1))) {
      return;
    }
    char last = text.charAt(end - 1);
    boolean teen = end - start >= 2 && text.charAt(end - 2) == '1';
    String suffix =
        teen ? "th" : last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th";
    text.append(upper ? suffix.toUpperCase(Locale.ROOT) : suffix);
  }
}
