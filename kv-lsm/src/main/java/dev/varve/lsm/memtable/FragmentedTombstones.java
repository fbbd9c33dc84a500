// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Range tombstones cut at each other's bounds. Immutable.
 *
 * <p>A fragment knows the newest tombstone over it, which is what nearly every read wants; memory is
 * so in proportion to the number of tombstones, however they nest. A read at an older timestamp than
 * that goes down an interval tree over the uncut tombstones instead.
 */
final class FragmentedTombstones {
  /** One range tombstone. */
  record Tombstone(byte[] from, byte[] to, long timestamp) {}

  static final FragmentedTombstones EMPTY = new FragmentedTombstones(new Tombstone[0]);

  private static final Comparator<Tombstone> BY_LOWER_BOUND =
      (left, right) -> Arrays.compareUnsigned(left.from, right.from);

  /** By lower bound. */
  private final Tombstone[] tombstones;

  /** For the middle of each subrange of {@link #tombstones}, the greatest upper bound in it. */
  private final byte[][] greatestTo;

  private final byte[][] bounds;

  /** The newest timestamp over the keys from one bound to the next; 0 where there is none. */
  private final long[] newest;

  /** Keeps {@code tombstones}; sorts it. */
  FragmentedTombstones(Tombstone[] tombstones) {
    this.tombstones = tombstones;
    Arrays.sort(tombstones, BY_LOWER_BOUND);
    greatestTo = new byte[tombstones.length][];
    buildTree(0, tombstones.length);
    TreeSet<byte[]> distinct = new TreeSet<>(Arrays::compareUnsigned);
    for (Tombstone tombstone : tombstones) {
      distinct.add(tombstone.from);
      distinct.add(tombstone.to);
    }
    bounds = distinct.toArray(new byte[0][]);
    newest = new long[bounds.length];
    cut();
  }

  private byte @Nullable [] buildTree(int low, int high) {
    if (low >= high) {
      return null;
    }
    int middle = (low + high) >>> 1;
    byte[] greatest = tombstones[middle].to;
    greatest = greater(greatest, buildTree(low, middle));
    greatest = greater(greatest, buildTree(middle + 1, high));
    greatestTo[middle] = greatest;
    return greatest;
  }

  private static byte[] greater(byte[] left, byte @Nullable [] right) {
    return right != null && Arrays.compareUnsigned(left, right) < 0 ? right : left;
  }

  private void cut() {
    PriorityQueue<Tombstone> over =
        new PriorityQueue<>(Comparator.comparingLong(Tombstone::timestamp).reversed());
    int begun = 0;
    for (int i = 0; i < bounds.length; i++) {
      while (begun < tombstones.length
          && Arrays.compareUnsigned(tombstones[begun].from, bounds[i]) <= 0) {
        over.add(tombstones[begun++]);
      }
      while (!over.isEmpty() && Arrays.compareUnsigned(over.peek().to, bounds[i]) <= 0) {
        over.remove();
      }
      newest[i] = over.isEmpty() ? 0 : over.peek().timestamp;
    }
  }

  int count() {
    return tombstones.length;
  }

  Tombstone tombstone(int i) {
    return tombstones[i];
  }

  /** See {@code RangeTombstones}; the key is in {@code array}, or in {@code buffer} if that is null. */
  long newestCovering(
      byte @Nullable [] array,
      @Nullable ByteBuffer buffer,
      int offset,
      int bytes,
      long readTimestamp) {
    int low = 0;
    int high = bounds.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(bounds[middle], array, buffer, offset, bytes) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return 0;
    }
    long timestamp = newest[low - 1];
    return timestamp <= readTimestamp
        ? timestamp
        : older(0, tombstones.length, array, buffer, offset, bytes, readTimestamp);
  }

  private long older(
      int low,
      int high,
      byte @Nullable [] array,
      @Nullable ByteBuffer buffer,
      int offset,
      int bytes,
      long readTimestamp) {
    if (low >= high) {
      return 0;
    }
    int middle = (low + high) >>> 1;
    if (compare(greatestTo[middle], array, buffer, offset, bytes) <= 0) {
      return 0;
    }
    long found = older(low, middle, array, buffer, offset, bytes, readTimestamp);
    Tombstone tombstone = tombstones[middle];
    if (compare(tombstone.from, array, buffer, offset, bytes) > 0) {
      return found;
    }
    if (tombstone.timestamp <= readTimestamp
        && compare(tombstone.to, array, buffer, offset, bytes) > 0) {
      found = Math.max(found, tombstone.timestamp);
    }
    return Math.max(found, older(middle + 1, high, array, buffer, offset, bytes, readTimestamp));
  }

  static boolean covers(
      Tombstone tombstone,
      byte @Nullable [] array,
      @Nullable ByteBuffer buffer,
      int offset,
      int bytes) {
    return compare(tombstone.from, array, buffer, offset, bytes) <= 0
        && compare(tombstone.to, array, buffer, offset, bytes) > 0;
  }

  private static int compare(
      byte[] bound, byte @Nullable [] array, @Nullable ByteBuffer buffer, int offset, int bytes) {
    if (array != null) {
      return Arrays.compareUnsigned(bound, 0, bound.length, array, offset, offset + bytes);
    }
    assert buffer != null;
    return -dev.varve.core.codec.Bytes.compare(buffer, offset, bytes, bound, 0, bound.length);
  }
}
