// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The locks of a {@link ReferenceStore}, on rows and on ranges of rows, granted first come, first
 * served. Guarded by the store's monitor, on which waiters wait.
 */
final class ReferenceLocks {
  private final Object monitor;
  private final NavigableMap<RowKey, Map<ReferenceTransaction, LockMode>> rows = new TreeMap<>();
  private final Map<ReferenceTransaction, List<RowKey>> rowsOf = new HashMap<>();
  private final List<Request> ranges = new ArrayList<>();
  private final List<Request> waiting = new ArrayList<>();

  ReferenceLocks(Object monitor) {
    this.monitor = monitor;
  }

  /** What a transaction wants or has; {@code row} is null when it is a range. */
  private record Request(
      ReferenceTransaction owner, @Nullable RowKey row, RowRange range, LockMode mode) {
    boolean collides(Request that) {
      return owner != that.owner
          && (mode == LockMode.EXCLUSIVE || that.mode == LockMode.EXCLUSIVE)
          && range.overlaps(that.range);
    }
  }

  boolean lock(ReferenceTransaction owner, RowKey row, LockMode mode, LockWait wait) {
    return acquire(new Request(owner, row, RowRange.of(row), mode), wait);
  }

  void lockRange(ReferenceTransaction owner, RowRange range, LockMode mode) {
    if (!range.isEmpty()) {
      acquire(new Request(owner, null, range, mode), LockWait.WAIT);
    }
  }

  void releaseAll(ReferenceTransaction owner) {
    List<RowKey> held = rowsOf.remove(owner);
    if (held != null) {
      held.forEach(
          row ->
              rows.computeIfPresent(
                  row,
                  (same, holders) -> {
                    holders.remove(owner);
                    return holders.isEmpty() ? null : holders;
                  }));
    }
    ranges.removeIf(range -> range.owner == owner);
    monitor.notifyAll();
  }

  /** Whether nobody has or wants a lock. */
  boolean isEmpty() {
    return rows.isEmpty() && ranges.isEmpty() && waiting.isEmpty();
  }

  private boolean acquire(Request request, LockWait wait) {
    Set<ReferenceTransaction> blockers = blockers(request);
    if (!blockers.isEmpty()) {
      if (wait == LockWait.SKIP) {
        return false;
      }
      await(request, wait == LockWait.NOWAIT ? 0 : request.owner.lockTimeoutNanos());
    }
    if (request.row == null) {
      ranges.add(request);
    } else {
      rowsOf.computeIfAbsent(request.owner, none -> new ArrayList<>()).add(request.row);
      rows.computeIfAbsent(request.row, free -> new LinkedHashMap<>())
          .merge(
              request.owner,
              request.mode,
              (held, wanted) -> held == LockMode.EXCLUSIVE ? held : wanted);
    }
    return true;
  }

  private void await(Request request, long timeoutNanos) {
    long deadline = System.nanoTime() + timeoutNanos;
    waiting.add(request);
    try {
      while (true) {
        request.owner.checkActive();
        Set<ReferenceTransaction> blockers = blockers(request);
        if (blockers.isEmpty()) {
          return;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw timeout(request, blockers);
        }
        List<ReferenceTransaction> circle = new ArrayList<>();
        if (leadsTo(request.owner, request, circle, new HashSet<>())) {
          throw deadlock(request, circle);
        }
        monitor.wait(left / 1_000_000, (int) (left % 1_000_000));
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw ErrorCode.QUERY_CANCELED
          .error("The thread was interrupted while it waited for a lock.")
          .fact("row", request.range.from())
          .build();
    } finally {
      waiting.remove(request);
      monitor.notifyAll();
    }
  }

  /** Who has to finish before {@code request} can be granted. */
  private Set<ReferenceTransaction> blockers(Request request) {
    Set<ReferenceTransaction> blockers = holders(request);
    for (Request earlier : waiting) {
      if (earlier == request) {
        break;
      }
      if (earlier.collides(request) && !holders(earlier).contains(request.owner)) {
        blockers.add(earlier.owner);
      }
    }
    return blockers;
  }

  private Set<ReferenceTransaction> holders(Request request) {
    Set<ReferenceTransaction> holders = new LinkedHashSet<>();
    rows.subMap(request.range.from(), request.range.to())
        .values()
        .forEach(
            held ->
                held.forEach(
                    (owner, mode) -> {
                      if (owner != request.owner
                          && (mode == LockMode.EXCLUSIVE || request.mode == LockMode.EXCLUSIVE)) {
                        holders.add(owner);
                      }
                    }));
    for (Request held : ranges) {
      if (held.collides(request)) {
        holders.add(held.owner);
      }
    }
    return holders;
  }

  /** Whether {@code request} waits, over others, for {@code target}; leaves the way in {@code path}. */
  private boolean leadsTo(
      ReferenceTransaction target,
      Request request,
      List<ReferenceTransaction> path,
      Set<ReferenceTransaction> seen) {
    path.add(request.owner);
    for (ReferenceTransaction blocker : blockers(request)) {
      if (blocker == target) {
        return true;
      }
      if (seen.add(blocker)) {
        for (Request next : waiting) {
          if (next.owner == blocker && leadsTo(target, next, path, seen)) {
            return true;
          }
        }
      }
    }
    path.remove(path.size() - 1);
    return false;
  }

  private static VarveException timeout(Request request, Set<ReferenceTransaction> blockers) {
    return ErrorCode.LOCK_TIMEOUT
        .error("A row stayed locked by another transaction for too long.")
        .fact("row", request.range.from())
        .fact("waitedMillis", TimeUnit.NANOSECONDS.toMillis(request.owner.lockTimeoutNanos()))
        .fact("holder", blockers.iterator().next())
        .build();
  }

  private static VarveException deadlock(Request request, List<ReferenceTransaction> circle) {
    StringBuilder text = new StringBuilder();
    circle.forEach(each -> text.append(each).append(" waits for "));
    return ErrorCode.DEADLOCK
        .error("Transactions wait for each other in a circle.")
        .fact("row", request.range.from())
        .fact("circle", text.append(request.owner))
        .build();
  }
}
