// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

/** How a request for a lock ended. */
public enum LockResult {
  /** Locked; the row is as the transaction's current snapshot shows it. */
  LOCKED,
  /**
   * Locked, but the row has a version newer than the statement's snapshot: under {@code
   * READ_COMMITTED} and below the caller reads it again with {@link
   * StoreTransaction#getNewest}. Above, the same situation is a {@code WRITE_CONFLICT} instead.
   */
  CHANGED,
  /** Not locked, for another transaction holds it and the caller did not want to wait. */
  SKIPPED
}
