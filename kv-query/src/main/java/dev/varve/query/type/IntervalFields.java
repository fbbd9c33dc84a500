// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import java.util.Locale;

/** Which fields an INTERVAL type keeps; what is finer than the last of them is cut off. */
public enum IntervalFields {
  ALL,
  YEAR,
  MONTH,
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  YEAR_TO_MONTH,
  DAY_TO_HOUR,
  DAY_TO_MINUTE,
  DAY_TO_SECOND,
  HOUR_TO_MINUTE,
  HOUR_TO_SECOND,
  MINUTE_TO_SECOND;

  private static final IntervalFields[] VALUES = values();

  static IntervalFields of(int ordinal) {
    return VALUES[ordinal];
  }

  /** The finest field kept: YEAR to SECOND. */
  public IntervalFields last() {
    return switch (this) {
      case ALL, SECOND, DAY_TO_SECOND, HOUR_TO_SECOND, MINUTE_TO_SECOND -> SECOND;
      case YEAR_TO_MONTH, MONTH -> MONTH;
      case DAY_TO_HOUR, HOUR -> HOUR;
      case DAY_TO_MINUTE, HOUR_TO_MINUTE, MINUTE -> MINUTE;
      case YEAR, DAY -> this;
    };
  }

  /** As it follows the word interval in a type's name. */
  String suffix() {
    return this == ALL ? "" : " " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
