// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.Interval;
import dev.varve.query.type.SqlType;
import java.util.Arrays;

/** Values of INTERVAL: months, days and microseconds apart; compared as 30-day months of 24-hour days. */
public final class IntervalVector extends Vector {
  private static final long DAY_MICROS = 86_400_000_000L;

  /** Whole months. */
  public int[] months;

  /** Whole days. */
  public int[] days;

  /** Microseconds. */
  public long[] micros;

  /** A vector with room for {@code capacity} rows. */
  public IntervalVector(SqlType type, int capacity) {
    super(type, capacity);
    this.months = new int[capacity];
    this.days = new int[capacity];
    this.micros = new long[capacity];
  }

  @Override
  void grow(int capacity) {
    months = Arrays.copyOf(months, capacity);
    days = Arrays.copyOf(days, capacity);
    micros = Arrays.copyOf(micros, capacity);
  }

  @Override
  void copyValue(int row, Vector from, int fromRow) {
    IntervalVector source = (IntervalVector) from;
    set(row, source.months[fromRow], source.days[fromRow], source.micros[fromRow]);
  }

  /** Sets a value that is not NULL. */
  public void set(int row, int wholeMonths, int wholeDays, long microseconds) {
    nulls[row] = false;
    months[row] = wholeMonths;
    days[row] = wholeDays;
    micros[row] = microseconds;
  }

  /** The whole days in the span of time, a month having 30 and the microseconds carried over. */
  private static long spanDays(int months, int days, long micros) {
    return months * 30L + days + Math.floorDiv(micros, DAY_MICROS);
  }

  /** Orders spans of time. */
  public static int compare(Interval left, Interval right) {
    return compare(
        left.months(), left.days(), left.micros(), right.months(), right.days(), right.micros());
  }

  private static int compare(
      int months, int days, long micros, int otherMonths, int otherDays, long otherMicros) {
    int byDays =
        Long.compare(spanDays(months, days, micros), spanDays(otherMonths, otherDays, otherMicros));
    return byDays != 0
        ? byDays
        : Long.compare(Math.floorMod(micros, DAY_MICROS), Math.floorMod(otherMicros, DAY_MICROS));
  }

  @Override
  public int compare(int row, Vector other, int otherRow) {
    IntervalVector o = (IntervalVector) other;
    return compare(
        months[row],
        days[row],
        micros[row],
        o.months[otherRow],
        o.days[otherRow],
        o.micros[otherRow]);
  }

  @Override
  public long hash(int row) {
    long span = spanDays(months[row], days[row], micros[row]);
    return Hashes.combine(Hashes.mix(span), Math.floorMod(micros[row], DAY_MICROS));
  }

  @Override
  Object datumValue(int row) {
    return new Interval(months[row], days[row], micros[row]);
  }

  @Override
  void setDatumValue(int row, Object datum) {
    Interval interval = (Interval) datum;
    set(row, interval.months(), interval.days(), interval.micros());
  }

  @Override
  public long sizeBytes() {
    return nulls.length * 17L;
  }
}
