// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Says of most rows, without asking the store, that they have not changed since a timestamp. By the hash of the
 * row it keeps the newest timestamp at which any row of that hash was committed; so it errs on one side only.
 * Thread-safe.
 *
 * <ul>
 *   <li>I1. Whoever commits a row tells this before it gives up the lock on the row, or leaves its gate.
 *   <li>I2. So whoever holds the lock on a row finds here at least the timestamp of its newest version; if that
 *       is not after its snapshot, the row is as the snapshot shows it.
 * </ul>
 *
 * That needs the lock: a commit that can be read already may not have told this yet. Validation of reads,
 * which has no lock, must ask the store.
 */
final class RecentCommits {
  private static final int SLOTS = 1 << 14;

  private final AtomicLongArray newest = new AtomicLongArray(SLOTS);
  private final AtomicLong newestOfAll;

  /** Everything may have changed up to {@code timestamp}. */
  RecentCommits(long timestamp) {
    newestOfAll = new AtomicLong(timestamp);
  }

  /** A row of this hash was committed. */
  void committed(long hash, long timestamp) {
    int slot = slot(hash);
    long known = newest.get(slot);
    while (known < timestamp && !newest.compareAndSet(slot, known, timestamp)) {
      known = newest.get(slot);
    }
  }

  /** Any row may have been committed. */
  void anyCommitted(long timestamp) {
    newestOfAll.accumulateAndGet(timestamp, Math::max);
  }

  /** A commit has failed, and nobody knows whether it will be seen: from now on the store is asked. */
  void unknown() {
    newestOfAll.set(Long.MAX_VALUE);
  }

  /** Whether a row of this hash may have been committed after {@code timestamp}; the caller has it locked. */
  boolean mayHaveChanged(long hash, long timestamp) {
    return newest.get(slot(hash)) > timestamp || newestOfAll.get() > timestamp;
  }

  private static int slot(long hash) {
    return (int) (hash >>> 20) & SLOTS - 1;
  }
}
