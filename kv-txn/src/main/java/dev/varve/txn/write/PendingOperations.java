// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import dev.varve.core.store.Operations;
import dev.varve.core.store.SortedOperations;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pending writes of a transaction as the operations of its commit, in key order; a range delete comes where
 * its lower bound lies, before an operation on that key. The creator closes.
 */
public final class PendingOperations implements SortedOperations, AutoCloseable {
  private final PendingCursor points;
  private final Iterator<Map.Entry<byte[], byte[]>> ranges;
  private Map.@Nullable Entry<byte[], byte[]> range;
  private boolean isRange;
  private boolean hasBegun;

  /** Over {@code writes}, which must not change meanwhile. */
  public PendingOperations(PendingWrites writes) {
    points = new PendingCursor(writes, false);
    ranges = allRanges(writes).all().entrySet().iterator();
    range = ranges.hasNext() ? ranges.next() : null;
  }

  private static DeletedRanges allRanges(PendingWrites writes) {
    DeletedRanges all = new DeletedRanges();
    writes.memory().ranges().all().forEach(all::add);
    writes.runs().forEach(run -> run.ranges.all().forEach(all::add));
    return all;
  }

  /** Adds all operations of {@code writes}, which are in memory, to {@code into}: ranges first. */
  public static void copy(PendingWrites writes, Operations into) {
    WriteSet memory = writes.memory();
    if (!memory.ranges().isEmpty()) {
      memory
          .ranges()
          .all()
          .forEach((from, to) -> into.deleteRange(from, 0, from.length, to, 0, to.length));
    }
    byte[] bytes = memory.bytes();
    for (int node = memory.first(); node != WriteSet.NONE; node = memory.next(node)) {
      int kind = memory.kind(node);
      if (kind == WriteSet.PUT) {
        into.put(
            bytes,
            memory.keyOffset(node),
            memory.keyBytes(node),
            bytes,
            memory.valueOffset(node),
            memory.valueBytes(node));
      } else if (kind == WriteSet.DELETE) {
        into.delete(bytes, memory.keyOffset(node), memory.keyBytes(node));
      }
    }
  }

  @Override
  public boolean next() {
    if (!hasBegun) {
      hasBegun = true;
      points.seekToEdge();
    } else if (isRange) {
      range = ranges.hasNext() ? ranges.next() : null;
    } else if (points.isValid()) {
      points.next();
    }
    isRange = range != null && (!points.isValid() || points.compareKey(range.getKey()) >= 0);
    return isRange || points.isValid();
  }

  @Override
  public byte kind() {
    if (isRange) {
      return Operations.DELETE_RANGE;
    }
    return points.kind() == WriteSet.PUT ? Operations.PUT : Operations.DELETE;
  }

  @Override
  public byte[] keyArray() {
    return isRange ? range.getKey() : points.keyArray();
  }

  @Override
  public int keyOffset() {
    return 0;
  }

  @Override
  public int keyBytes() {
    return isRange ? range.getKey().length : points.keyBytes();
  }

  @Override
  public byte[] valueArray() {
    return isRange ? range.getValue() : points.valueArray();
  }

  @Override
  public int valueOffset() {
    return 0;
  }

  @Override
  public int valueBytes() {
    return isRange ? range.getValue().length : points.valueBytes();
  }

  /** A copy of the upper bound of a range. */
  public byte[] copyOfValue() {
    return Arrays.copyOf(valueArray(), valueBytes());
  }

  @Override
  public void close() {
    points.close();
  }
}
