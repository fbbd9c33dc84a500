// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/**
 * A span of time as SQL has it: months, days and microseconds kept apart, since a month has no fixed
 * number of days and a day no fixed number of hours.
 *
 * @param months whole months
 * @param days whole days
 * @param micros microseconds
 */
public record Interval(int months, int days, long micros) {}
