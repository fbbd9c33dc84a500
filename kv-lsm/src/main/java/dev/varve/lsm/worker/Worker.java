// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.worker;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A thread of the engine that repeats a task: when it is woken, and now and then without. A task that
 * fails is repeated after a pause that doubles from time to time, for ever: what made it fail (a full
 * disk, say) may end. Thread-safe.
 */
public final class Worker implements AutoCloseable {
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  /** What a worker does. */
  @FunctionalInterface
  public interface Task {
    /** Does a piece of work; whether there may be more. */
    boolean run() throws Exception;
  }

  /** Hears of failures and recoveries; must not throw. */
  public interface Listener {
    /** The task failed for the {@code times}th time in a row. */
    void failed(String worker, Throwable failure, int times);

    /** The task did not fail, after it had. */
    void recovered(String worker);
  }

  private final String name;
  private final Task task;
  private final Listener listener;
  private final long periodNanos;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private boolean woken;
  private boolean hurried;
  private boolean stopping;
  private volatile @Nullable Throwable failure;
  private volatile int failures;

  /**
   * A worker that is not started yet.
   *
   * @param periodMillis how long to wait at most before the task is run without being woken
   */
  public Worker(String name, Task task, Listener listener, long periodMillis) {
    this.name = name;
    this.task = task;
    this.listener = listener;
    this.periodNanos = periodMillis * 1_000_000;
    this.thread = new Thread(this::work, name);
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  public Worker start() {
    thread.start();
    return this;
  }

  /** Says that there is work. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says that there is work, and ends the pause after a failure: its cause may be gone. */
  public void retry() {
    lock.lock();
    try {
      woken = true;
      hurried = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How often the task has failed. */
  public int failures() {
    return failures;
  }

  /** Why the task failed last, or null when it has not failed since it last succeeded. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Asks the thread to end after the piece of work that it is at. */
  public void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops, and waits for the end of the thread. */
  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    int inARow = 0;
    while (await(periodNanos, true)) {
      try {
        boolean more = task.run();
        if (inARow > 0) {
          inARow = 0;
          failure = null;
          listener.recovered(name);
        }
        if (more) {
          wake();
        }
      } catch (StoppedException stopped) {
        return;
      } catch (Throwable thrown) {
        inARow++;
        failure = thrown;
        count();
        listener.failed(name, thrown, inARow);
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(inARow - 1, 10));
        await(pause * 1_000_000, false);
        wake();
      }
    }
  }

  /** Counts a failure, which ends what was hurried. */
  private void count() {
    lock.lock();
    try {
      failures++;
      hurried = false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits; false when the worker is to end. */
  private boolean await(long nanos, boolean forWork) {
    lock.lock();
    try {
      long left = nanos;
      while (!stopping && !(forWork ? woken : hurried) && left > 0) {
        try {
          left = changed.awaitNanos(left);
        } catch (InterruptedException ignored) {
          left = nanos;
        }
      }
      if (forWork) {
        woken = false;
      }
      return !stopping;
    } finally {
      lock.unlock();
    }
  }
}
