// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import dev.varve.VarveException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads an INTERVAL: quantities with units ({@code 1 year 2.5 hours ago}), clock times, SQL's {@code
 * 1-2} and {@code 3 04:05:06}, and ISO 8601 durations. A fraction of a unit spills into smaller ones,
 * a month having 30 days.
 */
public final class IntervalInput {
  private static final Pattern ALTERNATIVE = Pattern.compile("^P[0-9]+-[0-9]");
  private static final BigDecimal DAY = BigDecimal.valueOf(Calendar.DAY_MICROS);

  private final String text;
  private final IntervalFields fields;
  private int at;
  private long months;
  private long days;
  private long micros;
  private boolean any;

  private IntervalInput(String text, IntervalFields fields) {
    this.text = text;
    this.fields = fields;
  }

  /** The interval that {@code text} means; a bare number counts the finest of {@code fields}. */
  public static Interval parse(String text, IntervalFields fields) {
    IntervalInput input = new IntervalInput(text, fields);
    try {
      return truncated(input.parse(), fields);
    } catch (ArithmeticException e) {
      throw ErrorCode.DATETIME_OVERFLOW
          .error("Interval out of range: \"" + TextInput.shortened(text) + "\".")
          .cause(e)
          .build();
    }
  }

  /** Cuts off what is finer than the last field. */
  public static Interval truncated(Interval interval, IntervalFields fields) {
    return switch (fields.last()) {
      case YEAR -> new Interval(interval.months() / 12 * 12, 0, 0);
      case MONTH -> new Interval(interval.months(), 0, 0);
      case DAY -> new Interval(interval.months(), interval.days(), 0);
      case HOUR -> cut(interval, Calendar.HOUR_MICROS);
      case MINUTE -> cut(interval, Calendar.MINUTE_MICROS);
      default -> interval;
    };
  }

  private static Interval cut(Interval interval, long unit) {
    return new Interval(interval.months(), interval.days(), interval.micros() / unit * unit);
  }

  private Interval parse() {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == 'P') {
      at++;
      parseIso();
    } else {
      parseUnits();
    }
    if (!any) {
      throw invalid();
    }
    return new Interval(Math.toIntExact(months), Math.toIntExact(days), micros);
  }

  private void parseUnits() {
    if (at < text.length() && text.charAt(at) == '@') {
      at++;
    }
    while (true) {
      skipBlanks();
      if (at == text.length()) {
        return;
      }
      if (any && text.regionMatches(true, at, "ago", 0, 3) && text.substring(at + 3).isBlank()) {
        months = Math.negateExact(months);
        days = Math.negateExact(days);
        micros = Math.negateExact(micros);
        return;
      }
      parseQuantity();
    }
  }

  private void parseQuantity() {
    int start = at;
    boolean negative = text.charAt(at) == '-';
    if (negative || text.charAt(at) == '+') {
      at++;
    }
    int digits = at;
    skipNumber();
    if (digits == at) {
      throw invalid();
    }
    char next = at < text.length() ? text.charAt(at) : ' ';
    if (next == ':') {
      at = digits;
      parseClock(negative);
    } else if (next == '-' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
      parseYearMonth(digits, negative);
    } else {
      BigDecimal value = number(start, at);
      skipBlanks();
      int unit = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      String name = text.substring(unit, at).toLowerCase(Locale.ROOT);
      if (name.isEmpty()) {
        addBare(value);
      } else {
        add(value, name);
      }
    }
    any = true;
  }

  private void parseYearMonth(int digits, boolean negative) {
    BigDecimal years = number(digits, at);
    at++;
    int start = at;
    skipNumber();
    BigDecimal rest = number(start, at);
    long total = years.longValueExact() * 12 + rest.longValueExact();
    if (rest.longValueExact() > 11) {
      throw outOfRange();
    }
    months = Math.addExact(months, negative ? -total : total);
  }

  /** hh:mm, hh:mm:ss or, when the type says so, mm:ss. */
  private void parseClock(boolean negative) {
    BigDecimal first = clockPart();
    at++;
    BigDecimal second = clockPart();
    BigDecimal third = BigDecimal.ZERO;
    boolean three = at < text.length() && text.charAt(at) == ':';
    if (three) {
      at++;
      third = clockPart();
    } else if (fields == IntervalFields.MINUTE_TO_SECOND || second.scale() > 0) {
      third = second;
      second = first;
      first = BigDecimal.ZERO;
    }
    boolean overflow = second.intValue() > 59 || third.compareTo(BigDecimal.valueOf(60)) > 0;
    if (overflow && (three || second.intValue() > 59)) {
      throw outOfRange();
    }
    long total =
        Math.addExact(
            Math.multiplyExact(first.longValueExact(), Calendar.HOUR_MICROS),
            second.longValueExact() * Calendar.MINUTE_MICROS
                + rounded(third.multiply(BigDecimal.valueOf(Calendar.SECOND_MICROS))));
    micros = Math.addExact(micros, negative ? -total : total);
  }

  private BigDecimal clockPart() {
    int start = at;
    skipNumber();
    if (start == at) {
      throw invalid();
    }
    return number(start, at);
  }

  private void addBare(BigDecimal value) {
    switch (fields.last()) {
      case YEAR -> add(value, "year");
      case MONTH -> add(value, "month");
      case DAY -> add(value, "day");
      case HOUR -> add(value, "hour");
      case MINUTE -> add(value, "minute");
      default -> {
        boolean clockFollows = any || text.substring(at).strip().indexOf(':') > 0;
        boolean daysGiven = days != 0 || !clockFollows;
        add(value, clockFollows && !daysGiven ? "day" : "second");
      }
    }
  }

  private void add(BigDecimal value, String unit) {
    switch (unit) {
      case "y", "yr", "yrs", "year", "years" -> addMonths(value, 12);
      case "mon", "mons", "month", "months" -> addMonths(value, 1);
      case "decade", "decades", "dec", "decs" -> addMonths(value, 120);
      case "c", "cent", "century", "centuries" -> addMonths(value, 1200);
      case "mil", "mils", "millennium", "millennia" -> addMonths(value, 12_000);
      case "w", "week", "weeks" -> addDays(value.multiply(BigDecimal.valueOf(7)));
      case "d", "day", "days" -> addDays(value);
      case "h", "hr", "hrs", "hour", "hours" -> addMicros(value, Calendar.HOUR_MICROS);
      case "m", "min", "mins", "minute", "minutes" -> addMicros(value, Calendar.MINUTE_MICROS);
      case "s", "sec", "secs", "second", "seconds" -> addMicros(value, Calendar.SECOND_MICROS);
      case "ms", "msec", "msecs", "mseconds", "millisecond", "milliseconds" ->
          addMicros(value, 1000);
      case "us", "usec", "usecs", "useconds", "microsecond", "microseconds" -> addMicros(value, 1);
      default -> throw invalid();
    }
  }

  private void addMonths(BigDecimal value, int unitMonths) {
    BigDecimal total = value.multiply(BigDecimal.valueOf(unitMonths));
    if (unitMonths >= 12) {
      total = total.setScale(0, java.math.RoundingMode.HALF_EVEN);
      months = Math.addExact(months, total.longValueExact());
      return;
    }
    long whole = total.toBigInteger().longValueExact();
    months = Math.addExact(months, whole);
    BigDecimal rest = total.subtract(BigDecimal.valueOf(whole));
    if (rest.signum() != 0) {
      addDays(rest.multiply(BigDecimal.valueOf(30)));
    }
  }

  private void addDays(BigDecimal value) {
    long whole = value.toBigInteger().longValueExact();
    days = Math.addExact(days, whole);
    BigDecimal rest = value.subtract(BigDecimal.valueOf(whole));
    if (rest.signum() != 0) {
      micros = Math.addExact(micros, rounded(rest.multiply(DAY)));
    }
  }

  private void addMicros(BigDecimal value, long unitMicros) {
    micros = Math.addExact(micros, rounded(value.multiply(BigDecimal.valueOf(unitMicros))));
  }

  private static long rounded(BigDecimal value) {
    return value.setScale(0, java.math.RoundingMode.HALF_EVEN).longValueExact();
  }

  private void parseIso() {
    if (ALTERNATIVE.matcher(text).find()) {
      parseAlternative();
      return;
    }
    boolean time = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == 'T' && !time) {
        time = true;
        at++;
        continue;
      }
      int start = at;
      if (c == '-' || c == '+') {
        at++;
      }
      int digits = at;
      skipNumber();
      if (digits == at || at == text.length()) {
        throw invalid();
      }
      BigDecimal value = number(start, at);
      char unit = text.charAt(at++);
      add(value, isoUnit(unit, time));
      any = true;
    }
  }

  /** Years, months and days with hyphens, then a clock time. */
  private void parseAlternative() {
    int time = text.indexOf('T');
    String[] date = text.substring(1, time < 0 ? text.length() : time).split("-");
    String[] units = {"year", "month", "day"};
    if (date.length > units.length) {
      throw invalid();
    }
    for (int i = 0; i < date.length; i++) {
      try {
        add(new BigDecimal(date[i]), units[i]);
      } catch (NumberFormatException e) {
        throw invalid();
      }
    }
    any = true;
    at = text.length();
    if (time >= 0) {
      at = time + 1;
      if (at == text.length()) {
        throw invalid();
      }
      parseClock(false);
    }
  }

  private String isoUnit(char unit, boolean time) {
    return switch (unit) {
      case 'Y' -> "year";
      case 'M' -> time ? "minute" : "month";
      case 'W' -> "week";
      case 'D' -> "day";
      case 'H' -> "hour";
      case 'S' -> "second";
      default -> throw invalid();
    };
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private void skipNumber() {
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
  }

  private BigDecimal number(int start, int end) {
    if (end - start > 40) {
      throw outOfRange();
    }
    try {
      return new BigDecimal(text.substring(start, end));
    } catch (NumberFormatException e) {
      throw invalid();
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private VarveException invalid() {
    return ErrorCode.INVALID_DATETIME_FORMAT
        .error("Invalid input syntax for type interval: \"" + TextInput.shortened(text) + "\".")
        .build();
  }

  private VarveException outOfRange() {
    return ErrorCode.INTERVAL_OVERFLOW
        .error("Interval field value out of range: \"" + TextInput.shortened(text) + "\".")
        .build();
  }
}
