// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends statements that run too long; its thread begins with the first of them. */
final class StatementTimer implements AutoCloseable {
  private @Nullable ScheduledThreadPoolExecutor executor;

  /** Runs {@code action} after {@code millis} unless the result is cancelled before. */
  synchronized Future<?> schedule(Runnable action, long millis) {
    ScheduledThreadPoolExecutor running = executor;
    if (running == null) {
      running = new ScheduledThreadPoolExecutor(1, StatementTimer::thread);
      running.setRemoveOnCancelPolicy(true);
      running.setKeepAliveTime(10, TimeUnit.SECONDS);
      running.allowCoreThreadTimeOut(true);
      executor = running;
    }
    return running.schedule(action, millis, TimeUnit.MILLISECONDS);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "varve-sql-timer");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public synchronized void close() {
    if (executor != null) {
      executor.shutdownNow();
    }
  }
}
