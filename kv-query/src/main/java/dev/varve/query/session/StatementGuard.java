// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.query.expression.EvaluationContext;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Lets the statement under way be ended from outside: by its context, which loops ask, and by an
 * interrupt, which waits heed. No interrupt reaches the thread once the statement is over.
 */
final class StatementGuard {
  private final StatementTimer timer;
  private final SessionSettings settings;
  private @Nullable EvaluationContext running;
  private @Nullable Thread thread;
  private boolean interrupted;
  private @Nullable Future<?> timeout;

  StatementGuard(StatementTimer timer, SessionSettings settings) {
    this.timer = timer;
    this.settings = settings;
  }

  /** A statement begins on this thread. */
  synchronized void begin(EvaluationContext evaluation) {
    evaluation.resume();
    running = evaluation;
    thread = Thread.currentThread();
    interrupted = false;
    Duration limit = settings.statementTimeout();
    if (!limit.isZero()) {
      timeout =
          timer.schedule(
              () -> cancel("canceling statement due to statement timeout"),
              Math.max(1, limit.toMillis()));
    }
  }

  /** The thread leaves the statement, whose rows may still be read. */
  synchronized void pause() {
    thread = null;
    if (interrupted) {
      interrupted = false;
      Thread.interrupted();
    }
  }

  /** The statement is over. */
  synchronized void end(EvaluationContext evaluation) {
    pause();
    if (running == evaluation) {
      running = null;
      if (timeout != null) {
        timeout.cancel(false);
        timeout = null;
      }
    }
  }

  /** Ends the statement under way; nothing happens if there is none. */
  synchronized void cancel(String reason) {
    EvaluationContext evaluation = running;
    if (evaluation == null) {
      return;
    }
    evaluation.cancel(reason);
    Thread waiting = thread;
    if (waiting != null && waiting != Thread.currentThread()) {
      interrupted = true;
      waiting.interrupt();
    }
  }
}
