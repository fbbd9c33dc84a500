// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.snapshot;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The timestamps that readers keep. Pinning and unpinning touch one stripe, that of the thread.
 *
 * <p>Invariant: whoever collapses versions first raises {@code intended} and then looks at the
 * stripes; whoever pins first enters its timestamp and then looks at {@code intended}. So one of the
 * two sees the other, and a pin that was perhaps missed is tried again with a later timestamp.
 */
public final class Pins {
  private static final int STRIPES = 16;

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final ReentrantLock collapsing = new ReentrantLock();
  private volatile long intended;
  private volatile long keepFrom = Long.MAX_VALUE;
  private long collapsedBefore;

  /** Without pins, in a store whose history before a timestamp may be incomplete. */
  public Pins(long collapsedBefore) {
    this.collapsedBefore = collapsedBefore;
    this.intended = 0;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /** Pins the timestamp that {@code visible} says. */
  public long pin(LongSupplier visible) {
    Stripe stripe = stripes[Epochs.stripe()];
    while (true) {
      long timestamp = visible.getAsLong();
      stripe.add(timestamp);
      VarHandle.fullFence();
      if (timestamp >= intended) {
        return timestamp;
      }
      stripe.remove(timestamp);
    }
  }

  /** Pins an earlier timestamp unless what it would see may be gone. */
  public boolean pin(long timestamp) {
    collapsing.lock();
    try {
      if (timestamp < collapsedBefore && !isPinned(timestamp)) {
        return false;
      }
      stripes[Epochs.stripe()].add(timestamp);
      return true;
    } finally {
      collapsing.unlock();
    }
  }

  /** Ends one pin of the timestamp, whichever thread made it. */
  public void unpin(long timestamp) {
    int own = Epochs.stripe();
    for (int i = 0; i < STRIPES; i++) {
      if (stripes[own + i & STRIPES - 1].remove(timestamp)) {
        return;
      }
    }
    throw new IllegalStateException("not pinned: " + timestamp);
  }

  /** Keeps everything that can be seen at or after a timestamp. */
  public void keepFrom(long timestamp) {
    collapsing.lock();
    try {
      keepFrom = keepFrom == Long.MAX_VALUE ? timestamp : Math.max(keepFrom, timestamp);
    } finally {
      collapsing.unlock();
    }
  }

  /**
   * Who may read what, now and later: every later pin is at or after the floor, or equals an earlier
   * one. The caller may then drop what nobody can see.
   */
  public ReadPoints collapse(LongSupplier visible) {
    collapsing.lock();
    try {
      long floor = Math.min(visible.getAsLong(), keepFrom);
      intended = Math.max(intended, floor);
      VarHandle.fullFence();
      collapsedBefore = Math.max(collapsedBefore, floor);
      return new ReadPoints(floor, all());
    } finally {
      collapsing.unlock();
    }
  }

  /** As {@link #collapse}, only to look: the caller drops nothing. */
  public ReadPoints peek(LongSupplier visible) {
    return new ReadPoints(Math.min(visible.getAsLong(), keepFrom), all());
  }

  /** How many pins there are. */
  public int count() {
    int sum = 0;
    for (Stripe stripe : stripes) {
      sum += stripe.count();
    }
    return sum;
  }

  private boolean isPinned(long timestamp) {
    for (Stripe stripe : stripes) {
      if (stripe.contains(timestamp)) {
        return true;
      }
    }
    return false;
  }

  private long[] all() {
    long[] all = new long[0];
    for (Stripe stripe : stripes) {
      long[] some = stripe.timestamps();
      int length = all.length;
      all = Arrays.copyOf(all, length + some.length);
      System.arraycopy(some, 0, all, length, some.length);
    }
    return all;
  }

  /** The pins made by some threads: timestamps and how often each. */
  private static final class Stripe {
    private long[] timestamps = new long[8];
    private int[] times = new int[8];
    private int size;

    synchronized void add(long timestamp) {
      for (int i = size - 1; i >= 0; i--) {
        if (timestamps[i] == timestamp) {
          times[i]++;
          return;
        }
      }
      if (size == timestamps.length) {
        timestamps = Arrays.copyOf(timestamps, 2 * size);
        times = Arrays.copyOf(times, 2 * size);
      }
      timestamps[size] = timestamp;
      times[size++] = 1;
    }

    synchronized boolean remove(long timestamp) {
      for (int i = size - 1; i >= 0; i--) {
        if (timestamps[i] == timestamp) {
          if (--times[i] == 0) {
            size--;
            timestamps[i] = timestamps[size];
            times[i] = times[size];
          }
          return true;
        }
      }
      return false;
    }

    synchronized boolean contains(long timestamp) {
      for (int i = 0; i < size; i++) {
        if (timestamps[i] == timestamp) {
          return true;
        }
      }
      return false;
    }

    synchronized long[] timestamps() {
      return Arrays.copyOf(timestamps, size);
    }

    synchronized int count() {
      int sum = 0;
      for (int i = 0; i < size; i++) {
        sum += times[i];
      }
      return sum;
    }
  }
}
