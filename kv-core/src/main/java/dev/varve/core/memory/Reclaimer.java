// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sees to it, before Java 22, that closed regions are really freed. Only the collector unmaps there,
 * and it does not know that a few bytes of garbage on the heap hold gigabytes of deleted files on the
 * disk. So the bytes of closed regions that are not collected yet are counted, and when too many wait,
 * a background thread asks for a collection.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>(I1) {@link #waitingBytes} is the sum over regions that are closed and not yet unreachable.
 *   <li>(I2) The thread exists only while more than the threshold waits, and there is at most one.
 *   <li>(I3) Collections asked for take at most about 2 % of the time, and follow each other ever more
 *       slowly while they free nothing, as under {@code -XX:+DisableExplicitGC}.
 * </ol>
 */
final class Reclaimer {
  /** The one of this JVM, since there is one collector. */
  static final Reclaimer SHARED = new Reclaimer();

  private static final long LOW_BYTES = 32L << 20;
  private static final long HIGH_BYTES = 256L << 20;
  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int REST_PER_WORK = 50;

  private final Cleaner cleaner = Cleaner.create();
  private final AtomicLong openBytes = new AtomicLong();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile long notBeforeNanos = System.nanoTime();

  private Reclaimer() {}

  /** Counts {@code buffer} from now on. */
  Entry opened(ByteBuffer buffer) {
    Entry entry = new Entry(buffer.capacity());
    openBytes.addAndGet(entry.bytes);
    onCollection(buffer, entry::collected);
    return entry;
  }

  /** Bytes of closed regions that are not freed yet. */
  long waitingBytes() {
    return waitingBytes.get();
  }

  /** Runs {@code action} once {@code buffer} is freed; the action must not refer to it. */
  void onCollection(ByteBuffer buffer, Runnable action) {
    cleaner.register(buffer, action);
  }

  /** How much may wait: a quarter of what is in use, within bounds. */
  private long thresholdBytes() {
    return Math.max(LOW_BYTES, Math.min(HIGH_BYTES, openBytes.get() / 4));
  }

  private void requestIfNeeded() {
    if (waitingBytes.get() > thresholdBytes() && running.compareAndSet(false, true)) {
      Thread thread = new Thread(null, this::reclaim, "varve-reclaimer", 0, false);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void reclaim() {
    long pauseNanos = SHORTEST_PAUSE_NANOS;
    while (waitingBytes.get() > thresholdBytes()) {
      restUntil(notBeforeNanos);
      long before = waitingBytes.get();
      long start = System.nanoTime();
      System.gc();
      long worked = System.nanoTime() - start;
      notBeforeNanos = System.nanoTime() + Math.max(pauseNanos, REST_PER_WORK * worked);
      awaitLess(before);
      pauseNanos =
          waitingBytes.get() < before
              ? SHORTEST_PAUSE_NANOS
              : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }
    running.set(false);
    requestIfNeeded();
  }

  /** Lets the cleaner's thread catch up with the collection. */
  private void awaitLess(long before) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
    while (waitingBytes.get() >= before && System.nanoTime() < deadline) {
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static void restUntil(long nanoTime) {
    for (long left; (left = nanoTime - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  /** One buffer. Holds no reference to it, else it would never be collected. */
  final class Entry {
    private final long bytes;
    private boolean closed;
    private boolean collected;

    private Entry(long bytes) {
      this.bytes = bytes;
    }

    /** Its region is closed. */
    void closed() {
      synchronized (this) {
        closed = true;
        openBytes.addAndGet(-bytes);
        if (collected) {
          return;
        }
        waitingBytes.addAndGet(bytes);
      }
      requestIfNeeded();
    }

    /** Its buffer is unreachable, and unmapped about now. */
    private synchronized void collected() {
      collected = true;
      if (closed) {
        waitingBytes.addAndGet(-bytes);
      }
    }
  }
}
