// SPDX-License-Identifier: Apache-2.0
package dev.varve.database;

import dev.varve.ErrorCode;
import dev.varve.Transaction;
import dev.varve.TransactionBody;
import dev.varve.VarveException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a transaction until it commits. After a conflict it waits a random time below a bound that
 * doubles, so that those who collide do not collide again; the number of tries is bounded.
 */
final class Retry {
  private static final int MAX_TRIES = 1_000;
  private static final long FIRST_WAIT_NANOS = 2_000;
  private static final long MAX_WAIT_NANOS = 4_000_000;

  /** The first tries go without a wait: most conflicts are over by then. */
  private static final int EAGER_TRIES = 2;

  private Retry() {}

  static <T extends @Nullable Object> T run(Supplier<Transaction> begin, TransactionBody<T> body) {
    for (int tries = 1; ; tries++) {
      VarveException conflict;
      try (Transaction tx = begin.get()) {
        T result = call(body, tx);
        if (tx.isActive()) {
          tx.commit();
        }
        return result;
      } catch (VarveException failure) {
        if (!failure.isRetryable() || tries == MAX_TRIES) {
          throw failure;
        }
        conflict = failure;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw conflict;
      }
      if (tries > EAGER_TRIES) {
        long bound = Math.min(MAX_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(20, tries));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(bound) + 1);
      }
    }
  }

  private static <T extends @Nullable Object> T call(TransactionBody<T> body, Transaction tx) {
    try {
      return body.run(tx);
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      if (failure instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw ErrorCode.EXTERNAL_ROUTINE
          .error("The body of a transaction failed; it is rolled back.")
          .fact("reason", failure)
          .cause(failure)
          .build();
    }
  }
}
