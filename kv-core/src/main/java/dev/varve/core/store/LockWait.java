// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

/** What to do when a lock is held by another transaction. */
public enum LockWait {
  /** Wait as long as the transaction's lock timeout says, then throw {@code LOCK_TIMEOUT}. */
  WAIT,
  /** Throw {@code LOCK_TIMEOUT} at once. */
  NOWAIT,
  /** Return {@link LockResult#SKIPPED} at once. */
  SKIP
}
