// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import dev.varve.ErrorCode;
import dev.varve.Savepoint;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All writes of a transaction: the newest in a {@link WriteSet}, older ones, once there are too many, in
 * runs in the store. One thread, but for {@link #memory}.
 *
 * <ul>
 *   <li>I1. Above and below: memory counts more than the runs, a later run more than an earlier one.
 *   <li>I2. A savepoint never lies inside a run: what was written before and after it goes to different runs,
 *       so that rolling back to it is dropping runs and undoing memory.
 *   <li>I3. Without a savepoint between them, two spills go to the same run. So reads look at one run,
 *       and as many more as there are savepoints in use.
 * </ul>
 */
public final class PendingWrites {
  private static final int MAX_RUNS = 8;
  private static final int MAX_RANGES = 100_000;
  private static final long ACCOUNTED_STEP = 1 << 14;

  private final VersionedStore store;
  private final WriteSetMemory budget;
  private final WriteSet memory;
  private final long transaction;
  private final List<Run> runs = new ArrayList<>(0);
  private final List<PendingSavepoint> savepoints = new ArrayList<>(0);
  private long accounted;
  private int nextRun;
  private int epoch;
  private @Nullable Operations batch;

  // What find() has found.
  private byte[] valueArray = {};
  private int valueOffset;
  private int valueBytes;

  /**
   * None yet.
   *
   * @param memory empty; cleared at the end and then the caller's again
   * @param transaction a number that no other transaction has had since the store was opened
   */
  public PendingWrites(
      VersionedStore store, WriteSetMemory budget, WriteSet memory, long transaction) {
    this.store = store;
    this.budget = budget;
    this.memory = memory;
    this.transaction = transaction;
  }

  /** What is in memory; others may read it under its monitor. */
  public WriteSet memory() {
    return memory;
  }

  /** Whether there is nothing to commit. */
  public boolean isEmpty() {
    return memory.isEmpty() && runs.isEmpty();
  }

  /** Whether some are in the store. */
  public boolean isSpilled() {
    return !runs.isEmpty();
  }

  List<Run> runs() {
    return runs;
  }

  /** Rises whenever a cursor has to look for its place again. */
  int epoch() {
    return epoch;
  }

  // Writing.

  /** Sets a key. */
  public void put(
      byte[] key, int keyOffset, int keyBytes, byte[] value, int valueFrom, int valueLength) {
    memory.put(key, keyOffset, keyBytes, value, valueFrom, valueLength);
    account();
  }

  /** Deletes a key. */
  public void delete(byte[] key, int keyOffset, int keyBytes) {
    memory.delete(key, keyOffset, keyBytes);
    account();
  }

  /** Deletes a range; keeps the arrays. */
  public void deleteRange(byte[] from, byte[] to) {
    if (memory.ranges().size() >= MAX_RANGES) {
      throw ErrorCode.LIMIT_EXCEEDED
          .error("A transaction deletes too many ranges that do not touch.")
          .fact("ranges", memory.ranges().size())
          .hint("Commit in between, or delete larger ranges.")
          .build();
    }
    memory.deleteRange(from, to);
    account();
  }

  private void account() {
    long used = memory.usedBytes();
    if (used - accounted > ACCOUNTED_STEP) {
      boolean full = budget.change(used - accounted, used);
      accounted = used;
      if (full) {
        spill();
      }
    }
  }

  // Reading.

  /** What has been done to a key, as {@link WriteSet#kind}; a put's value is then to be had here. */
  public int find(byte[] key, int offset, int length) {
    int kind = memory.kind(key, offset, length);
    if (kind == WriteSet.PUT) {
      int node = memory.find(key, offset, length);
      found(memory.bytes(), memory.valueOffset(node), memory.valueBytes(node));
    }
    for (int i = runs.size() - 1; kind == WriteSet.ABSENT && i >= 0; i--) {
      Run run = runs.get(i);
      byte[] spilled = run.get(key, offset, length);
      if (spilled != null) {
        kind = spilled[0];
        found(spilled, 1, spilled.length - 1);
      } else if (!run.ranges.isEmpty()
          && run.ranges.toAround(java.util.Arrays.copyOfRange(key, offset, offset + length))
              != null) {
        kind = WriteSet.MASKED;
      }
    }
    return kind;
  }

  private void found(byte[] array, int offset, int length) {
    valueArray = array;
    valueOffset = offset;
    valueBytes = length;
  }

  /** The array in which the value found stands; valid until the next write. */
  public byte[] valueArray() {
    return valueArray;
  }

  /** Where it begins. */
  public int valueOffset() {
    return valueOffset;
  }

  /** Its length. */
  public int valueBytes() {
    return valueBytes;
  }

  /** Whether any range has been deleted. */
  public boolean hasRanges() {
    if (!memory.ranges().isEmpty()) {
      return true;
    }
    for (Run run : runs) {
      if (!run.ranges.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** The farthest key up to which everything from {@code key} on is in one deleted range, or null. */
  public byte @Nullable [] deletedUpTo(byte[] key) {
    byte[] farthest = memory.ranges().toAround(key);
    for (Run run : runs) {
      byte[] to = run.ranges.toAround(key);
      if (to != null && (farthest == null || java.util.Arrays.compareUnsigned(to, farthest) > 0)) {
        farthest = to;
      }
    }
    return farthest;
  }

  /** The farthest key down to which everything from {@code key} on is in one deleted range, or null. */
  public byte @Nullable [] deletedDownTo(byte[] key) {
    byte[] farthest = memory.ranges().fromAround(key);
    for (Run run : runs) {
      byte[] from = run.ranges.fromAround(key);
      if (from != null
          && (farthest == null || java.util.Arrays.compareUnsigned(from, farthest) < 0)) {
        farthest = from;
      }
    }
    return farthest;
  }

  // Savepoints.

  /** Sets a savepoint. */
  public Savepoint savepoint(String name) {
    PendingSavepoint savepoint = new PendingSavepoint(name, runs.size(), memory.mark());
    savepoints.add(savepoint);
    return savepoint;
  }

  /** Takes back what was written since; the savepoint stays. */
  public void rollbackTo(Savepoint wanted) {
    int at = place(wanted);
    PendingSavepoint savepoint = savepoints.get(at);
    savepoints.subList(at + 1, savepoints.size()).clear();
    undo(savepoint.runs, savepoint.mark);
  }

  /** Forgets a savepoint and those after it. */
  public void release(Savepoint wanted) {
    savepoints.subList(place(wanted), savepoints.size()).clear();
    memory.unmarkTo(savepoints.isEmpty() ? null : savepoints.get(savepoints.size() - 1).mark);
  }

  private int place(Savepoint wanted) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i) == wanted) {
        return i;
      }
    }
    throw ErrorCode.INVALID_SAVEPOINT
        .error("The savepoint is not one of this transaction, or no longer.")
        .fact("savepoint", wanted.name())
        .build();
  }

  private void undo(int keptRuns, WriteSet.Mark mark) {
    while (runs.size() > keptRuns) {
      runs.remove(runs.size() - 1).drop();
    }
    memory.undoTo(mark);
    epoch++;
    account();
  }

  // Spilling.

  /** Moves what is in memory to the store: what lies between two savepoints to a run of its own. */
  void spill() {
    int runsBefore = runs.size();
    int fromLog = 0;
    int fromRanges = 0;
    boolean mayJoin = true;
    for (PendingSavepoint savepoint : savepoints) {
      if (savepoint.runs == runsBefore) {
        WriteSet.Mark mark = savepoint.mark;
        spill(mayJoin, fromLog, mark.log(), fromRanges, mark.ranges());
        savepoint.runs = runs.size();
        fromLog = mark.log();
        fromRanges = mark.ranges();
        mayJoin = false;
      }
    }
    spill(mayJoin, fromLog, memory.logLength(), fromRanges, memory.ranges().mark());
    memory.clear();
    for (PendingSavepoint savepoint : savepoints) {
      savepoint.mark = memory.mark();
    }
    budget.change(-accounted, 0);
    accounted = 0;
    epoch++;
    if (runs.size() > MAX_RUNS) {
      joinRuns();
    }
  }

  private void spill(boolean mayJoin, int fromLog, int toLog, int fromRanges, int toRanges) {
    if (toLog > fromLog || toRanges > fromRanges) {
      if (runs.isEmpty() || !mayJoin) {
        runs.add(new Run(store, transaction, nextRun++, batch()));
      }
      fill(runs.get(runs.size() - 1), fromLog, toLog, fromRanges, toRanges);
    }
  }

  private Operations batch() {
    if (batch == null) {
      batch = new Operations(1 << 14);
    }
    return batch;
  }

  /** Pours each run that no savepoint parts from the one below into that. */
  private void joinRuns() {
    for (int i = runs.size() - 1; i > 0; i--) {
      int boundary = i;
      if (savepoints.stream().noneMatch(savepoint -> savepoint.runs == boundary)) {
        Run upper = runs.remove(i);
        pour(upper, runs.get(i - 1));
        upper.drop();
        savepoints.forEach(savepoint -> savepoint.runs -= savepoint.runs > boundary ? 1 : 0);
      }
    }
  }

  private static void pour(Run upper, Run lower) {
    upper.ranges.all().forEach(lower::deleteRange);
    try (BatchCursor cursor = upper.scan(false)) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        byte[] value = cursor.value();
        int header = SpillFormat.HEADER_BYTES;
        lower.add(value[0], key, header, key.length - header, value, 1, value.length - 1);
      }
    }
    lower.flush();
  }

  private void fill(Run run, int fromLog, int toLog, int fromRanges, int toRanges) {
    DeletedRanges ranges = new DeletedRanges();
    memory.ranges().copyTo(ranges, fromRanges, toRanges);
    for (Map.Entry<byte[], byte[]> range : ranges.all().entrySet()) {
      run.deleteRange(range.getKey(), range.getValue());
    }
    for (int node = memory.first(); node != WriteSet.NONE; node = memory.next(node)) {
      int version = memory.versionWithin(node, fromLog, toLog);
      if (version != WriteSet.NONE && memory.kindOf(version) != WriteSet.MASKED) {
        run.add(
            memory.kindOf(version),
            memory.bytes(),
            memory.keyOffset(node),
            memory.keyBytes(node),
            memory.bytes(),
            memory.valueOffsetOf(version),
            memory.valueBytesOf(version));
      }
    }
    run.flush();
  }

  /** Ends it: what is in the store is removed, and memory is cleared. */
  public void clear() {
    savepoints.clear();
    while (!runs.isEmpty()) {
      runs.remove(runs.size() - 1).drop();
    }
    memory.clear();
    budget.change(-accounted, 0);
    accounted = 0;
    epoch++;
  }
}
