// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import dev.varve.ErrorCode;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.TransactionalStore;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on a thread of its own, so that a test can see it wait for a lock. Whether it waits
 * is read from the thread: it is parked and inside a class of locks of the store.
 */
public final class Session implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final ExecutorService executor;
  private final StoreTransaction transaction;
  private volatile @Nullable Thread thread;
  private boolean hasWaited;
  private @Nullable VarveException failure;

  /** Begins the transaction, on the calling thread. */
  public Session(TransactionalStore store, TransactionOptions options) {
    executor =
        Executors.newSingleThreadExecutor(
            body -> {
              Thread created = new Thread(body, "session");
              created.setDaemon(true);
              thread = created;
              return created;
            });
    transaction = store.begin(options);
  }

  /** A step that has been started. */
  public final class Call<T extends @Nullable Object> {
    private final Future<T> future;

    private Call(Future<T> future) {
      this.future = future;
    }

    /** Whether it waits for a lock, as against having finished; waits until it is one of the two. */
    public boolean isWaiting() {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      int seen = 0;
      while (System.nanoTime() < deadline) {
        try {
          future.get(1, TimeUnit.MILLISECONDS);
          return false;
        } catch (TimeoutException running) {
          seen = isParkedInLocks() ? seen + 1 : 0;
          if (seen == 5) {
            hasWaited = true;
            return true;
          }
        } catch (ExecutionException failed) {
          return false;
        } catch (InterruptedException interrupt) {
          throw new AssertionError(interrupt);
        }
      }
      throw new AssertionError("the step neither finishes nor waits for a lock");
    }

    /** Waits for its result; a conflict is thrown and remembered. */
    public T result() {
      try {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof VarveException cause) {
          failure = cause;
          throw cause;
        }
        throw new CompletionException(failed.getCause());
      } catch (InterruptedException | TimeoutException stuck) {
        throw new AssertionError("the step does not finish", stuck);
      }
    }
  }

  /** Starts a step; returns when it has finished or waits for a lock. */
  public <T extends @Nullable Object> Call<T> start(Function<StoreTransaction, T> step) {
    Call<T> call = new Call<>(executor.submit(() -> step.apply(transaction)));
    call.isWaiting();
    return call;
  }

  /** Runs a step to its end. */
  public <T extends @Nullable Object> T call(Function<StoreTransaction, T> step) {
    return start(step).result();
  }

  /** Runs a step to its end. */
  public void run(Consumer<StoreTransaction> step) {
    call(
        same -> {
          step.accept(same);
          return Boolean.TRUE;
        });
  }

  /** Starts a step without a result. */
  public Call<Boolean> startRun(Consumer<StoreTransaction> step) {
    return start(
        same -> {
          step.accept(same);
          return Boolean.TRUE;
        });
  }

  /** Commits; false if a conflict forbids it or has ended the transaction before. */
  public boolean tryCommit() {
    try {
      run(StoreTransaction::commit);
      return true;
    } catch (VarveException refused) {
      if (refused.isRetryable() || refused.code() == ErrorCode.TRANSACTION_ABORTED) {
        return false;
      }
      throw refused;
    }
  }

  /** Whether any step has waited for a lock. */
  public boolean hasWaited() {
    return hasWaited;
  }

  /** What the last step that failed has thrown. */
  public @Nullable VarveException failure() {
    return failure;
  }

  /** The thread that the steps run on; null before the first. */
  public @Nullable Thread thread() {
    return thread;
  }

  private boolean isParkedInLocks() {
    Thread running = thread;
    if (running == null
        || running.getState() != Thread.State.WAITING
            && running.getState() != Thread.State.TIMED_WAITING) {
      return false;
    }
    for (StackTraceElement frame : running.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.varve.") && frame.getClassName().contains("Lock")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    if (executor.isShutdown()) {
      return;
    }
    executor.submit(transaction::close);
    executor.shutdown();
    try {
      if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a session does not end");
      }
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }
}
