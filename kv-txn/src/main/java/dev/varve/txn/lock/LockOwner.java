// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who can hold locks: a transaction, or an autocommit write. One thread at a time asks for locks and
 * releases them; it waits for at most one at a time. Reusable once {@link LockTable#releaseAll} has
 * been called.
 */
public final class LockOwner {
  private static final int KEPT_HELD = 1024;

  private Object description = "nobody";
  private long timeoutNanos;

  private LockEntry[] held = new LockEntry[8];
  private int heldCount;
  private final List<RangeLock> ranges = new ArrayList<>(0);

  // A wait for a row, guarded by the shard of the row.
  @Nullable LockEntry waitingEntry;
  boolean wantsExclusive;
  boolean isUpgrade;
  boolean isQueued;
  @Nullable LockOwner nextWaiting;

  // A wait for the end of another's range, or for a range of its own; guarded by RangeLocks.
  @Nullable RangeLock waitingRange;

  private volatile boolean signaled;
  private volatile @Nullable Thread thread;

  /** Holds nothing. */
  public LockOwner() {}

  /**
   * Says who it is from now on.
   *
   * @param description its {@code toString} names it in messages
   * @param timeoutNanos how long it waits for a lock
   */
  public void begin(Object description, long timeoutNanos) {
    assert heldCount == 0 && ranges.isEmpty();
    this.description = description;
    this.timeoutNanos = timeoutNanos;
  }

  /** Says who it is from now on, whatever it holds. */
  public void rename(Object newDescription) {
    description = newDescription;
  }

  /** What it was said to be. */
  public Object description() {
    return description;
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  /** The number of rows it holds. */
  public int heldRows() {
    return heldCount;
  }

  /** Whether it holds nothing. */
  public boolean holdsNothing() {
    return heldCount == 0 && ranges.isEmpty();
  }

  /** Whether it holds ranges. */
  public boolean holdsRanges() {
    return !ranges.isEmpty();
  }

  List<RangeLock> ranges() {
    return ranges;
  }

  /** Makes sure that {@link #hold} cannot fail. */
  void makeRoom() {
    if (heldCount == held.length) {
      held = Arrays.copyOf(held, 2 * heldCount);
    }
  }

  void hold(LockEntry entry) {
    held[heldCount++] = entry;
  }

  LockEntry held(int index) {
    return held[index];
  }

  void unholdLast() {
    held[--heldCount] = null;
  }

  /** Keeps only the first {@code count} in the list of what it holds. */
  void unholdFrom(int count) {
    Arrays.fill(held, count, heldCount, null);
    heldCount = count;
  }

  void setHeld(int index, LockEntry entry) {
    held[index] = entry;
  }

  void unholdAll() {
    unholdFrom(0);
    if (held.length > KEPT_HELD) {
      held = new LockEntry[8];
    }
  }

  // Waiting.

  void beginWait(LockEntry entry, boolean exclusively, boolean upgrade) {
    waitingEntry = entry;
    wantsExclusive = exclusively;
    isUpgrade = upgrade;
    isQueued = true;
    arm();
  }

  /** From now on {@link #signal} is noticed. */
  void arm() {
    thread = Thread.currentThread();
    signaled = false;
  }

  boolean isSignaled() {
    return signaled;
  }

  void signal() {
    Thread waiter = thread;
    signaled = true;
    LockSupport.unpark(waiter);
  }

  /** Makes it look, if it waits, whether there is still a reason to. */
  public void wakeUp() {
    LockSupport.unpark(thread);
  }

  @Override
  public String toString() {
    return description.toString();
  }
}
