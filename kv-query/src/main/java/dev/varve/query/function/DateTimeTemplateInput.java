// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.DateNames;
import dev.varve.query.type.TimeZones;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/** to_date and to_timestamp: reads text by a template, leniently as PostgreSQL does. */
final class DateTimeTemplateInput {
  private static final String[] ROMAN = {
    "VIII", "VII", "III", "XII", "IV", "VI", "II", "IX", "XI", "V", "X", "I"
  };
  private static final int[] ROMAN_MONTHS = {8, 7, 3, 12, 4, 6, 2, 9, 11, 5, 10, 1};

  private final String text;
  private final DateTimePattern pattern;
  private int at;
  private int year;
  private int yearDigits;
  private int century;
  private int month;
  private int day;
  private int dayOfYear;
  private int week;
  private int weekOfMonth;
  private int isoWeek;
  private int isoDay;
  private boolean isIso;
  private boolean bc;
  private long julian = -1;
  private int hour;
  private boolean twelve;
  private int meridiem;
  private int minute;
  private int second;
  private int secondOfDay = -1;
  private long micros;
  private int offsetSign;
  private int offsetHours;
  private int offsetMinutes;
  private boolean hasOffset;

  DateTimeTemplateInput(String text, DateTimePattern pattern) {
    this.text = text;
    this.pattern = pattern;
    read();
  }

  private void read() {
    List<DateTimePattern.Node> nodes = pattern.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      DateTimePattern.Node node = nodes.get(i);
      if (node.isLiteral()) {
        literal(node);
        continue;
      }
      if (!pattern.isExact()) {
        skipBlanks();
      }
      if (at >= text.length()) {
        break;
      }
      boolean alone = i + 1 == nodes.size() || !adjoins(nodes.get(i + 1));
      field(node, alone);
      if (node.hasOrdinal()) {
        at = Math.min(text.length(), at + 2);
      }
    }
  }

  /** Whether a pattern follows directly, so that this one takes no more digits than its own. */
  private static boolean adjoins(DateTimePattern.Node next) {
    return next.isLiteral()
        ? Character.isDigit(next.text().charAt(0))
        : Character.isLetter(next.name().charAt(0)) && !isName(next.name());
  }

  private static boolean isName(String name) {
    return name.startsWith("MON") || name.equals("DAY") || name.equals("DY");
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private void literal(DateTimePattern.Node node) {
    for (int i = 0; i < node.text().length(); i++) {
      char expected = node.text().charAt(i);
      if (at >= text.length()) {
        return;
      }
      char found = text.charAt(at);
      if (pattern.isExact() || node.quoted()) {
        at++;
      } else if (isSeparator(expected)) {
        if (Character.isWhitespace(found) && !Character.isWhitespace(expected)) {
          skipBlanks();
          found = at < text.length() ? text.charAt(at) : 'x';
        }
        if (isSeparator(found) && !(found == '-' || found == '+') || found == expected) {
          at++;
        } else if ((found == '-' || found == '+') && !offsetFollows(node)) {
          at++;
        }
      } else {
        skipBlanks();
        if (at < text.length()) {
          at++;
        }
      }
    }
  }

  private boolean offsetFollows(DateTimePattern.Node node) {
    int index = pattern.nodes().indexOf(node);
    return index + 1 < pattern.nodes().size()
        && pattern.nodes().get(index + 1).name().startsWith("TZ");
  }

  private static boolean isSeparator(char c) {
    return c > 32 && c < 127 && !Character.isLetterOrDigit(c) || Character.isWhitespace(c);
  }

  private void field(DateTimePattern.Node node, boolean alone) {
    switch (node.name()) {
      case "HH24" -> hour = number(node, 2, alone);
      case "HH", "HH12" -> {
        hour = number(node, 2, alone);
        twelve = true;
      }
      case "MI" -> minute = number(node, 2, alone);
      case "SS" -> second = number(node, 2, alone);
      case "SSSS", "SSSSS" -> secondOfDay = number(node, 5, alone);
      case "MS", "US", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6" -> fraction();
      case "AM", "PM", "A.M.", "P.M." -> meridiem(node);
      case "AD", "BC", "A.D.", "B.C." -> era(node);
      case "MONTH" -> month = name(DateNames.MONTHS, false, node) + 1;
      case "MON" -> month = name(DateNames.MONTHS, true, node) + 1;
      case "DAY" -> name(DateNames.DAYS, false, node);
      case "DY" -> name(DateNames.DAYS, true, node);
      case "RM" -> roman(node);
      case "TZH" -> zoneHours(node);
      case "TZM" -> offsetMinutes = number(node, 2, alone);
      case "TZ", "OF" ->
          throw ErrorCode.NOT_SUPPORTED
              .error("Formatting field \"" + node.name() + "\" is only supported in to_char.")
              .build();
      default -> date(node, alone);
    }
  }

  private void date(DateTimePattern.Node node, boolean alone) {
    switch (node.name()) {
      case "MM" -> month = number(node, 2, alone);
      case "DD" -> day = number(node, 2, alone);
      case "DDD", "IDDD" -> dayOfYear = number(node, 3, alone);
      case "D" -> number(node, 1, alone);
      case "ID" -> isoDay = number(node, 1, alone);
      case "WW" -> week = number(node, 2, alone);
      case "IW" -> {
        isoWeek = number(node, 2, alone);
        isIso = true;
      }
      case "W" -> weekOfMonth = number(node, 1, alone);
      case "Q" -> number(node, 1, alone);
      case "CC" -> century = number(node, 2, alone);
      case "J" -> julian = number(node, 9, true);
      case "Y,YYY" -> {
        int thousands = number(node, 9, true);
        at++;
        year = thousands * 1000 + number(node, 3, false);
        yearDigits = 4;
      }
      default -> {
        isIso |= node.name().startsWith("I");
        int start = at;
        year = number(node, node.name().length(), alone);
        int read = at - start;
        yearDigits = node.name().length() == 4 && read > 2 ? 4 : Math.min(read, 4);
        if (node.name().length() == 4 && read <= 2 && !node.fillMode()) {
          yearDigits = read;
        }
      }
    }
  }

  private int number(DateTimePattern.Node node, int width, boolean alone) {
    if (!pattern.isExact()) {
      skipBlanks();
    }
    int start = at;
    boolean sign = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
    if (sign) {
      at++;
    }
    int digits = at;
    int most = alone || node.fillMode() ? 10 : width;
    while (at < text.length() && Character.isDigit(text.charAt(at)) && at - digits < most) {
      at++;
    }
    if (at == digits) {
      throw ErrorCode.INVALID_DATETIME_FORMAT
          .error(
              "Invalid value \""
                  + text.substring(start, Math.min(text.length(), start + width))
                  + "\" for \""
                  + node.text()
                  + "\".")
          .hint("Value must be an integer.")
          .build();
    }
    long value = Long.parseLong(text.substring(digits, at));
    if (value > Integer.MAX_VALUE) {
      throw ErrorCode.DATETIME_OVERFLOW
          .error("Value for \"" + node.text() + "\" in source string is out of range.")
          .build();
    }
    return (int) (sign && text.charAt(start) == '-' ? -value : value);
  }

  private void fraction() {
    int start = at;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    StringBuilder digits = new StringBuilder(text.substring(start, at));
    while (digits.length() < 7) {
      digits.append('0');
    }
    micros = (Long.parseLong(digits.substring(0, 7)) + 5) / 10;
  }

  private void meridiem(DateTimePattern.Node node) {
    int length = node.name().length();
    String word = take(length);
    if (word.startsWith("A")) {
      meridiem = -1;
    } else if (word.startsWith("P")) {
      meridiem = 1;
    } else {
      throw invalid(word, node);
    }
  }

  private void era(DateTimePattern.Node node) {
    bc = take(node.name().length()).startsWith("B");
  }

  private String take(int length) {
    String word = text.substring(at, Math.min(text.length(), at + length)).toUpperCase(Locale.ROOT);
    at += word.length();
    return word;
  }

  private VarveException invalid(String word, DateTimePattern.Node node) {
    return ErrorCode.INVALID_DATETIME_FORMAT
        .error("Invalid value \"" + word + "\" for \"" + node.text() + "\".")
        .hint("The given value did not match any of the allowed values for this field.")
        .build();
  }

  private int name(String[] names, boolean isShort, DateTimePattern.Node node) {
    for (int i = 0; i < names.length; i++) {
      String name = isShort ? names[i].substring(0, 3) : names[i];
      if (text.regionMatches(true, at, name, 0, name.length())) {
        at += name.length();
        return i;
      }
    }
    int end = at;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    throw invalid(text.substring(at, end), node);
  }

  private void roman(DateTimePattern.Node node) {
    for (int i = 0; i < ROMAN.length; i++) {
      if (text.regionMatches(true, at, ROMAN[i], 0, ROMAN[i].length())) {
        month = ROMAN_MONTHS[i];
        at += ROMAN[i].length();
        return;
      }
    }
    throw invalid(text.substring(at), node);
  }

  private void zoneHours(DateTimePattern.Node node) {
    hasOffset = true;
    offsetSign = 1;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      offsetSign = text.charAt(at) == '-' ? -1 : 1;
      at++;
    }
    offsetHours = number(node, 2, false);
  }

  /** The day that was read. */
  long days() {
    long days = uncheckedDays();
    if (days < Calendar.MIN_DAYS || days > 2_145_042_905L) {
      throw ErrorCode.DATETIME_OVERFLOW.error("Date out of range: \"" + text + "\".").build();
    }
    return days;
  }

  private long uncheckedDays() {
    if (julian >= 0) {
      return julian + Calendar.MIN_DAYS;
    }
    int fullYear = fullYear();
    if (isIso && isoWeek > 0) {
      return Calendar.isoWeekMonday(fullYear, isoWeek) + Math.max(isoDay, 1) - 1;
    }
    if (isIso && dayOfYear > 0) {
      return Calendar.isoWeekMonday(fullYear, 1) + dayOfYear - 1;
    }
    if (dayOfYear > 0 || week > 0) {
      int ofYear = dayOfYear > 0 ? dayOfYear : (week - 1) * 7 + 1;
      if (ofYear > (Calendar.isLeap(fullYear) ? 366 : 365)) {
        throw outOfRange();
      }
      return Calendar.days(fullYear, 1, 1) + ofYear - 1;
    }
    int ofMonth = day == 0 && weekOfMonth > 0 ? (weekOfMonth - 1) * 7 + 1 : Math.max(day, 1);
    int shownMonth = month == 0 ? 1 : month;
    if (shownMonth < 1
        || shownMonth > 12
        || day < 0
        || ofMonth > Calendar.daysInMonth(fullYear, shownMonth)) {
      throw outOfRange();
    }
    return Calendar.days(fullYear, shownMonth, ofMonth);
  }

  private VarveException outOfRange() {
    return ErrorCode.DATETIME_OVERFLOW
        .error("Date/time field value out of range: \"" + text + "\".")
        .build();
  }

  private int fullYear() {
    int full = year;
    if (century != 0 && yearDigits <= 2) {
      full = yearDigits == 0 ? (century - 1) * 100 + 1 : (century - 1) * 100 + year;
      if (yearDigits > 0 && year == 0) {
        full += 100;
      }
      return full;
    }
    if (yearDigits > 0 && yearDigits < 4 && year >= 0) {
      full = completed(year, yearDigits);
    }
    if (bc) {
      return full > 0 ? 1 - full : full + 1;
    }
    return full < 0 ? full + 1 : full;
  }

  /** A year of fewer than four digits is the one nearest to 2020. */
  private static int completed(int value, int digits) {
    return switch (digits) {
      case 1 -> value + 2000;
      case 2 -> value < 70 ? value + 2000 : value + 1900;
      default -> value < 520 ? value + 2000 : value < 1000 ? value + 1000 : value;
    };
  }

  /** The time of day that was read. */
  long timeMicros() {
    if (secondOfDay >= 0) {
      return secondOfDay * Calendar.SECOND_MICROS + micros;
    }
    int hours = hour;
    if (twelve) {
      if (hours < 1 || hours > 12) {
        throw ErrorCode.INVALID_DATETIME_FORMAT
            .error("Hour \"" + hours + "\" is invalid for the 12-hour clock.")
            .hint("Use the 24-hour clock, or give an hour between 1 and 12.")
            .build();
      }
      hours = meridiem != 0 ? hours % 12 + (meridiem > 0 ? 12 : 0) : hours == 12 ? 0 : hours;
    }
    if (hours < 0 || hours > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      throw outOfRange();
    }
    return hours * Calendar.HOUR_MICROS
        + minute * Calendar.MINUTE_MICROS
        + second * Calendar.SECOND_MICROS
        + micros;
  }

  /** The instant that was read, local time being that of {@code zone} unless an offset was given. */
  long instant(ZoneId zone) {
    long local = days() * Calendar.DAY_MICROS + timeMicros();
    if (!hasOffset) {
      return TimeZones.toUtc(zone, local);
    }
    long offset = offsetHours * Calendar.HOUR_MICROS + offsetMinutes * Calendar.MINUTE_MICROS;
    return local - offsetSign * offset;
  }
}
