// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a transaction or snapshot that a user holds: known to {@link ActiveTransactions} until it
 * ends, so that it can be ended when the user has lost it.
 */
abstract class Tracked {
  final long number;
  final long beganNanos = System.nanoTime();
  private final String thread = Thread.currentThread().getName();

  /** Where it began; null unless origins are recorded. */
  @Nullable Throwable origin;

  /** What the user holds. */
  @Nullable WeakReference<Object> handle;

  /** Whether it has been reported as open for long. */
  boolean reported;

  // Its place in the list of its stripe.
  int stripe;
  @Nullable Tracked previous;
  @Nullable Tracked next;

  Tracked(long number) {
    this.number = number;
  }

  /** Ends it, unless it has ended or a call on it is under way; true if this call ended it. */
  abstract boolean abandon();

  /** Ends it because the store is closed, if no call on it is under way. */
  abstract void closeStore();

  long openMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
  }

  boolean isLost() {
    return handle != null && handle.refersTo(null);
  }

  abstract String kind();

  @Override
  public String toString() {
    return kind() + "-" + number + " (thread " + thread + ", open for " + openMillis() + " ms)";
  }
}
