// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.clock;

import dev.varve.ErrorCode;
import dev.varve.core.store.TimestampSource;
import dev.varve.core.store.Timestamps;
import java.util.function.LongSupplier;

/**
 * A timestamp oracle that follows the wall clock as far as it can and never goes back: a timestamp is
 * the millisecond in which it was handed out and a counter, as {@link Timestamps} lays them out.
 *
 * <p>Goal: timestamps that are dates, strictly rising over backward steps of the clock, restarts, and
 * bursts that exhaust the counter. Kulkarni and others, "Logical Physical Clocks", 2014, cut down to one node.
 *
 * <ul>
 *   <li>I1. Each timestamp is greater than every one before it and than the floor that the store gives,
 *       which is the last one it has ever recovered: {@code next = max(last + 1, floor + 1, now << 16)}.
 *   <li>I2. While the wall clock stands still or is behind, the sum runs on by one per call, over
 *       into the milliseconds when the counter is full; so two million commits in one millisecond are dated
 *       up to 30 ms ahead, which the clock soon catches up with.
 *   <li>I3. The clock is never set by what it handed out: a step of the wall clock into the far future
 *       that is taken back leaves timestamps ahead, not wrong in order.
 * </ul>
 *
 * <p>One thread at a time calls {@link #next}; the engine sees to that.
 */
public final class HybridLogicalClock implements TimestampSource {
  private final LongSupplier epochMillis;
  private volatile long last;

  /** Follows the clock of the system. */
  public HybridLogicalClock() {
    this(System::currentTimeMillis);
  }

  /** Follows {@code epochMillis}, which may do what it wants. */
  public HybridLogicalClock(LongSupplier epochMillis) {
    this.epochMillis = epochMillis;
  }

  @Override
  public long next(long atLeast) {
    long next = Math.max(Math.max(last, atLeast) + 1, Timestamps.first(epochMillis.getAsLong()));
    if (next > Timestamps.MAX) {
      throw ErrorCode.LIMIT_EXCEEDED.error("There are no timestamps left.").build();
    }
    last = next;
    return next;
  }

  /** The milliseconds of the clock that it follows. */
  public long epochMillis() {
    return epochMillis.getAsLong();
  }

  /** The last timestamp handed out; 0 before the first. */
  public long last() {
    return last;
  }
}
