// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.lock;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.metrics.Counter;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.LockWait;
import dev.varve.txn.event.LockWaitEvent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one store, on rows and on ranges. Thread-safe; each {@link LockOwner} is used by one
 * thread at a time.
 *
 * <p>Goal: a row is locked and released in tens of nanoseconds when nobody else wants it, without
 * allocation; whoever waits is served in order; every circle of waiters is broken; no wake-up is lost.
 *
 * <p>Rows live in shards by the hash of their key ({@link LockShard}), ranges in one list ({@link
 * RangeLocks}). They notice each other like this:
 *
 * <ul>
 *   <li>I1. A row is entered in its shard first, and then checked against the list of ranges. A range is
 *       entered in the list first, and then checked against every shard. So of a row and a range that rule
 *       each other out at least one sees the other.
 *   <li>I2. A row that sees a range of another, waiting ones included, gives way: it is released again and waits
 *       for the end of the range. A range that sees a row waits until it is released. So when both see
 *       each other, the range goes first, and neither waits for ever.
 *   <li>I3. Exception to I2: a range that waits lets those pass for whom it waits, else every one of them that
 *       locks another row of the range would be a deadlock. Before it looks for the last time it lets nobody pass
 *       ({@link RangeLocks#seal}), so that what it has seen free stays free.
 *   <li>I4. Whoever gives up a lock while a range is there bumps a counter under the monitor of the ranges and wakes
 *       the waiting ranges; a range goes to sleep under the same monitor only if the counter has not moved
 *       since before it looked.
 * </ul>
 *
 * <p>Writers that hold no locks at all, autocommit puts, do not enter their row: they pass the gate of its
 * shard ({@link #pass}), which is open while no row of the shard is locked and no range exists anywhere.
 * Until they {@link #leave}, nobody locks a row of the shard, which is what a lock of their own would
 * have done, and more coarsely. There are enough shards for that not to matter, provided the visit is short;
 * a write that waits for a device takes a lock instead.
 */
public final class LockTable {
  private static final int SHARD_BITS = 8;
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  private final LockShard[] shards = new LockShard[1 << SHARD_BITS];
  private final RangeLocks ranges = new RangeLocks();
  private final DeadlockDetector detector = new DeadlockDetector(ranges);
  private final Function<byte[], Object> printer;
  private final Counter waits;
  private final Counter waitNanos;
  private final Counter timeouts;
  private final Counter deadlocks;
  private volatile boolean closed;

  /**
   * An empty table.
   *
   * @param printer shows a physical key to people
   */
  public LockTable(Metrics metrics, Function<byte[], Object> printer) {
    Arrays.setAll(shards, any -> new LockShard());
    this.printer = printer;
    this.waits = metrics.counter("locks.waits");
    this.waitNanos = metrics.counter("locks.waitNanos");
    this.timeouts = metrics.counter("locks.timeouts");
    this.deadlocks = metrics.counter("locks.deadlocks");
    metrics.gauge("locks.rows", this::rows);
  }

  /** The number of locked rows, about. */
  public long rows() {
    long rows = -(long) ranges.size() * shards.length;
    for (LockShard shard : shards) {
      rows += shard.reasons();
    }
    return Math.max(0, rows);
  }

  /** Makes those who wait fail with {@code CLOSED}, and those who are going to. */
  public void close() {
    closed = true;
  }

  // The gate.

  /** The gate of a row, for {@link #pass} and {@link #leave}. */
  public int gate(byte[] key, int offset, int bytes) {
    return gate(hash(key, offset, bytes));
  }

  /** The gate of a row by the hash of its key. */
  public int gate(long hash) {
    return shardIndex(hash);
  }

  /** The number of gates. */
  public static int gates() {
    return 1 << SHARD_BITS;
  }

  /** Goes through a gate if it is open. Between this and {@link #leave} lock nothing. */
  public boolean pass(int gate) {
    return shards[gate].pass();
  }

  /** Goes out again. */
  public void leave(int gate) {
    shards[gate].leave();
  }

  // Rows.

  /**
   * Locks a row.
   *
   * @return false if it is held and {@code wait} says to skip it
   * @throws VarveException {@code LOCK_TIMEOUT}, {@code DEADLOCK}, {@code QUERY_CANCELED}, {@code CLOSED};
   *     the owner holds what it held before
   */
  public boolean lockRow(
      LockOwner owner, byte[] key, int offset, int bytes, boolean exclusively, LockWait wait) {
    if (isCovered(owner, key, offset, bytes, exclusively)) {
      return true;
    }
    long hash = hash(key, offset, bytes);
    LockShard shard = shards[shardIndex(hash)];
    long start = 0;
    while (true) {
      LockShard.Outcome outcome =
          shard.acquire(owner, hash, key, offset, bytes, exclusively, wait == LockWait.WAIT);
      if (outcome == LockShard.Outcome.REFUSED) {
        return refuse(
            owner, key, offset, bytes, wait, shard.exclusiveHolder(hash, key, offset, bytes));
      }
      if (outcome == LockShard.Outcome.QUEUED) {
        start = start == 0 ? System.nanoTime() : start;
        outcome = awaitRow(owner, start);
      }
      if (closed) {
        throw closed();
      }
      if (outcome == LockShard.Outcome.HELD || ranges.isEmpty()) {
        return true;
      }
      RangeLock barrier = ranges.barrier(owner, key, offset, bytes, exclusively);
      if (barrier == null) {
        return true;
      }
      giveBack(owner, outcome, shard, hash, key, offset, bytes);
      if (wait != LockWait.WAIT) {
        return refuse(owner, key, offset, bytes, wait, barrier.owner);
      }
      start = start == 0 ? System.nanoTime() : start;
      awaitEnd(owner, barrier, key, offset, bytes, start);
    }
  }

  private static boolean isCovered(
      LockOwner owner, byte[] key, int offset, int bytes, boolean exclusively) {
    List<RangeLock> held = owner.ranges();
    for (int i = 0; i < held.size(); i++) {
      RangeLock range = held.get(i);
      if ((range.exclusive || !exclusively) && range.contains(key, offset, bytes)) {
        return true;
      }
    }
    return false;
  }

  private void giveBack(
      LockOwner owner,
      LockShard.Outcome outcome,
      LockShard shard,
      long hash,
      byte[] key,
      int offset,
      int bytes) {
    if (outcome == LockShard.Outcome.UPGRADED) {
      shard.downgrade(shard.entry(hash, key, offset, bytes), owner);
    } else {
      LockEntry entry = owner.held(owner.heldRows() - 1);
      owner.unholdLast();
      shard.release(entry, owner);
    }
    released();
  }

  private boolean refuse(
      LockOwner owner,
      byte[] key,
      int offset,
      int bytes,
      LockWait wait,
      @Nullable LockOwner holder) {
    if (wait == LockWait.SKIP) {
      return false;
    }
    throw timeout(owner, Arrays.copyOfRange(key, offset, offset + bytes), holder, 0);
  }

  private LockShard.Outcome awaitRow(LockOwner owner, long start) {
    LockEntry entry = owner.waitingEntry;
    byte[] key = Arrays.copyOf(entry.key, entry.keyBytes);
    LockShard shard = entry.shard;
    boolean upgrade = owner.isUpgrade;
    try {
      await(owner, key, start, () -> shard.cancel(entry, owner));
    } finally {
      owner.waitingEntry = null;
    }
    if (upgrade) {
      return LockShard.Outcome.UPGRADED;
    }
    owner.hold(entry);
    return LockShard.Outcome.GRANTED;
  }

  private void awaitEnd(
      LockOwner owner, RangeLock barrier, byte[] key, int offset, int bytes, long start) {
    if (ranges.beginWait(owner, barrier)) {
      try {
        await(
            owner,
            Arrays.copyOfRange(key, offset, offset + bytes),
            start,
            () -> !owner.isSignaled());
      } finally {
        ranges.endWait(owner);
      }
    }
  }

  /** Whoever holds a row exclusively, be it by a range; null if nobody does. */
  public @Nullable LockOwner exclusiveHolder(byte[] key, int offset, int bytes) {
    long hash = hash(key, offset, bytes);
    LockOwner holder = shards[shardIndex(hash)].exclusiveHolder(hash, key, offset, bytes);
    return holder == null && !ranges.isEmpty()
        ? ranges.exclusiveHolder(key, offset, bytes)
        : holder;
  }

  // Ranges.

  /** Locks the rows from one key, inclusive, to another, exclusive. Throws as {@link #lockRow}. */
  public void lockRange(LockOwner owner, byte[] from, byte[] to, boolean exclusively) {
    for (RangeLock held : owner.ranges()) {
      if ((held.exclusive || !exclusively) && held.covers(from, to)) {
        return;
      }
    }
    if (Arrays.compareUnsigned(from, to) >= 0) {
      return;
    }
    RangeLock range = new RangeLock(owner, from, to, exclusively);
    ranges.add(range);
    int closedGates = 0;
    boolean locked = false;
    try {
      for (LockShard shard : shards) {
        closedGates++;
        shard.closeGate();
      }
      awaitRange(range);
      owner.ranges().add(range);
      locked = true;
    } finally {
      if (!locked) {
        end(range, closedGates);
      }
    }
  }

  private void awaitRange(RangeLock range) {
    LockOwner owner = range.owner;
    long start = 0;
    while (true) {
      long seen = ranges.releases();
      ranges.seal(range);
      Set<LockOwner> blockers = new LinkedHashSet<>();
      ranges.collectBlockers(range, blockers);
      for (LockShard shard : shards) {
        shard.forEachHolder(range, blockers::add);
      }
      if (closed) {
        throw closed();
      }
      if (blockers.isEmpty() && ranges.grant(range)) {
        return;
      }
      start = start == 0 ? System.nanoTime() : start;
      if (ranges.beginWait(range, blockers, seen)) {
        try {
          await(owner, range.from, start, () -> !owner.isSignaled());
        } finally {
          ranges.endWait(owner);
        }
      }
    }
  }

  private void end(RangeLock range, int closedGates) {
    ranges.remove(range);
    for (int i = 0; i < closedGates; i++) {
      shards[i].reopen();
    }
  }

  /**
   * Replaces the row locks of {@code owner} by one exclusive lock for each keyspace, on the range from the
   * first row locked there to the last. Throws as {@link #lockRow}.
   */
  public void widen(LockOwner owner) {
    while (owner.heldRows() > 0) {
      byte[] key = owner.held(0).key;
      widen(owner, Arrays.copyOf(key, KeyspacePrefix.lengthFrom(key[0])));
    }
  }

  private void widen(LockOwner owner, byte[] prefix) {
    byte[] first = null;
    byte[] last = null;
    for (int i = 0; i < owner.heldRows(); i++) {
      LockEntry entry = owner.held(i);
      if (begins(entry, prefix)) {
        first = first == null || compare(entry, first) < 0 ? copy(entry) : first;
        last = last == null || compare(entry, last) > 0 ? copy(entry) : last;
      }
    }
    byte[] behind = Arrays.copyOf(last, last.length + 1);
    lockRange(owner, first, behind, true);
    int kept = 0;
    int held = owner.heldRows();
    for (int i = 0; i < held; i++) {
      LockEntry entry = owner.held(i);
      if (begins(entry, prefix)) {
        entry.shard.release(entry, owner);
      } else {
        owner.setHeld(kept++, entry);
      }
    }
    owner.unholdFrom(kept);
  }

  private static boolean begins(LockEntry entry, byte[] prefix) {
    return entry.keyBytes >= prefix.length
        && Arrays.equals(entry.key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static int compare(LockEntry entry, byte[] key) {
    return Arrays.compareUnsigned(entry.key, 0, entry.keyBytes, key, 0, key.length);
  }

  private static byte[] copy(LockEntry entry) {
    return Arrays.copyOf(entry.key, entry.keyBytes);
  }

  // Release.

  /** Gives up everything that {@code owner} holds. */
  public void releaseAll(LockOwner owner) {
    int held = owner.heldRows();
    for (int i = held - 1; i >= 0; i--) {
      LockEntry entry = owner.held(i);
      entry.shard.release(entry, owner);
    }
    owner.unholdAll();
    if (!owner.ranges().isEmpty()) {
      for (RangeLock range : owner.ranges()) {
        end(range, shards.length);
      }
      owner.ranges().clear();
    }
    if (held > 0) {
      released();
    }
  }

  private void released() {
    if (!ranges.isEmpty()) {
      ranges.released();
    }
  }

  /** Hands out what {@code owner} holds, rows as ranges of one with a null upper bound. */
  public void forEachHeld(LockOwner owner, HeldVisitor visitor) {
    for (int i = 0; i < owner.heldRows(); i++) {
      LockEntry entry = owner.held(i);
      visitor.held(copy(entry), null, entry.exclusive == owner);
    }
    for (RangeLock range : owner.ranges()) {
      visitor.held(range.from, range.to, range.exclusive);
    }
  }

  /** Hands out the hashes of the rows that {@code owner} holds. */
  public void forEachHash(LockOwner owner, LongConsumer visitor) {
    for (int i = 0; i < owner.heldRows(); i++) {
      visitor.accept(owner.held(i).hash);
    }
  }

  /** Receives held locks. */
  @FunctionalInterface
  public interface HeldVisitor {
    /** A row, when {@code to} is null, or a range. */
    void held(byte[] from, byte @Nullable [] to, boolean exclusively);
  }

  // Waiting.

  /**
   * Parks until {@code owner} is signaled.
   *
   * @param stop takes it out of what it waits in; false if it has been signaled already, or is about to be
   */
  private void await(LockOwner owner, byte[] key, long start, BooleanSupplier stop) {
    waits.increment();
    LockWaitEvent event = new LockWaitEvent();
    event.begin();
    try {
      List<LockOwner> circle = detector.resolve(owner, stop);
      if (!circle.isEmpty()) {
        deadlocks.increment();
        throw deadlock(owner, key, circle);
      }
      while (!owner.isSignaled()) {
        park(owner, key, start, stop);
      }
    } finally {
      waitNanos.add(System.nanoTime() - start);
      if (event.shouldCommit()) {
        event.waiter = owner.toString();
        event.row = printer.apply(key).toString();
        event.commit();
      }
    }
  }

  private void park(LockOwner owner, byte[] key, long start, BooleanSupplier stop) {
    long left = owner.timeoutNanos() - (System.nanoTime() - start);
    if (left > 0 && !closed && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, Math.min(left, TimeUnit.SECONDS.toNanos(1)));
      return;
    }
    LockOwner holder = anyWaitedFor(owner);
    if (!stop.getAsBoolean()) {
      while (!owner.isSignaled()) {
        Thread.onSpinWait();
      }
    } else if (closed) {
      throw closed();
    } else if (left <= 0) {
      throw timeout(owner, key, holder, System.nanoTime() - start);
    } else {
      throw ErrorCode.QUERY_CANCELED
          .error("The thread was interrupted while it waited for a lock.")
          .fact("row", printer.apply(key))
          .fact("transaction", owner)
          .build();
    }
  }

  private static VarveException closed() {
    return ErrorCode.CLOSED.error("The store is closed.").build();
  }

  private @Nullable LockOwner anyWaitedFor(LockOwner owner) {
    Set<LockOwner> waitedFor = new LinkedHashSet<>();
    LockEntry entry = owner.waitingEntry;
    if (entry != null) {
      entry.shard.forEachBlocker(entry, owner, waitedFor::add);
    }
    ranges.collectWaitedFor(owner, waitedFor);
    return waitedFor.isEmpty() ? null : waitedFor.iterator().next();
  }

  private VarveException timeout(
      LockOwner owner, byte[] key, @Nullable LockOwner holder, long waitedNanos) {
    timeouts.increment();
    return ErrorCode.LOCK_TIMEOUT
        .error("A row stayed locked by another transaction for too long.")
        .fact("row", printer.apply(key))
        .fact("holder", holder == null ? "a shared holder" : holder)
        .fact("waiter", owner)
        .fact("waitedMillis", TimeUnit.NANOSECONDS.toMillis(waitedNanos))
        .hint("Run the transaction again, or give it a longer lock timeout.")
        .build();
  }

  private VarveException deadlock(LockOwner owner, byte[] key, List<LockOwner> circle) {
    StringBuilder text = new StringBuilder();
    circle.forEach(each -> text.append(each).append(" waits for "));
    return ErrorCode.DEADLOCK
        .error("Transactions wait for each other in a circle, and this one gives way.")
        .fact("row", printer.apply(key))
        .fact("circle", text.append(owner))
        .hint("Run the transaction again; lock rows in one order everywhere to avoid it.")
        .build();
  }

  // Hashing.

  private static int shardIndex(long hash) {
    return (int) (hash >>> Long.SIZE - SHARD_BITS);
  }

  /** The hash of a key. */
  public static long hash(byte[] key, int offset, int bytes) {
    long hash = bytes * MULTIPLIER;
    int at = offset;
    int end = offset + bytes;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = mix(hash ^ Bytes.longBE(key, at));
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = rest << 8 | key[at] & 0xff;
    }
    hash = mix(hash ^ rest);
    return hash ^ hash >>> 32;
  }

  private static long mix(long bits) {
    long mixed = bits * MULTIPLIER;
    mixed ^= mixed >>> 29;
    return mixed * 0xBF58_476D_1CE4_E5B9L;
  }
}
