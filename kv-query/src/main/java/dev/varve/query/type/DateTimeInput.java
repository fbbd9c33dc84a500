// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads one date, time or timestamp in any of the forms that PostgreSQL takes with DateStyle ISO, MDY:
 * ISO 8601, month names, slashes, Julian days, and the words now, today, tomorrow, yesterday, epoch
 * and infinity.
 */
final class DateTimeInput {
  private final String text;
  private final SqlType type;
  private final ZoneId sessionZone;
  private final long nowMicros;

  private int at;
  private boolean hasDate;
  private long year;
  private int month;
  private int day;
  private boolean yearGiven;
  private boolean twoDigitYear;
  private int dayOfYear;
  private final int[] parts = new int[3];
  private final int[] partDigits = new int[3];
  private int partCount;
  private boolean bc;
  private boolean hasTime;
  private int hour;
  private int minute;
  private int second;
  private long fractionMicros;
  private int meridiem;
  private @Nullable ZoneId zone;
  private @Nullable String special;

  DateTimeInput(String text, SqlType type, ZoneId sessionZone, long nowMicros) {
    this.text = text;
    this.type = type;
    this.sessionZone = sessionZone;
    this.nowMicros = nowMicros;
  }

  Integer date() {
    scan();
    String word = special;
    if (word != null) {
      return switch (word) {
        case "infinity" -> Calendar.DATE_INFINITY;
        case "-infinity" -> Calendar.DATE_NEGATIVE_INFINITY;
        default -> (int) Calendar.dayOf(specialLocal(word));
      };
    }
    if (!hasDate) {
      throw invalid();
    }
    validTime();
    long days = days();
    if (days < Calendar.MIN_DAYS || days > 2_145_042_905L) {
      throw ErrorCode.DATETIME_OVERFLOW.error("Date out of range: \"" + shown() + "\".").build();
    }
    return (int) days;
  }

  Long time() {
    scan();
    String word = special;
    if (word != null) {
      if (word.equals("now")) {
        return Calendar.timeOf(specialLocal(word));
      }
      if (word.equals("allballs")) {
        return 0L;
      }
      throw invalid();
    }
    if (!hasTime || zone != null && !(zone instanceof ZoneOffset) && !hasDate) {
      throw invalid();
    }
    return timeMicros();
  }

  Long timestamp() {
    scan();
    String word = special;
    if (word != null) {
      return specialTimestamp(word, false);
    }
    return checkedLocal();
  }

  Long timestampTz() {
    scan();
    String word = special;
    if (word != null) {
      return specialTimestamp(word, true);
    }
    long local = checkedLocal();
    return TimeZones.toUtc(zone == null ? sessionZone : zone, local);
  }

  private long checkedLocal() {
    if (!hasDate) {
      throw invalid();
    }
    long days = days();
    if (days < Calendar.MIN_DAYS || days > 106_751_990L) {
      throw ErrorCode.DATETIME_OVERFLOW
          .error("Timestamp out of range: \"" + shown() + "\".")
          .build();
    }
    return days * Calendar.DAY_MICROS + timeMicros();
  }

  private long specialTimestamp(String word, boolean inUtc) {
    return switch (word) {
      case "infinity" -> Calendar.INFINITY;
      case "-infinity" -> Calendar.NEGATIVE_INFINITY;
      default -> {
        long local = specialLocal(word);
        yield inUtc && !word.equals("epoch") ? TimeZones.toUtc(sessionZone, local) : local;
      }
    };
  }

  private long specialLocal(String word) {
    long local = TimeZones.toLocal(sessionZone, nowMicros);
    long midnight = local - Calendar.timeOf(local);
    return switch (word) {
      case "epoch" -> 0;
      case "now" -> local;
      case "today" -> midnight + timeMicros();
      case "tomorrow" -> midnight + Calendar.DAY_MICROS + timeMicros();
      case "yesterday" -> midnight - Calendar.DAY_MICROS + timeMicros();
      default -> throw invalid();
    };
  }

  private long days() {
    if (bc) {
      if (year <= 0) {
        throw fieldOutOfRange();
      }
      year = 1 - year;
    } else if (yearGiven && year == 0 && !twoDigitYear) {
      throw fieldOutOfRange();
    } else if (twoDigitYear) {
      year += year < 70 ? 2000 : 1900;
    }
    if (dayOfYear > 0) {
      if (dayOfYear > (Calendar.isLeap(year) ? 366 : 365)) {
        throw fieldOutOfRange();
      }
      return Calendar.days(year, 1, 1) + dayOfYear - 1;
    }
    if (month < 1
        || month > 12
        || day < 1
        || day > Calendar.daysInMonth(year, month)
        || year > 5_874_897) {
      throw fieldOutOfRange();
    }
    return Calendar.days(year, month, day);
  }

  private void validTime() {
    timeMicros();
  }

  private long timeMicros() {
    int hours = hour;
    if (meridiem != 0) {
      if (hours < 1 || hours > 12) {
        throw fieldOutOfRange();
      }
      hours = hours % 12 + (meridiem > 0 ? 12 : 0);
    }
    boolean end = hours == 24 && minute == 0 && second == 0 && fractionMicros == 0;
    if (hours > 23 && !end || minute > 59 || second > 60) {
      throw fieldOutOfRange();
    }
    return hours * Calendar.HOUR_MICROS
        + minute * Calendar.MINUTE_MICROS
        + second * Calendar.SECOND_MICROS
        + fractionMicros;
  }

  private void scan() {
    while (true) {
      skipBlanks();
      if (at == text.length()) {
        break;
      }
      char c = text.charAt(at);
      if (isDigit(c)) {
        scanNumber();
      } else if (isLetter(c)) {
        scanWord();
      } else if (c == '+' || c == '-') {
        scanSigned();
      } else if (c == ',' && hasDateOrWord()) {
        at++;
      } else {
        throw invalid();
      }
    }
    if (!hasDate && (!hasTime || partCount > 0) && special == null) {
      throw invalid();
    }
  }

  private boolean hasDateOrWord() {
    return hasDate || month > 0 || partCount > 0;
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private void scanNumber() {
    int start = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    char next = at < text.length() ? text.charAt(at) : ' ';
    if (next == ':') {
      scanTime(start);
    } else if (!hasDate && month > 0 && (next == '-' || next == '/')) {
      addPart(start);
      at++;
    } else if (type.kind() == TypeKind.TIME && next == '-') {
      throw displacement();
    } else if (!hasDate && (next == '-' || next == '/' || next == '.') && !hasTimeOnly(start)) {
      scanDelimitedDate(start, next);
    } else {
      scanPlainNumber(start);
    }
  }

  private boolean hasTimeOnly(int start) {
    return type.kind() == TypeKind.TIME && at - start >= 4;
  }

  private void scanPlainNumber(int start) {
    int digits = at - start;
    boolean isTime = type.kind() == TypeKind.TIME;
    if (!hasTime && meridiemFollows()) {
      hour = number(start, at);
      hasTime = true;
    } else if (!hasDate && !isTime && digits >= 6) {
      compactDate(start, digits);
    } else if (!hasTime && (digits >= 4 && (hasDate || isTime) || hasDate && afterT(start))) {
      compactTime(start, digits);
    } else if (!hasDate && !isTime) {
      addPart(start);
    } else {
      throw invalid();
    }
  }

  private boolean afterT(int start) {
    return start > 0 && (text.charAt(start - 1) | 0x20) == 't';
  }

  private boolean meridiemFollows() {
    int next = at;
    while (next < text.length() && text.charAt(next) == ' ') {
      next++;
    }
    return text.regionMatches(true, next, "am", 0, 2) || text.regionMatches(true, next, "pm", 0, 2);
  }

  /** A number that stands alone: a day, month or year, decided when all are there. */
  private void addPart(int start) {
    if (partCount == parts.length) {
      throw invalid();
    }
    partDigits[partCount] = at - start;
    parts[partCount++] = number(start, at);
    settleParts();
  }

  private void settleParts() {
    boolean named = month > 0;
    if (hasDate || partCount < (named ? 2 : 3)) {
      return;
    }
    boolean yearFirst = partDigits[0] > 2;
    int yearPart = yearFirst ? 0 : named ? 1 : 2;
    year = parts[yearPart];
    yearGiven = true;
    twoDigitYear = partDigits[yearPart] <= 2;
    if (named) {
      day = parts[1 - yearPart];
      if (day > 31) {
        throw invalid();
      }
    } else {
      month = parts[yearFirst ? 1 : 0];
      day = parts[yearFirst ? 2 : 1];
    }
    hasDate = true;
  }

  private void setYear(int start, int end) {
    year = number(start, end);
    yearGiven = true;
    twoDigitYear = end - start <= 2;
  }

  private void compactDate(int start, int digits) {
    if (digits > 8 && digits < 14) {
      throw fieldOutOfRange();
    }
    int end = digits >= 14 ? start + 8 : at;
    int yearDigits = end - start - 4;
    setYear(start, start + yearDigits);
    month = number(end - 4, end - 2);
    day = number(end - 2, end);
    hasDate = true;
    if (digits >= 14) {
      compactTime(end, digits - 8);
    }
  }

  private void compactTime(int start, int digits) {
    if (digits != 2 && digits != 4 && digits != 6) {
      throw invalid();
    }
    hour = number(start, start + 2);
    minute = digits >= 4 ? number(start + 2, start + 4) : 0;
    second = digits == 6 ? number(start + 4, start + 6) : 0;
    hasTime = true;
    scanFraction();
  }

  private void scanDelimitedDate(int start, char delimiter) {
    int firstEnd = at;
    at++;
    if (at < text.length() && isLetter(text.charAt(at))) {
      scanDateWithName(start, firstEnd, delimiter);
      return;
    }
    int second = at;
    skipDigits();
    int secondEnd = at;
    if (second == secondEnd) {
      throw invalid();
    }
    if (at == text.length() || text.charAt(at) != delimiter) {
      if (secondEnd - second == 3 && firstEnd - start >= 4) {
        setYear(start, firstEnd);
        dayOfYear = number(second, secondEnd);
        hasDate = true;
        return;
      }
      throw invalid();
    }
    at++;
    int third = at;
    skipDigits();
    int thirdEnd = at;
    if (third == thirdEnd) {
      throw invalid();
    }
    if (firstEnd - start > 2) {
      setYear(start, firstEnd);
      month = number(second, secondEnd);
      day = number(third, thirdEnd);
    } else {
      month = number(start, firstEnd);
      day = number(second, secondEnd);
      setYear(third, thirdEnd);
    }
    hasDate = true;
  }

  private void scanDateWithName(int start, int firstEnd, char delimiter) {
    int word = at;
    while (at < text.length() && isLetter(text.charAt(at))) {
      at++;
    }
    month = monthNamed(text.substring(word, at));
    if (month == 0 || at == text.length() || text.charAt(at) != delimiter) {
      throw invalid();
    }
    at++;
    int last = at;
    skipDigits();
    if (last == at) {
      throw invalid();
    }
    if (firstEnd - start > 2) {
      setYear(start, firstEnd);
      day = number(last, at);
    } else {
      day = number(start, firstEnd);
      setYear(last, at);
    }
    hasDate = true;
  }

  private void scanTime(int start) {
    if (hasTime) {
      throw invalid();
    }
    hour = number(start, at);
    at++;
    int minutes = at;
    skipDigits();
    minute = minutes == at ? 0 : number(minutes, at);
    if (at < text.length() && text.charAt(at) == ':') {
      at++;
      int seconds = at;
      skipDigits();
      second = seconds == at ? 0 : number(seconds, at);
      scanFraction();
    }
    hasTime = true;
  }

  private void scanFraction() {
    if (at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
      at++;
      int start = at;
      skipDigits();
      long value = 0;
      for (int i = 0; i < 7; i++) {
        value = value * 10 + (start + i < at ? text.charAt(start + i) - '0' : 0);
      }
      fractionMicros = (value + 5) / 10;
    }
  }

  private void scanWord() {
    int start = at;
    while (at < text.length() && isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at).toLowerCase(Locale.ROOT);
    if (word.equals("t") && hasDate && !hasTime) {
      return;
    }
    if (word.equals("j") && at < text.length() && isDigit(text.charAt(at))) {
      scanJulianDay();
      return;
    }
    switch (word) {
      case "am" -> meridiem = -1;
      case "pm" -> meridiem = 1;
      case "ad", "at", "on" -> {}
      case "bc" -> bc = true;
      case "now", "today", "tomorrow", "yesterday", "epoch", "allballs" -> setSpecial(word);
      case "infinity" -> setSpecial("infinity");
      default -> scanName(start, word);
    }
  }

  private void setSpecial(String word) {
    if (special != null || hasDate) {
      throw invalid();
    }
    special = word;
  }

  private void scanName(int start, String word) {
    int named = monthNamed(word);
    if (named > 0 && month == 0) {
      month = named;
      settleParts();
      if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '/')) {
        at++;
      }
      return;
    }
    if (isDayName(word)) {
      return;
    }
    at = start;
    scanZoneName();
  }

  private void scanJulianDay() {
    int start = at;
    skipDigits();
    if (at - start > 9) {
      throw fieldOutOfRange();
    }
    long date = Calendar.date(Integer.parseInt(text.substring(start, at)) + Calendar.MIN_DAYS);
    year = Calendar.year(date);
    month = Calendar.month(date);
    day = Calendar.day(date);
    hasDate = true;
  }

  private void scanZoneName() {
    int start = at;
    while (at < text.length() && text.charAt(at) > ' ') {
      char c = text.charAt(at);
      if ((c == '+' || c == '-') && TimeZones.named(text.substring(start, at)) != null) {
        break;
      }
      at++;
    }
    String name = text.substring(start, at);
    ZoneId named = TimeZones.named(name);
    if (named == null || zone != null) {
      if (name.indexOf('/') > 0) {
        throw ErrorCode.INVALID_ARGUMENT
            .error("The time zone \"" + name + "\" is not recognized.")
            .build();
      }
      throw invalid();
    }
    zone = named;
  }

  private void scanSigned() {
    boolean negative = text.charAt(at) == '-';
    at++;
    if (!hasTime && !hasDate) {
      String rest = text.substring(at).strip().toLowerCase(Locale.ROOT);
      if (negative && rest.equals("infinity")) {
        special = "-infinity";
        at = text.length();
        return;
      }
      throw rest.length() > 4 && isDigit(rest.charAt(0)) ? displacement() : invalid();
    }
    int start = at;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == ':')) {
      at++;
    }
    if (start == at || at - start > 8) {
      throw invalid();
    }
    int seconds;
    try {
      seconds = TimeZones.offsetSeconds(text.substring(start, at));
    } catch (NumberFormatException e) {
      throw invalid();
    }
    if (seconds > 15 * 3600 + 59 * 60 + 59) {
      throw displacement();
    }
    zone = ZoneOffset.ofTotalSeconds(negative ? -seconds : seconds);
  }

  private void skipDigits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  private int number(int start, int end) {
    if (end - start > 9) {
      throw fieldOutOfRange();
    }
    return Integer.parseInt(text.substring(start, end));
  }

  private static int monthNamed(String word) {
    if (word.length() < 3) {
      return 0;
    }
    String lower = word.toLowerCase(Locale.ROOT);
    if (lower.equals("sept")) {
      return 9;
    }
    for (int i = 0; i < DateNames.MONTHS.length; i++) {
      String name = DateNames.MONTHS[i].toLowerCase(Locale.ROOT);
      if (lower.equals(name) || lower.equals(name.substring(0, 3))) {
        return i + 1;
      }
    }
    return 0;
  }

  private static boolean isDayName(String word) {
    for (String name : DateNames.DAYS) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals(word) || word.length() >= 3 && lower.startsWith(word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private String shown() {
    return TextInput.shortened(text);
  }

  private VarveException displacement() {
    return ErrorCode.INVALID_TIME_ZONE_DISPLACEMENT
        .error("Time zone displacement out of range: \"" + shown() + "\".")
        .build();
  }

  private VarveException invalid() {
    return ErrorCode.INVALID_DATETIME_FORMAT
        .error("Invalid input syntax for type " + shownType() + ": \"" + shown() + "\".")
        .build();
  }

  private String shownType() {
    return switch (type.kind()) {
      case TIMESTAMP -> "timestamp";
      case TIME -> "time";
      default -> type.kind().sqlName();
    };
  }

  private VarveException fieldOutOfRange() {
    return ErrorCode.DATETIME_OVERFLOW
        .error("Date/time field value out of range: \"" + shown() + "\".")
        .build();
  }
}
