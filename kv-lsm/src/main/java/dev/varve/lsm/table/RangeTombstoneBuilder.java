// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Collects range tombstones in any order and lays them out. One thread. */
final class RangeTombstoneBuilder {
  private static final Comparator<Tombstone> ORDER =
      Comparator.comparing(Tombstone::from, Arrays::compareUnsigned)
          .thenComparing(Tombstone::to, Arrays::compareUnsigned)
          .thenComparing(Comparator.comparingLong(Tombstone::timestamp).reversed());

  private record Tombstone(byte[] from, byte[] to, long timestamp) {}

  private final List<Tombstone> tombstones = new ArrayList<>();
  private long minTimestamp = Long.MAX_VALUE;
  private long maxTimestamp;
  private long boundBytes;

  /** Adds one; of no effect if the range is empty. */
  void add(byte[] from, byte[] to, long timestamp) {
    if (Arrays.compareUnsigned(from, to) >= 0) {
      return;
    }
    tombstones.add(new Tombstone(from, to, timestamp));
    minTimestamp = Math.min(minTimestamp, timestamp);
    maxTimestamp = Math.max(maxTimestamp, timestamp);
    boundBytes += from.length + to.length;
  }

  boolean isEmpty() {
    return tombstones.isEmpty();
  }

  int count() {
    return tombstones.size();
  }

  long minTimestamp() {
    return minTimestamp;
  }

  long maxTimestamp() {
    return maxTimestamp;
  }

  /** Bytes that the block takes at most. */
  long estimatedBytes() {
    long n = tombstones.size();
    long perTombstone = 64 + 2L * Long.BYTES * (Long.SIZE - Long.numberOfLeadingZeros(2 * n));
    return n == 0 ? 0 : boundBytes + n * perTombstone + 64;
  }

  byte[] smallest() {
    return tombstones.stream().map(Tombstone::from).min(Arrays::compareUnsigned).orElseThrow();
  }

  byte[] largest() {
    return tombstones.stream().map(Tombstone::to).max(Arrays::compareUnsigned).orElseThrow();
  }

  /** The block. */
  byte[] build() {
    tombstones.sort(ORDER);
    byte[][] bounds = bounds();
    int slices = bounds.length - 1;
    int leaves = slices == 1 ? 1 : Integer.highestOneBit(slices - 1) << 1;
    Tree tree = new Tree(leaves);
    int n = tombstones.size();
    int[] from = new int[n];
    int[] to = new int[n];
    for (int i = 0; i < n; i++) {
      from[i] = Arrays.binarySearch(bounds, tombstones.get(i).from, Arrays::compareUnsigned);
      to[i] = Arrays.binarySearch(bounds, tombstones.get(i).to, Arrays::compareUnsigned);
      tree.count(from[i], to[i]);
    }
    tree.place();
    Integer[] newestFirst = new Integer[n];
    Arrays.setAll(newestFirst, i -> i);
    Arrays.sort(
        newestFirst,
        Comparator.comparingLong((Integer i) -> tombstones.get(i).timestamp).reversed());
    for (int i : newestFirst) {
      tree.add(from[i], to[i], tombstones.get(i).timestamp);
    }
    return write(bounds, from, to, tree);
  }

  private byte[][] bounds() {
    List<byte[]> all = new ArrayList<>(tombstones.size() * 2);
    for (Tombstone tombstone : tombstones) {
      all.add(tombstone.from);
      all.add(tombstone.to);
    }
    all.sort(Arrays::compareUnsigned);
    List<byte[]> distinct = new ArrayList<>();
    for (byte[] bound : all) {
      if (distinct.isEmpty() || !Arrays.equals(distinct.get(distinct.size() - 1), bound)) {
        distinct.add(bound);
      }
    }
    return distinct.toArray(new byte[0][]);
  }

  private byte[] write(byte[][] bounds, int[] from, int[] to, Tree tree) {
    long keyBytes = Arrays.stream(bounds).mapToLong(bound -> bound.length).sum();
    int tombstonesAt = RangeTombstoneFormat.PLACES + (bounds.length + 1) * 4;
    int nodesAt = tombstonesAt + from.length * RangeTombstoneFormat.TOMBSTONE_BYTES;
    int timestampsAt = nodesAt + tree.starts.length * 4;
    int boundsAt = timestampsAt + tree.timestamps.length * Long.BYTES;
    byte[] block =
        new byte[Math.toIntExact(boundsAt + keyBytes + RangeTombstoneFormat.PADDING_BYTES)];
    ByteBuffer into = ByteBuffer.wrap(block);
    Bytes.setIntLE(into, RangeTombstoneFormat.COUNT, from.length);
    Bytes.setIntLE(into, RangeTombstoneFormat.BOUNDS, bounds.length);
    Bytes.setIntLE(into, RangeTombstoneFormat.LEAVES, tree.leaves);
    Bytes.setIntLE(into, RangeTombstoneFormat.TIMESTAMPS, tree.timestamps.length);
    int at = boundsAt;
    for (int i = 0; i < bounds.length; i++) {
      Bytes.setIntLE(into, RangeTombstoneFormat.PLACES + i * 4, at);
      into.put(at, bounds[i]);
      at += bounds[i].length;
    }
    Bytes.setIntLE(into, RangeTombstoneFormat.PLACES + bounds.length * 4, at);
    for (int i = 0; i < from.length; i++) {
      int tombstone = tombstonesAt + i * RangeTombstoneFormat.TOMBSTONE_BYTES;
      Bytes.setIntLE(into, tombstone, from[i]);
      Bytes.setIntLE(into, tombstone + 4, to[i]);
      Bytes.setLongLE(into, tombstone + 8, tombstones.get(i).timestamp);
    }
    for (int i = 0; i < tree.starts.length; i++) {
      Bytes.setIntLE(into, nodesAt + i * 4, tree.starts[i]);
    }
    for (int i = 0; i < tree.timestamps.length; i++) {
      Bytes.setLongLE(into, timestampsAt + i * Long.BYTES, tree.timestamps[i]);
    }
    return block;
  }

  /** The segment tree: first counts what each node gets, then takes it. */
  private static final class Tree {
    private final int leaves;
    private final int[] starts;
    private final int[] filled;
    private long[] timestamps = {};

    Tree(int leaves) {
      this.leaves = leaves;
      this.starts = new int[2 * leaves + 1];
      this.filled = new int[2 * leaves];
    }

    void count(int from, int to) {
      for (int l = from + leaves, r = to + leaves; l < r; l >>= 1, r >>= 1) {
        if ((l & 1) != 0) {
          starts[++l]++;
        }
        if ((r & 1) != 0) {
          starts[r--]++;
        }
      }
    }

    void place() {
      for (int i = 1; i < starts.length; i++) {
        starts[i] += starts[i - 1];
      }
      timestamps = new long[starts[starts.length - 1]];
    }

    void add(int from, int to, long timestamp) {
      for (int l = from + leaves, r = to + leaves; l < r; l >>= 1, r >>= 1) {
        if ((l & 1) != 0) {
          put(l++, timestamp);
        }
        if ((r & 1) != 0) {
          put(--r, timestamp);
        }
      }
    }

    private void put(int node, long timestamp) {
      timestamps[starts[node] + filled[node]++] = timestamp;
    }
  }
}
