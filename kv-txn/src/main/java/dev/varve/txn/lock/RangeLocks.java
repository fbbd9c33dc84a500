// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The range locks that are held or waited for, in order of arrival. Rare, so a list under one monitor;
 * nothing waits or locks a shard inside it. How they and the row locks notice each other is told in
 * {@link LockTable}.
 */
final class RangeLocks {
  private final List<RangeLock> ranges = new ArrayList<>();
  private volatile int count;
  private volatile long releases;

  boolean isEmpty() {
    return count == 0;
  }

  int size() {
    return count;
  }

  /** Rises whenever somebody has given up a lock while a range was there. */
  long releases() {
    return releases;
  }

  synchronized void add(RangeLock range) {
    ranges.add(range);
    count = ranges.size();
  }

  synchronized void remove(RangeLock range) {
    ranges.remove(range);
    count = ranges.size();
    range.waiters.forEach(LockOwner::signal);
    range.waiters.clear();
    wakeRanges();
  }

  /** Is told that somebody has given up a lock; the ranges that wait look again. */
  synchronized void released() {
    wakeRanges();
  }

  private void wakeRanges() {
    releases++;
    for (RangeLock each : ranges) {
      if (!each.granted) {
        each.owner.signal();
      }
    }
  }

  /** The range that keeps {@code owner} from a row, or null. */
  synchronized @Nullable RangeLock barrier(
      LockOwner owner, byte[] key, int offset, int bytes, boolean exclusively) {
    for (RangeLock each : ranges) {
      if (each.owner != owner
          && (exclusively || each.exclusive)
          && !each.blockers.contains(owner)
          && each.contains(key, offset, bytes)) {
        return each;
      }
    }
    return null;
  }

  /** Whoever holds a range with the row in it exclusively, or null. */
  synchronized @Nullable LockOwner exclusiveHolder(byte[] key, int offset, int bytes) {
    for (RangeLock each : ranges) {
      if (each.granted && each.exclusive && each.contains(key, offset, bytes)) {
        return each.owner;
      }
    }
    return null;
  }

  /** Adds to {@code into} the owners of the ranges that {@code range} has to wait for. */
  synchronized void collectBlockers(RangeLock range, Set<LockOwner> into) {
    boolean earlier = true;
    for (RangeLock each : ranges) {
      if (each == range) {
        earlier = false;
      } else if (each.collides(range)
          && (each.granted || earlier && !each.blockers.contains(range.owner))) {
        into.add(each.owner);
      }
    }
  }

  /** From now on nobody may lock further rows in the waiting {@code range}. */
  synchronized void seal(RangeLock range) {
    range.blockers = Set.of();
  }

  /** Grants it unless another range that rules it out has been granted in the meantime. */
  synchronized boolean grant(RangeLock range) {
    for (RangeLock each : ranges) {
      if (each.granted && each.collides(range)) {
        return false;
      }
    }
    range.granted = true;
    return true;
  }

  /**
   * Makes {@code range} wait for {@code blockers}, who may go on in it; false if a lock was given up
   * since {@code seen}, so that it has to look again.
   */
  synchronized boolean beginWait(RangeLock range, Set<LockOwner> blockers, long seen) {
    if (releases != seen) {
      return false;
    }
    range.blockers = blockers;
    range.owner.waitingRange = range;
    range.owner.arm();
    for (LockOwner waiter : range.waiters) {
      if (blockers.contains(waiter)) {
        waiter.signal();
      }
    }
    return true;
  }

  /** Makes {@code owner} wait for the end of {@code barrier}; false if there is no need any more. */
  synchronized boolean beginWait(LockOwner owner, RangeLock barrier) {
    if (!ranges.contains(barrier) || barrier.blockers.contains(owner)) {
      return false;
    }
    owner.waitingRange = barrier;
    owner.arm();
    barrier.waiters.add(owner);
    return true;
  }

  synchronized void endWait(LockOwner owner) {
    RangeLock waited = owner.waitingRange;
    if (waited != null) {
      waited.waiters.remove(owner);
      owner.waitingRange = null;
    }
  }

  /** Adds to {@code into} those whom {@code waiter} waits for on account of ranges. */
  synchronized void collectWaitedFor(LockOwner waiter, Set<LockOwner> into) {
    RangeLock range = waiter.waitingRange;
    if (range == null || waiter.isSignaled()) {
      return;
    }
    if (range.owner == waiter) {
      into.addAll(range.blockers);
    } else if (!range.blockers.contains(waiter)) {
      into.add(range.owner);
    }
  }
}
