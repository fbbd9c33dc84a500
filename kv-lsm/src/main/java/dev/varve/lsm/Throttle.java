// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.lsm.event.StallEvent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Slows writers in proportion to what is left to be done, so that they are never stopped by a cliff.
 *
 * <p>Pressure is a number: 0 while everything keeps up, 1 where writers would have to be stopped. It
 * is the greatest of three: memtables waiting to be flushed, runs of level 0, bytes waiting to be
 * merged. Under pressure writers together get a rate of bytes a second, made of the rate at which the
 * backlog was worked off lately and falling as pressure rises; so there is a pressure below 1 at
 * which as much is written as is worked off, and the store settles there. A writer pays for its bytes
 * by waiting, a millisecond at least and {@link #LONGEST_PAUSE_NANOS} at most at a time.
 */
final class Throttle {
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;
  private static final long SHORTEST_PAUSE_NANOS = 1_000_000;
  private static final long RENEWAL_NANOS = 2_000_000;
  private static final double LEAST_RATE = 2 << 20;
  private static final double FIRST_RATE = 64 << 20;
  private static final double SMOOTHING = 0.3;

  /** What the throttle looks at. */
  interface Gauges {
    /** Bytes in memtables, the active one included, that are not in tables yet. */
    long unflushedBytes();

    /** The size of one memtable. */
    long memTableBytes();

    /** Runs of level 0. */
    int level0Runs();

    /** From how many runs level 0 is merged. */
    int level0Trigger();

    /** Bytes that wait to be merged. */
    long debtBytes();
  }

  private final Gauges gauges;
  private final AtomicLong paidUntilNanos = new AtomicLong(System.nanoTime());
  private final LongAdder stalledNanos = new LongAdder();
  private final LongAdder stalls = new LongAdder();

  private volatile boolean pressed;
  private volatile double bytesPerNano;
  private volatile long renewedNanos;
  private volatile double flushRate = FIRST_RATE;
  private volatile double mergeRate = FIRST_RATE;
  private volatile long debtBytes;

  Throttle(Gauges gauges) {
    this.gauges = gauges;
  }

  /** Lets a writer of {@code bytes} pass, now or a little later. */
  void admit(int bytes) {
    if (pressed) {
      pay(bytes);
    }
  }

  /** Says that memtables or tables have changed. */
  void update() {
    debtBytes = gauges.debtBytes();
    renew(System.nanoTime());
  }

  /** Says how fast a flush was. */
  void flushed(long bytes, long nanos) {
    flushRate = smooth(flushRate, bytes, nanos);
  }

  /** Says how fast bytes were merged. */
  void merged(long bytes, long nanos) {
    mergeRate = smooth(mergeRate, bytes, nanos);
  }

  /** For how long writers have been made to wait, all together. */
  long stalledNanos() {
    return stalledNanos.sum();
  }

  /** How often. */
  long stalls() {
    return stalls.sum();
  }

  /** Pressure in thousandths. */
  long pressurePerMille() {
    return Math.round(1_000 * pressure());
  }

  private static double smooth(double rate, long bytes, long nanos) {
    double latest = bytes * 1e9 / Math.max(1, nanos);
    return rate + SMOOTHING * (latest - rate);
  }

  private void pay(int bytes) {
    long now = System.nanoTime();
    if (now - renewedNanos > RENEWAL_NANOS) {
      renew(now);
    }
    double rate = bytesPerNano;
    if (rate <= 0) {
      return;
    }
    long price = (long) (bytes / rate);
    long until = paidUntilNanos.updateAndGet(paid -> (paid - now > 0 ? paid : now) + price);
    long ahead = until - now;
    if (ahead >= SHORTEST_PAUSE_NANOS) {
      pause(Math.min(ahead, LONGEST_PAUSE_NANOS));
    }
  }

  private void pause(long nanos) {
    StallEvent event = new StallEvent();
    event.begin();
    boolean interrupted = Thread.interrupted();
    long start = System.nanoTime();
    LockSupport.parkNanos(this, nanos);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    stalls.increment();
    stalledNanos.add(System.nanoTime() - start);
    if (event.shouldCommit()) {
      event.level0Runs = gauges.level0Runs();
      event.debtBytes = debtBytes;
      event.commit();
    }
  }

  private void renew(long now) {
    double pressure = pressure();
    if (pressure <= 0) {
      bytesPerNano = 0;
      pressed = gauges.unflushedBytes() > gauges.memTableBytes();
    } else {
      double left = Math.max(0, 1 - pressure);
      double drain = memTablePressure() >= pressure ? flushRate : Math.min(flushRate, mergeRate);
      bytesPerNano = Math.max(LEAST_RATE, 2 * drain * left * left) / 1e9;
      pressed = true;
    }
    renewedNanos = now;
  }

  private double pressure() {
    return Math.max(memTablePressure(), Math.max(level0Pressure(), debtPressure()));
  }

  /** Begins when one memtable is full and half of the next, and is 1 with two and a half. */
  private double memTablePressure() {
    double memTables = (double) gauges.unflushedBytes() / gauges.memTableBytes();
    return (memTables - 1.5) / 1.0;
  }

  /** Begins at twice the number from which level 0 is merged, and is 1 at six times. */
  private double level0Pressure() {
    double trigger = gauges.level0Trigger();
    return (gauges.level0Runs() - 2 * trigger) / (4 * trigger);
  }

  private double debtPressure() {
    double memTables = (double) debtBytes / gauges.memTableBytes();
    return (memTables - 32) / 96;
  }
}
