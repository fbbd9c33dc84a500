// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.txn.event.LongTransactionEvent;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/**
 * Looks after the open transactions twice a second: ends those that their users have lost, says which are
 * open for long, and moves the time-travel window on.
 *
 * <p>A lost one is one whose handle the collector has cleared. Where it began is recorded only from the first
 * loss on, or with {@code -Dvarve.transactions.origins=true}, since a stack costs as much as a transaction.
 */
final class Janitor {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONG_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final TransactionManager manager;
  private final Thread thread = new Thread(this::run, "varve-transactions");
  private volatile boolean stopped;
  private volatile boolean recordsOrigins = Boolean.getBoolean("varve.transactions.origins");

  Janitor(TransactionManager manager) {
    this.manager = manager;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  boolean recordsOrigins() {
    return recordsOrigins;
  }

  private void run() {
    while (!stopped) {
      try {
        manager.keepWindow();
        manager.active().forEach(this::look);
      } catch (RuntimeException failure) {
        if (!stopped) {
          LoggerFactory.getLogger(Janitor.class)
              .warn("Looking after the open transactions failed.", failure);
        }
      }
      LockSupport.parkNanos(this, PERIOD_NANOS);
    }
  }

  private void look(Tracked tracked) {
    if (tracked.isLost() && tracked.abandon()) {
      manager.transactionMetrics().leaks.increment();
      recordsOrigins = true;
      LoggerFactory.getLogger(Janitor.class)
          .warn(
              "{} was never closed; it has been ended now. {}",
              tracked,
              tracked.origin == null
                  ? "From now on it is recorded where each begins."
                  : "It began here:",
              tracked.origin);
    } else if (!tracked.reported && tracked.openMillis() > LONG_MILLIS) {
      tracked.reported = true;
      LongTransactionEvent event = new LongTransactionEvent();
      if (event.shouldCommit()) {
        event.transaction = tracked.toString();
        event.openMillis = tracked.openMillis();
        event.commit();
      }
    }
  }

  /** Returns when it will not touch the store any more. */
  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException interrupt) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
