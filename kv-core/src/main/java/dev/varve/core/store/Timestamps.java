// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import java.time.Instant;

/**
 * Commit timestamps as dates. A timestamp is 60 bits:
 *
 * <pre>
 *  63     60 59                                16 15          0
 * +---------+------------------------------------+-------------+
 * |    0    |  milliseconds since 1970 (44 bits) |   counter   |
 * +---------+------------------------------------+-------------+
 * </pre>
 *
 * The counter tells apart the commits of one millisecond and runs over into the milliseconds when a
 * burst exhausts it, so that the date of a timestamp may be ahead of the clock for a while.
 */
public final class Timestamps {
  /** The greatest timestamp. */
  public static final long MAX = (1L << 60) - 1;

  /** The bits of the counter. */
  public static final int COUNTER_BITS = 16;

  private static final long MAX_MILLIS = MAX >>> COUNTER_BITS;

  private Timestamps() {}

  /** The date of a timestamp, to the millisecond. */
  public static Instant toInstant(long timestamp) {
    return Instant.ofEpochMilli(timestamp >>> COUNTER_BITS);
  }

  /** The first timestamp of a millisecond; dates outside of what fits become the nearest that does. */
  public static long first(long epochMillis) {
    return Math.max(0, Math.min(MAX_MILLIS, epochMillis)) << COUNTER_BITS;
  }

  /** The last timestamp whose date is not after {@code instant}: what a read as of then sees. */
  public static long last(Instant instant) {
    if (instant.isBefore(Instant.EPOCH)) {
      return 0;
    }
    if (instant.isAfter(Instant.ofEpochMilli(MAX_MILLIS))) {
      return MAX;
    }
    return first(instant.toEpochMilli()) | (1L << COUNTER_BITS) - 1;
  }
}
