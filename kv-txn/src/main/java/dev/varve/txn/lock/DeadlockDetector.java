// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Finds circles in the graph of who waits for whom. Asked by everybody who begins to wait, after it has
 * become visible as waiting; whoever closes the circle gives way.
 *
 * <ul>
 *   <li>I1. Every circle has one that began to wait last, and it sees all the others waiting: no circle
 *       goes unnoticed.
 *   <li>I2. One search at a time, and a victim stops waiting before the next one begins: a circle has one
 *       victim.
 *   <li>I3. The graph is read shard by shard while it changes, so a circle found is walked a second
 *       time before it counts: waiting ends only by grant, timeout or interrupt, and a wait that ended in
 *       between breaks the second walk.
 * </ul>
 */
final class DeadlockDetector {
  private final RangeLocks ranges;

  DeadlockDetector(RangeLocks ranges) {
    this.ranges = ranges;
  }

  /**
   * Looks for a circle through {@code start}, and if there is one stops it from waiting.
   *
   * @param stopWaiting takes the victim out; false if it need not wait any more
   * @return the circle from {@code start} on, or nothing
   */
  synchronized List<LockOwner> resolve(LockOwner start, BooleanSupplier stopWaiting) {
    List<LockOwner> circle = search(start);
    return !circle.isEmpty() && isStill(circle) && stopWaiting.getAsBoolean() ? circle : List.of();
  }

  private List<LockOwner> search(LockOwner start) {
    Map<LockOwner, LockOwner> cameFrom = new HashMap<>();
    Deque<LockOwner> open = new ArrayDeque<>();
    open.add(start);
    while (!open.isEmpty()) {
      LockOwner waiter = open.remove();
      for (LockOwner blocker : waitedFor(waiter)) {
        if (blocker == start) {
          return path(start, waiter, cameFrom);
        }
        if (cameFrom.putIfAbsent(blocker, waiter) == null) {
          open.add(blocker);
        }
      }
    }
    return List.of();
  }

  private static List<LockOwner> path(
      LockOwner start, LockOwner last, Map<LockOwner, LockOwner> cameFrom) {
    List<LockOwner> path = new ArrayList<>();
    for (LockOwner each = last; each != start; each = cameFrom.get(each)) {
      path.add(0, each);
    }
    path.add(0, start);
    return path;
  }

  private boolean isStill(List<LockOwner> circle) {
    for (int i = 0; i < circle.size(); i++) {
      if (!waitedFor(circle.get(i)).contains(circle.get((i + 1) % circle.size()))) {
        return false;
      }
    }
    return true;
  }

  private Set<LockOwner> waitedFor(LockOwner waiter) {
    Set<LockOwner> waitedFor = new LinkedHashSet<>();
    LockEntry entry = waiter.waitingEntry;
    if (entry != null) {
      entry.shard.forEachBlocker(entry, waiter, waitedFor::add);
    }
    ranges.collectWaitedFor(waiter, waitedFor);
    return waitedFor;
  }
}
