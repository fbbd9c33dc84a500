// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counts events; cheap under contention. */
public final class Counter {
  private final LongAdder sum = new LongAdder();

  /** At zero. */
  public Counter() {}

  /** Adds one. */
  public void increment() {
    sum.increment();
  }

  /** Adds {@code amount}. */
  public void add(long amount) {
    sum.add(amount);
  }

  /** The sum so far. */
  public long value() {
    return sum.sum();
  }
}
