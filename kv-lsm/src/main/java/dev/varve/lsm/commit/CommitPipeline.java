// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.commit;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.store.CommitGuard;
import dev.varve.core.store.Operations;
import dev.varve.core.store.TimestampSource;
import dev.varve.lsm.key.OperationCursor;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.wal.Wal;
import dev.varve.lsm.wal.WalRecordWriter;
import dev.varve.lsm.wal.WalSegment;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes commits through timestamp, log, memtable and publication. Thread-safe.
 *
 * <p><b>Goal.</b> Commits run in parallel but for what must have an order; they become visible in the
 * order of their timestamps, each at once and whole; what is in the log of a commit that was
 * acknowledged has nothing unwritten before it. Uncontended, a put takes one lock and one fence.
 *
 * <p><b>Outline.</b>
 *
 * <ol>
 *   <li><i>Enter</i>, under the commit lock: room in log and memtable, a slot of the ring, the
 *       timestamp. Whatever can be missing is found missing before the timestamp is taken; then the
 *       lock is left, waited for, and all tried again.
 *   <li><i>Guard</i>, if there is one: once all earlier commits are visible.
 *   <li><i>Apply</i>, in parallel with others: the record into the log, then the versions into the
 *       memtable.
 *   <li><i>Publish</i>, in order: whoever's commit is next publishes it, and those after it that are
 *       applied already.
 *   <li><i>Sync</i>, if asked for: wait until the log is forced beyond it.
 * </ol>
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>C1. Sequence numbers, timestamps, and places in log and memtables have one order.
 *   <li>C2. {@code published} rises by one at a time, over applied commits only; the visible
 *       timestamp is that of the published commit.
 *   <li>C3. The commit {@code published + 1} is published by its owner, or, if its owner had marked it
 *       applied before, by whoever takes the mark off. Owner: set mark, then look at {@code
 *       published}. Publisher: set {@code published}, then look at the mark. One sees the other, and
 *       the mark can be taken off once.
 *   <li>C4. A slot is used again only after its owner has left it; so who reads {@code parked} after
 *       publishing wakes the owner, or somebody who just looks again.
 *   <li>C5. Room that was taken is filled in any case: with the commit, or with a note that it is not
 *       used. Where even that fails, the pipeline is broken: nothing later can become visible, so
 *       everything later is refused, and a new opening finds the log's end where the hole is.
 *   <li>C6. A memtable's record of what is whole (see {@code MemTable.complete}) precedes visibility.
 * </ul>
 *
 * <p>Waiting never holds the commit lock, and interrupts are kept for later.
 */
public final class CommitPipeline implements AutoCloseable {
  private static final int SLOTS = 256;
  private static final int SPINS = 100;
  private static final int MAX_HEADROOM_TRIES = 1 << 20;

  private static final VarHandle LAST;
  private static final VarHandle VISIBLE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LAST = lookup.findVarHandle(CommitPipeline.class, "lastTimestamp", long.class);
      VISIBLE = lookup.findVarHandle(CommitPipeline.class, "visibleTimestamp", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final Wal wal;
  private final TimestampSource timestamps;
  private final MemTableSource source;
  private final CommitSlot[] slots = new CommitSlot[SLOTS];
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private MemTable active;
  private long sequence;
  private volatile long lastTimestamp;
  private volatile boolean closed;

  private volatile long published;
  private volatile long visibleTimestamp;
  private volatile @Nullable Throwable broken;

  /** Why a commit could not enter. */
  private enum Missing {
    NOTHING,
    SLOT,
    LOG,
    MEMTABLE
  }

  /**
   * A pipeline into {@code active}.
   *
   * @param wal started
   * @param visibleTimestamp the newest commit that was recovered
   */
  public CommitPipeline(
      Wal wal,
      TimestampSource timestamps,
      MemTableSource source,
      MemTable active,
      long visibleTimestamp) {
    this.wal = wal;
    this.timestamps = timestamps;
    this.source = source;
    this.active = active;
    this.visibleTimestamp = visibleTimestamp;
    this.lastTimestamp = Math.max(visibleTimestamp, active.lastTimestamp());
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new CommitSlot();
    }
  }

  /** Every commit up to it can be read. */
  public long visibleTimestamp() {
    return visibleTimestamp;
  }

  /** The newest timestamp handed out. */
  public long lastTimestamp() {
    return lastTimestamp;
  }

  // ---- Commits.

  /** See {@code VersionedStore.commit}. */
  public long commit(Operations operations, Durability durability, @Nullable CommitGuard guard) {
    int length = operations.length();
    source.admit(length);
    long seed = ThreadLocalRandom.current().nextLong();
    long footprint = MemTable.footprint(operations, seed, new OperationCursor());
    CommitSlot slot = enter(length, footprint, operations.count());
    long timestamp = slot.timestamp;
    long logEnd = slot.logEnd;
    try {
      if (guard != null) {
        ask(slot, guard);
      }
      apply(slot, operations, seed);
      publish(slot);
    } finally {
      leave(slot);
    }
    if (durability != Durability.NONE) {
      sync(logEnd, durability);
    }
    return timestamp;
  }

  /** See {@code VersionedStore.put}. */
  public long put(
      byte[] key,
      int keyOffset,
      int keyBytes,
      byte[] value,
      int valueOffset,
      int valueBytes,
      Durability durability) {
    int length = WalRecordWriter.putBytes(keyBytes, valueBytes);
    source.admit(length);
    long seed = ThreadLocalRandom.current().nextLong();
    long footprint = MemTable.footprint(keyBytes, valueBytes, seed);
    CommitSlot slot = enter(length, footprint, 1);
    long timestamp = slot.timestamp;
    long logEnd = slot.logEnd;
    try {
      applyPut(slot, key, keyOffset, keyBytes, value, valueOffset, valueBytes, seed);
      publish(slot);
    } finally {
      leave(slot);
    }
    if (durability != Durability.NONE) {
      sync(logEnd, durability);
    }
    return timestamp;
  }

  /**
   * A commit whose data is not in the log: takes a timestamp in order, between two memtables, waits
   * until all earlier ones are visible, asks the guard, has {@code install} make the data readable
   * under the timestamp, and publishes it. If guard or install throw, nothing remains. Since a power
   * cut must not take an earlier commit and leave this one, the log is forced before.
   */
  public long commitExternally(@Nullable CommitGuard guard, LongConsumer install) {
    CommitSlot slot = enterExternally();
    long timestamp = slot.timestamp;
    try {
      awaitTurn(slot);
      try {
        if (guard != null) {
          guard.check(timestamp);
        }
        wal.awaitSynced(slot.logEnd);
        install.accept(timestamp);
      } finally {
        publish(slot);
      }
    } finally {
      leave(slot);
    }
    return timestamp;
  }

  /**
   * Seals the active memtable, if it holds anything.
   *
   * @return the newest timestamp handed out before; once that is visible the sealed memtables can be
   *     flushed
   */
  public long rotate() {
    for (int tries = 0; ; tries++) {
      lock.lock();
      try {
        checkUsable();
        if (active.isEmpty() || rotateLocked(0)) {
          return lastTimestamp;
        }
      } finally {
        lock.unlock();
      }
      awaitRoom(Missing.MEMTABLE, 0, 0, tries);
    }
  }

  /** Returns once everything up to {@code timestamp} is visible. */
  public void awaitVisible(long timestamp) {
    boolean interrupted = false;
    for (int tries = 0; visibleTimestamp < timestamp; tries++) {
      if (broken != null) {
        throw refusal();
      }
      if (tries < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 20_000);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns once everything committed before the call is on the device. */
  public void sync() {
    checkUsable();
    wal.awaitSynced(wal.writtenPosition());
  }

  /** Refuses further commits and waits for those under way. */
  @Override
  public void close() {
    long last;
    lock.lock();
    try {
      closed = true;
      last = sequence;
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (published < last && broken == null) {
      LockSupport.parkNanos(this, 20_000);
      interrupted |= Thread.interrupted();
    }
    for (CommitSlot slot : slots) {
      while (slot.taken) {
        LockSupport.parkNanos(this, 20_000);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- Enter.

  private CommitSlot enter(int payloadBytes, long footprint, int count) {
    for (int tries = 0; ; tries++) {
      Missing missing;
      lock.lock();
      try {
        checkUsable();
        missing = missing(footprint);
        if (missing == Missing.NOTHING) {
          long timestamp = timestamps.next(lastTimestamp);
          CommitSlot slot = take(payloadBytes, footprint, count, timestamp);
          if (slot != null) {
            return slot;
          }
          missing = Missing.LOG;
        }
      } finally {
        lock.unlock();
      }
      awaitRoom(missing, payloadBytes, MemTable.arenaBytes(footprint), tries);
    }
  }

  private Missing missing(long footprint) {
    if (slots[(int) (sequence + 1) & SLOTS - 1].taken) {
      return Missing.SLOT;
    }
    return active.fits(footprint) || rotateLocked(MemTable.arenaBytes(footprint))
        ? Missing.NOTHING
        : Missing.MEMTABLE;
  }

  private CommitSlot enterExternally() {
    for (int tries = 0; ; tries++) {
      Missing missing;
      lock.lock();
      try {
        checkUsable();
        if (slots[(int) (sequence + 1) & SLOTS - 1].taken) {
          missing = Missing.SLOT;
        } else if (!active.isEmpty() && !rotateLocked(0)) {
          missing = Missing.MEMTABLE;
        } else {
          CommitSlot slot = fill(0, 0, timestamps.next(lastTimestamp));
          slot.segment = null;
          return slot;
        }
      } finally {
        lock.unlock();
      }
      awaitRoom(missing, 0, 0, tries);
    }
  }

  /** Takes room in the log, where alone it may be missing: then null; and all else. */
  private @Nullable CommitSlot take(int payloadBytes, long footprint, int count, long timestamp) {
    long before = wal.position();
    try {
      if (!wal.tryReserve(payloadBytes)) {
        return null;
      }
      CommitSlot slot = fill(footprint, count, timestamp);
      slot.payloadBytes = payloadBytes;
      slot.segment = wal.segment();
      slot.logAt = wal.recordAt(payloadBytes);
      return slot;
    } catch (Throwable failed) {
      if (wal.position() != before) {
        breakOff(failed);
      }
      throw failed;
    }
  }

  /** Fills the next slot, and takes room in the memtable, which is there. */
  private CommitSlot fill(long footprint, int count, long timestamp) {
    CommitSlot slot = slots[(int) ++sequence & SLOTS - 1];
    CommitSlot.TAKEN.setRelease(slot, true);
    LAST.setRelease(this, timestamp);
    slot.sequence = sequence;
    slot.timestamp = timestamp;
    slot.count = count;
    slot.memTable = active;
    slot.footprint = footprint;
    slot.place = active.reserve(footprint, timestamp);
    slot.logEnd = wal.position();
    return slot;
  }

  private boolean rotateLocked(long arenaBytes) {
    MemTable next = source.rotate(active, arenaBytes, wal.position(), lastTimestamp);
    if (next == null) {
      return false;
    }
    active = next;
    return true;
  }

  private void awaitRoom(Missing missing, int payloadBytes, long arenaBytes, int tries) {
    if (tries > MAX_HEADROOM_TRIES) {
      throw ErrorCode.INTERNAL
          .error("A commit found no room although there should be some.")
          .fact("missing", missing)
          .fact("payloadBytes", payloadBytes)
          .fact("arenaBytes", arenaBytes)
          .build();
    }
    switch (missing) {
      case LOG -> wal.awaitSegment(payloadBytes);
      case MEMTABLE -> source.awaitSuccessor(arenaBytes);
      default -> {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(this, 20_000);
        interrupted |= Thread.interrupted();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private void checkUsable() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The database is closed.").build();
    }
    if (broken != null || wal.failure() != null) {
      throw refusal();
    }
  }

  private VarveException refusal() {
    VarveException logFailure = wal.failure();
    if (logFailure != null) {
      return ErrorCode.IO
          .error("The log failed; the database takes no more writes until it is reopened.")
          .hint("Reading goes on. Reopen the database once the device works.")
          .cause(logFailure)
          .build();
    }
    if (broken instanceof IOException) {
      return ErrorCode.IO
          .error(
              "Whether a commit reached the device is unknown; the database takes no more writes until"
                  + " it is reopened.")
          .hint("Reading goes on. Reopen the database once the device works.")
          .cause(broken)
          .build();
    }
    return ErrorCode.INTERNAL
        .error(
            "A commit broke off in the middle; the database takes no more writes until it is"
                + " reopened.")
        .hint("Reading goes on. Nothing that was acknowledged is lost.")
        .cause(broken)
        .build();
  }

  // ---- Guard and apply.

  private void ask(CommitSlot slot, CommitGuard guard) {
    awaitTurn(slot);
    boolean passed = false;
    try {
      guard.check(slot.timestamp);
      passed = true;
    } finally {
      if (!passed) {
        withdraw(slot);
      }
    }
  }

  /** Fills the room of a commit that does not take place, and publishes nothing in its place. */
  private void withdraw(CommitSlot slot) {
    try {
      abandon(slot);
    } catch (Throwable failed) {
      breakOff(failed);
      throw failed;
    }
    slot.count = 0;
    publish(slot);
  }

  private void abandon(CommitSlot slot) {
    wal.skip(slot.writer, segmentOf(slot), slot.logAt, slot.timestamp, slot.payloadBytes);
    memTableOf(slot).abandon(slot.place, slot.footprint);
  }

  private void apply(CommitSlot slot, Operations operations, long seed) {
    try {
      WalSegment segment = segmentOf(slot);
      slot.writer.commit(
          segment,
          slot.logAt,
          wal.confirmed(segment),
          slot.timestamp,
          operations.data(),
          0,
          operations.length());
      memTableOf(slot)
          .apply(
              slot.place,
              slot.footprint,
              seed,
              slot.timestamp,
              operations.data(),
              0,
              operations.length(),
              operations.rangeDeletes(),
              slot.cursor);
    } catch (Throwable failed) {
      breakOff(failed);
      throw failed;
    }
  }

  private void applyPut(
      CommitSlot slot,
      byte[] key,
      int keyOffset,
      int keyBytes,
      byte[] value,
      int valueOffset,
      int valueBytes,
      long seed) {
    try {
      WalSegment segment = segmentOf(slot);
      slot.writer.put(
          segment,
          slot.logAt,
          wal.confirmed(segment),
          slot.timestamp,
          key,
          keyOffset,
          keyBytes,
          value,
          valueOffset,
          valueBytes);
      memTableOf(slot)
          .put(
              slot.place,
              slot.footprint,
              seed,
              slot.timestamp,
              key,
              keyOffset,
              keyBytes,
              value,
              valueOffset,
              valueBytes);
    } catch (Throwable failed) {
      breakOff(failed);
      throw failed;
    }
  }

  private static WalSegment segmentOf(CommitSlot slot) {
    WalSegment segment = slot.segment;
    assert segment != null;
    return segment;
  }

  private static MemTable memTableOf(CommitSlot slot) {
    MemTable memTable = slot.memTable;
    assert memTable != null;
    return memTable;
  }

  /** Takes no more commits: it is unknown what the next opening will find of an earlier one. */
  public void refuseFrom(Throwable failure) {
    breakOff(failure);
  }

  /** Refuses everything from here on, and wakes those who wait. */
  private void breakOff(Throwable failed) {
    if (broken == null) {
      broken = failed;
    }
    for (CommitSlot slot : slots) {
      LockSupport.unpark(slot.parked);
    }
  }

  // ---- Publish.

  private void publish(CommitSlot slot) {
    long mine = slot.sequence;
    if (published == mine - 1) {
      publishFrom(slot);
      return;
    }
    slot.applied = mine;
    if (published == mine - 1 && CommitSlot.APPLIED.compareAndSet(slot, mine, 0L)) {
      publishFrom(slot);
      return;
    }
    awaitPublished(slot, mine);
  }

  private void publishFrom(CommitSlot first) {
    CommitSlot slot = first;
    for (; ; ) {
      long now = slot.sequence;
      memTableOf(slot)
          .complete(slot.place, slot.footprint, slot.timestamp, slot.logEnd, slot.count);
      if (slot.segment != null) {
        wal.written(slot.logEnd);
      }
      VISIBLE.setRelease(this, slot.timestamp);
      published = now;
      if (slot != first) {
        LockSupport.unpark(slot.parked);
      }
      slot = slots[(int) (now + 1) & SLOTS - 1];
      if (slot.applied != now + 1) {
        LockSupport.unpark(slot.parked);
        return;
      }
      if (!CommitSlot.APPLIED.compareAndSet(slot, now + 1, 0L)) {
        return;
      }
    }
  }

  private void awaitPublished(CommitSlot slot, long mine) {
    await(slot, mine);
    if (published < mine) {
      throw refusal();
    }
  }

  private void awaitTurn(CommitSlot slot) {
    long before = slot.sequence - 1;
    await(slot, before);
    if (published < before) {
      throw refusal();
    }
  }

  private void await(CommitSlot slot, long until) {
    for (int i = 0; i < SPINS; i++) {
      if (published >= until) {
        return;
      }
      Thread.onSpinWait();
    }
    boolean interrupted = false;
    slot.parked = Thread.currentThread();
    while (published < until && broken == null) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    slot.parked = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void leave(CommitSlot slot) {
    CommitSlot.TAKEN.setRelease(slot, false);
  }

  // ---- Sync.

  private void sync(long logEnd, Durability durability) {
    if (durability == Durability.SYNC) {
      wal.awaitSynced(logEnd);
    } else {
      wal.syncSoon();
    }
  }
}
