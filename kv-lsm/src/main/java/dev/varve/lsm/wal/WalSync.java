// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.lsm.event.SyncEvent;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Forces the log, on a thread of its own, and lets committers wait for it. All that was written
 * before a force begins shares it.
 *
 * <p>After a failed force nobody can say what the device holds: the system may have dropped the pages
 * and call them clean, so that another force would succeed and prove nothing. So the log fails for
 * good; what was forced before stays acknowledged, everything after is refused until a new opening
 * has read what is really there.
 */
final class WalSync implements AutoCloseable {
  private static final int WAITERS = 256;
  private static final int SPINS = 64;
  private static final long CROWD_NANOS = 50_000;

  private final Thread thread = new Thread(this::run, "varve-wal-sync");
  private final long asyncIntervalNanos;

  /** Held while a segment is forced, and while the first segment to force is changed. */
  private final ReentrantLock forcing = new ReentrantLock();

  // Where committers wait.
  private final AtomicReferenceArray<Thread> waiters = new AtomicReferenceArray<>(WAITERS);
  private final AtomicLongArray waitedFor = new AtomicLongArray(WAITERS);
  private volatile int waitersUsed;

  private WalSegment segment;
  private volatile long writtenPosition;
  private volatile long wantedPosition;
  private volatile long syncedPosition;
  private volatile long asyncSinceNanos;
  private volatile boolean asyncWanted;
  private volatile boolean idle;
  private volatile boolean closed;
  private volatile @Nullable VarveException failure;

  private volatile long forces;
  private volatile long forceNanos;

  WalSync(WalSegment first, long position, long asyncIntervalNanos) {
    this.segment = first;
    this.asyncIntervalNanos = asyncIntervalNanos;
    writtenPosition = position;
    syncedPosition = position;
    wantedPosition = position;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Says that everything before {@code position} is in the mapping. Called in order. */
  void written(long position) {
    WRITTEN.setRelease(this, position);
  }

  long writtenPosition() {
    return writtenPosition;
  }

  long syncedPosition() {
    return syncedPosition;
  }

  long forces() {
    return forces;
  }

  long forceNanos() {
    return forceNanos;
  }

  @Nullable VarveException failure() {
    return failure;
  }

  /** Nanoseconds since the oldest commit that is not forced asked for it in the background. */
  long lossWindowNanos() {
    return asyncWanted ? System.nanoTime() - asyncSinceNanos : 0;
  }

  /** Has what was written forced within the interval. */
  void syncSoon() {
    if (!asyncWanted) {
      asyncSinceNanos = System.nanoTime();
      asyncWanted = true;
      wake();
    }
  }

  /** Returns once everything before {@code position} is on the device. */
  void await(long position) {
    if (syncedPosition >= position) {
      return;
    }
    want(position);
    wake();
    for (int i = 0; i < SPINS; i++) {
      if (syncedPosition >= position) {
        return;
      }
      Thread.onSpinWait();
    }
    park(position);
    if (syncedPosition < position) {
      throw refused();
    }
  }

  private void want(long position) {
    for (long wanted = wantedPosition; wanted < position; wanted = wantedPosition) {
      if (WANTED.compareAndSet(this, wanted, position)) {
        return;
      }
    }
  }

  private void wake() {
    if (idle) {
      LockSupport.unpark(thread);
    }
  }

  private void park(long position) {
    Thread me = Thread.currentThread();
    boolean interrupted = false;
    int place = claim(me, position);
    try {
      while (syncedPosition < position && failure == null && !closed) {
        if (place < 0) {
          LockSupport.parkNanos(this, CROWD_NANOS);
        } else {
          LockSupport.park(this);
        }
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (place >= 0) {
        waiters.set(place, null);
      }
      if (interrupted) {
        me.interrupt();
      }
    }
  }

  private int claim(Thread me, long position) {
    for (int i = 0; i < WAITERS; i++) {
      if (waiters.getOpaque(i) == null && waiters.compareAndSet(i, null, me)) {
        waitedFor.set(i, position);
        if (i >= waitersUsed) {
          raiseWaitersUsed(i + 1);
        }
        return i;
      }
    }
    return -1;
  }

  private void raiseWaitersUsed(int used) {
    for (int now = waitersUsed; now < used; now = waitersUsed) {
      if (USED.compareAndSet(this, now, used)) {
        return;
      }
    }
  }

  private VarveException refused() {
    VarveException cause = failure;
    if (cause == null) {
      return ErrorCode.CLOSED.error("The database is closed.").build();
    }
    return ErrorCode.IO
        .error(
            "The log could not be forced to the device; whether this commit survives a power cut"
                + " is unknown.")
        .hint("Reopen the database; what was acknowledged before is safe.")
        .cause(cause)
        .build();
  }

  private void run() {
    while (!closed && failure == null) {
      long nanos = asyncIntervalNanos;
      if (asyncWanted) {
        nanos = asyncSinceNanos + asyncIntervalNanos - System.nanoTime();
      }
      if (wantedPosition > syncedPosition || nanos <= 0) {
        force();
        continue;
      }
      idle = true;
      if (wantedPosition <= syncedPosition && !closed) {
        if (asyncWanted) {
          LockSupport.parkNanos(this, nanos);
        } else {
          LockSupport.park(this);
        }
      }
      idle = false;
    }
    wakeWaiters(Long.MAX_VALUE);
  }

  /** Forces what is written. */
  private void force() {
    boolean wasAsync = asyncWanted;
    asyncWanted = false;
    SyncEvent event = new SyncEvent();
    event.begin();
    long began = System.nanoTime();
    forcing.lock();
    try {
      long target = writtenPosition;
      while (true) {
        segment.file.sync();
        event.segments++;
        WalSegment successor = segment.successor;
        if (successor == null || WalFormat.segment(target) <= segment.number) {
          break;
        }
        segment = successor;
      }
      forces++;
      forceNanos += System.nanoTime() - began;
      event.bytes = newBytes(target);
      syncedPosition = Math.max(syncedPosition, target);
      event.commit();
    } catch (Throwable refused) {
      asyncWanted = wasAsync;
      failure =
          ErrorCode.IO
              .error("The log could not be forced to the device.")
              .fact("file", segment.path)
              .cause(refused)
              .build();
    } finally {
      forcing.unlock();
    }
    wakeWaiters(syncedPosition);
  }

  private long newBytes(long target) {
    boolean sameSegment = WalFormat.segment(target) == WalFormat.segment(syncedPosition);
    return Math.max(0, sameSegment ? target - syncedPosition : WalFormat.offset(target));
  }

  private void wakeWaiters(long until) {
    int used = waitersUsed;
    boolean all = failure != null || closed;
    for (int i = 0; i < used; i++) {
      Thread waiter = waiters.get(i);
      if (waiter != null && (all || waitedFor.get(i) <= until)) {
        LockSupport.unpark(waiter);
      }
    }
  }

  /** Forces no segment before {@code number} any more: what they hold is durable elsewhere. */
  void forget(long number) {
    forcing.lock();
    try {
      while (segment.number < number) {
        WalSegment successor = segment.successor;
        if (successor == null) {
          break;
        }
        segment = successor;
      }
      long begin = WalFormat.position(segment.number, 0);
      if (syncedPosition < begin) {
        syncedPosition = begin;
      }
    } finally {
      forcing.unlock();
    }
    wakeWaiters(syncedPosition);
  }

  /** Ends the thread; waits for it. What is written is not forced by this. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    wakeWaiters(Long.MAX_VALUE);
  }

  private static final java.lang.invoke.VarHandle WRITTEN = handle("writtenPosition", long.class);
  private static final java.lang.invoke.VarHandle WANTED = handle("wantedPosition", long.class);
  private static final java.lang.invoke.VarHandle USED = handle("waitersUsed", int.class);

  private static java.lang.invoke.VarHandle handle(String field, Class<?> type) {
    try {
      return java.lang.invoke.MethodHandles.lookup().findVarHandle(WalSync.class, field, type);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }
}
