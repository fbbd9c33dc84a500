// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What EXTRACT, date_part and date_trunc name. */
enum DateTimeField {
  MICROSECONDS("us", "usec", "usecs", "microsecond", "microseconds"),
  MILLISECONDS("ms", "msec", "msecs", "millisecond", "milliseconds"),
  SECOND("s", "sec", "secs", "second", "seconds"),
  MINUTE("m", "min", "mins", "minute", "minutes"),
  HOUR("h", "hr", "hrs", "hour", "hours"),
  DAY("d", "day", "days"),
  WEEK("w", "week", "weeks"),
  MONTH("mon", "mons", "month", "months"),
  QUARTER("qtr", "quarter"),
  YEAR("y", "yr", "yrs", "year", "years"),
  DECADE("dec", "decs", "decade", "decades"),
  CENTURY("c", "cent", "century", "centuries"),
  MILLENNIUM("mil", "mils", "millennium", "millennia"),
  DOW("dow"),
  ISODOW("isodow"),
  DOY("doy"),
  ISOYEAR("isoyear"),
  JULIAN("julian"),
  EPOCH("epoch"),
  TIMEZONE("timezone"),
  TIMEZONE_HOUR("timezone_h", "timezone_hour"),
  TIMEZONE_MINUTE("timezone_m", "timezone_minute");

  private static final Map<String, DateTimeField> BY_NAME = new HashMap<>();

  static {
    for (DateTimeField field : values()) {
      for (String name : field.names) {
        BY_NAME.put(name, field);
      }
    }
  }

  private final String[] names;

  DateTimeField(String... names) {
    this.names = names;
  }

  /** The field of that name in any case. */
  static DateTimeField named(String name, String type) {
    DateTimeField field = BY_NAME.get(name.toLowerCase(Locale.ROOT));
    if (field == null) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("Unit \"" + name + "\" not recognized for type " + type + ".")
          .build();
    }
    return field;
  }

  /** The error that a type has no such field. */
  VarveException unsupported(String type) {
    return ErrorCode.NOT_SUPPORTED
        .error(
            "Unit \"" + name().toLowerCase(Locale.ROOT) + "\" not supported for type " + type + ".")
        .build();
  }

  /** Whether it grows with time without end, so that it is infinite for an infinite timestamp. */
  boolean isMonotonic() {
    return switch (this) {
      case YEAR, DECADE, CENTURY, MILLENNIUM, JULIAN, ISOYEAR, EPOCH -> true;
      default -> false;
    };
  }
}
