// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The locked rows whose hashes fall together: open addressing with linear probing, entries pooled. And
 * the gate through which writers pass that lock nothing.
 *
 * <p>One word holds the mutex of the table, the reasons why the gate is closed, and how many have passed
 * it and are still inside:
 *
 * <pre>
 *  63                        32      31      30                    0
 * +----------------------------+---------+----------------------------+
 * |  reasons: entries, ranges  |  mutex  |  inside without a lock     |
 * +----------------------------+---------+----------------------------+
 * </pre>
 *
 * <ul>
 *   <li>I1. The gate opens only if mutex and reasons are zero, in one compare-and-set with counting
 *       oneself in; so nobody comes in while a row of this shard is locked or a range lock is there.
 *   <li>I2. Whoever has the mutex has first waited until nobody is inside; so a row is locked only after every
 *       write that saw it unlocked has been committed.
 *   <li>I3. Nobody inside waits for a lock or for the mutex of a shard; so I2's wait ends.
 * </ul>
 *
 * The mutex is held for a few hundred instructions and never while parking or waiting for another.
 */
final class LockShard {
  private static final VarHandle STATE;
  private static final long MUTEX = 1L << 31;
  private static final long REASON = 1L << 32;
  private static final long INSIDE = MUTEX - 1;
  private static final int SPINS = 64;
  private static final int YIELDS = 16;
  private static final long PAUSE_NANOS = 20_000;
  private static final int MAX_POOLED = 256;
  private static final int MIN_CAPACITY = 16;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(LockShard.class, "state", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private volatile long state;
  private @Nullable LockEntry[] table = new LockEntry[MIN_CAPACITY];
  private int entries;
  private @Nullable LockEntry free;
  private int freeCount;

  /** What became of a request. */
  enum Outcome {
    /** It was held already. */
    HELD,
    /** It is held now. */
    GRANTED,
    /** It was held shared and is held exclusively now. */
    UPGRADED,
    /** It is queued. */
    QUEUED,
    /** It is held by others, and the caller did not want to queue. */
    REFUSED
  }

  // The gate.

  /** Goes in without a lock, if no row of this shard is locked; then {@link #leave} must follow. */
  boolean pass() {
    long now = state;
    while (now < MUTEX && now >= 0) {
      if (STATE.weakCompareAndSet(this, now, now + 1)) {
        return true;
      }
      now = state;
    }
    return false;
  }

  /** Ends what {@link #pass} has begun. */
  void leave() {
    STATE.getAndAdd(this, -1L);
  }

  /** Closes the gate until {@link #reopen}; returns when nobody is inside any more. */
  void closeGate() {
    STATE.getAndAdd(this, REASON);
    awaitEmpty();
  }

  void reopen() {
    STATE.getAndAdd(this, -REASON);
  }

  private void enter() {
    int tries = 0;
    while (true) {
      long now = state;
      if ((now & MUTEX) == 0 && STATE.compareAndSet(this, now, now + MUTEX)) {
        break;
      }
      pause(tries++);
    }
    if ((state & INSIDE) != 0) {
      awaitEmpty();
    }
  }

  /** Gives the mutex back; {@code change} entries have come or, negative, gone. */
  private void exit(int change) {
    STATE.getAndAdd(this, change * REASON - MUTEX);
  }

  private void awaitEmpty() {
    int tries = 0;
    while ((state & INSIDE) != 0) {
      pause(tries++);
    }
  }

  private static void pause(int tries) {
    if (tries < SPINS) {
      Thread.onSpinWait();
    } else if (tries < SPINS + YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  // Rows.

  /** Locks a row for {@code owner}, or queues it when {@code mayQueue}. */
  Outcome acquire(
      LockOwner owner,
      long hash,
      byte[] key,
      int offset,
      int bytes,
      boolean exclusively,
      boolean mayQueue) {
    owner.makeRoom();
    enter();
    int before = entries;
    try {
      LockEntry entry = find(hash, key, offset, bytes);
      if (entry == null) {
        entry = add(hash, key, offset, bytes);
        entry.grant(owner, exclusively);
        owner.hold(entry);
        return Outcome.GRANTED;
      }
      if (entry.isHeld(owner, exclusively)) {
        return Outcome.HELD;
      }
      boolean upgrade = entry.isShared(owner);
      if ((upgrade || entry.firstWaiting == null) && entry.allows(owner, exclusively)) {
        entry.grant(owner, exclusively);
        if (!upgrade) {
          owner.hold(entry);
        }
        return upgrade ? Outcome.UPGRADED : Outcome.GRANTED;
      }
      if (!mayQueue) {
        return Outcome.REFUSED;
      }
      owner.beginWait(entry, exclusively, upgrade);
      entry.enqueue(owner, upgrade);
      return Outcome.QUEUED;
    } finally {
      exit(entries - before);
    }
  }

  /** Takes the queued {@code owner} out; false if it has been granted the lock instead. */
  boolean cancel(LockEntry entry, LockOwner owner) {
    LockOwner granted = null;
    enter();
    int before = entries;
    boolean queued = owner.isQueued && entry.dequeue(owner);
    if (queued) {
      owner.isQueued = false;
      granted = grantWaiting(entry);
      removeIfFree(entry);
    }
    exit(entries - before);
    wake(granted);
    return queued;
  }

  /** Gives up what {@code owner} holds of {@code entry}. */
  void release(LockEntry entry, LockOwner owner) {
    enter();
    int before = entries;
    entry.release(owner);
    LockOwner granted = grantWaiting(entry);
    removeIfFree(entry);
    exit(entries - before);
    wake(granted);
  }

  /** Gives up the exclusive part of what {@code owner} holds and keeps the shared one. */
  void downgrade(LockEntry entry, LockOwner owner) {
    enter();
    entry.release(owner);
    entry.grant(owner, false);
    LockOwner granted = grantWaiting(entry);
    exit(0);
    wake(granted);
  }

  /** The entry of a row that {@code owner} holds. */
  LockEntry entry(long hash, byte[] key, int offset, int bytes) {
    enter();
    LockEntry entry = find(hash, key, offset, bytes);
    exit(0);
    assert entry != null;
    return entry;
  }

  /** Whoever holds the row exclusively, or null. */
  @Nullable LockOwner exclusiveHolder(long hash, byte[] key, int offset, int bytes) {
    enter();
    LockEntry entry = find(hash, key, offset, bytes);
    LockOwner holder = entry == null ? null : entry.exclusive;
    exit(0);
    return holder;
  }

  /** Tells whom the queued {@code waiter} waits for; nothing if it is not queued any more. */
  void forEachBlocker(LockEntry entry, LockOwner waiter, Consumer<LockOwner> receiver) {
    enter();
    if (waiter.isQueued && waiter.waitingEntry == entry) {
      entry.forEachBlocker(waiter, receiver);
    }
    exit(0);
  }

  /** Tells who holds rows of {@code range} in a way that rules it out. */
  void forEachHolder(RangeLock range, Consumer<LockOwner> receiver) {
    enter();
    if (entries > 0) {
      for (LockEntry entry : table) {
        if (entry != null && range.contains(entry.key, 0, entry.keyBytes)) {
          entry.forEachHolder(range.owner, range.exclusive, receiver);
        }
      }
    }
    exit(0);
  }

  /** The number of locked rows and of range locks that close the gate; for figures. */
  int reasons() {
    return (int) (state >>> 32);
  }

  /**
   * Hands the lock to the first in the queue, and to those behind it that share it. They are told by
   * {@link #wake} once the mutex is free; until then they are linked over {@code nextWaiting}.
   */
  private static @Nullable LockOwner grantWaiting(LockEntry entry) {
    LockOwner granted = null;
    LockOwner last = null;
    while (entry.firstWaiting != null
        && entry.allows(entry.firstWaiting, entry.firstWaiting.wantsExclusive)) {
      LockOwner next = entry.firstWaiting;
      entry.firstWaiting = next.nextWaiting;
      if (entry.firstWaiting == null) {
        entry.lastWaiting = null;
      }
      next.nextWaiting = null;
      next.isQueued = false;
      entry.grant(next, next.wantsExclusive);
      if (last == null) {
        granted = next;
      } else {
        last.nextWaiting = next;
      }
      last = next;
    }
    return granted;
  }

  private static void wake(@Nullable LockOwner granted) {
    LockOwner each = granted;
    while (each != null) {
      LockOwner next = each.nextWaiting;
      each.signal();
      each = next;
    }
  }

  // The table.

  private @Nullable LockEntry find(long hash, byte[] key, int offset, int bytes) {
    int mask = table.length - 1;
    for (int at = (int) hash & mask; table[at] != null; at = at + 1 & mask) {
      if (table[at].isNamed(hash, key, offset, bytes)) {
        return table[at];
      }
    }
    return null;
  }

  private LockEntry add(long hash, byte[] key, int offset, int bytes) {
    if (entries >= table.length / 2) {
      resize(2 * table.length);
    }
    LockEntry entry = free;
    if (entry == null) {
      entry = new LockEntry(this);
    } else {
      free = entry.nextFree;
      freeCount--;
    }
    entry.name(hash, key, offset, bytes);
    put(entry);
    entries++;
    return entry;
  }

  private void put(LockEntry entry) {
    int mask = table.length - 1;
    int at = (int) entry.hash & mask;
    while (table[at] != null) {
      at = at + 1 & mask;
    }
    table[at] = entry;
  }

  private void removeIfFree(LockEntry entry) {
    if (!entry.isFree()) {
      return;
    }
    int mask = table.length - 1;
    int hole = (int) entry.hash & mask;
    while (table[hole] != entry) {
      hole = hole + 1 & mask;
    }
    for (int at = hole + 1 & mask; table[at] != null; at = at + 1 & mask) {
      int home = (int) table[at].hash & mask;
      if ((at - home & mask) >= (at - hole & mask)) {
        table[hole] = table[at];
        hole = at;
      }
    }
    table[hole] = null;
    entries--;
    if (freeCount < MAX_POOLED) {
      entry.nextFree = free;
      free = entry;
      freeCount++;
    }
    if (table.length > MIN_CAPACITY && entries < table.length / 16) {
      resize(Math.max(MIN_CAPACITY, table.length / 4));
    }
  }

  private void resize(int capacity) {
    LockEntry[] old = table;
    table = new LockEntry[capacity];
    Arrays.stream(old).filter(entry -> entry != null).forEach(this::put);
  }
}
