// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

/** English names of months and days. */
public final class DateNames {
  /** January is 0. */
  public static final String[] MONTHS = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"
  };

  /** Sunday is 0. */
  public static final String[] DAYS = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
  };

  private DateNames() {}
}
