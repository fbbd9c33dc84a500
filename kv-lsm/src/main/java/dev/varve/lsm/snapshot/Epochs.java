// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.snapshot;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells when no reader is left that may still hold what was replaced. Readers enter and leave by
 * adding to a counter that they seldom share; whoever replaced something waits for a grace period
 * before freeing it.
 *
 * <p>A counter belongs to a stripe of threads and to one of two phases. A grace period turns the
 * phase over twice, and each time waits until the counters of the phase left are zero. Once is not
 * enough: a reader may read the phase, be stopped, and enter the old one after its counters were
 * looked at. Since new readers enter the other phase, a grace period ends however busy the store is.
 */
public final class Epochs {
  private static final int STRIPES = 16;
  private static final int PADDED = 16;
  private static final long SPIN_PAUSES = 64;
  private static final long PARK_NANOS = 50_000;

  private static final AtomicInteger NEXT_STRIPE = new AtomicInteger();
  private static final ThreadLocal<Integer> STRIPE =
      ThreadLocal.withInitial(() -> NEXT_STRIPE.getAndIncrement() & STRIPES - 1);

  private final AtomicLongArray readers = new AtomicLongArray((2 * STRIPES + 1) * PADDED);
  private final ReentrantLock waiting = new ReentrantLock();
  private volatile int phase;

  /** Without readers. */
  public Epochs() {}

  /**
   * The stripe of the calling thread, from 0 to 15: given out in turn, so that a few threads never
   * share one by chance.
   */
  public static int stripe() {
    return STRIPE.get();
  }

  /** Begins reading; what is loaded after this call is not freed before {@link #leave}. */
  public int enter() {
    return enter(stripe());
  }

  /** As above, for a caller that keeps its thread's {@link #stripe} at hand. */
  public int enter(int stripe) {
    int counter = (1 + (phase & 1) * STRIPES + stripe) * PADDED;
    readers.getAndIncrement(counter);
    return counter;
  }

  /** Ends reading. */
  public void leave(int entered) {
    readers.getAndDecrement(entered);
  }

  /** Waits until everyone has left who entered before this call. Not for readers. */
  public void awaitGrace() {
    awaitGrace(Long.MAX_VALUE);
  }

  /** As above, for at most so long; false when someone was still there. */
  public boolean awaitGrace(long nanos) {
    long start = System.nanoTime();
    waiting.lock();
    try {
      for (int turn = 0; turn < 2; turn++) {
        int left = phase & 1;
        phase = left ^ 1;
        for (long pauses = 0; isAnyone(left); pauses++) {
          if (System.nanoTime() - start > nanos) {
            return false;
          }
          if (pauses < SPIN_PAUSES) {
            Thread.onSpinWait();
          } else {
            LockSupport.parkNanos(this, PARK_NANOS);
          }
        }
      }
      return true;
    } finally {
      waiting.unlock();
    }
  }

  private boolean isAnyone(int inPhase) {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      if (readers.get((1 + inPhase * STRIPES + stripe) * PADDED) != 0) {
        return true;
      }
    }
    return false;
  }
}
