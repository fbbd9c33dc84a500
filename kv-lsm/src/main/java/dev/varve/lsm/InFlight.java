// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts calls that read a view for longer than an epoch should last, so that closing waits for them
 * before it frees what they read. They must notice a closed store by themselves, soon.
 */
final class InFlight {
  private static final long PARK_NANOS = 200_000;

  private final AtomicInteger calls = new AtomicInteger();

  /** Begins a call; the caller checks afterwards that the store is open. */
  void enter() {
    calls.incrementAndGet();
  }

  /** Ends a call. */
  void leave() {
    calls.decrementAndGet();
  }

  /** Waits until there is none, for at most so long; false when there still was one. */
  boolean awaitNone(long nanos) {
    long start = System.nanoTime();
    while (calls.get() != 0) {
      if (System.nanoTime() - start > nanos) {
        return false;
      }
      LockSupport.parkNanos(this, PARK_NANOS);
    }
    return true;
  }
}
