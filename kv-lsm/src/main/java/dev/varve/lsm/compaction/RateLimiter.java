// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps background writing to a number of bytes a second: each taker books its share of the future
 * and waits until it has come. Thread-safe.
 */
public final class RateLimiter {
  private static final long LONGEST_WAIT_NANOS = 100_000_000L;

  private final long bytesPerSecond;
  private final AtomicLong bookedUntilNanos = new AtomicLong(System.nanoTime());

  /** At most this many; 0 for no limit. */
  public RateLimiter(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits for the turn of {@code bytes}. */
  void take(long bytes) {
    if (bytesPerSecond <= 0) {
      return;
    }
    long share = (long) (bytes * 1e9 / bytesPerSecond);
    long now = System.nanoTime();
    long until = bookedUntilNanos.updateAndGet(booked -> (booked - now > 0 ? booked : now) + share);
    long deadline = until - share;
    long left = deadline - now;
    while (left > 0) {
      LockSupport.parkNanos(this, Math.min(left, LONGEST_WAIT_NANOS));
      if (Thread.interrupted()) {
        return;
      }
      left = deadline - System.nanoTime();
    }
  }
}
