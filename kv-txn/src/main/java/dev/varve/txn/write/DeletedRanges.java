// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Ranges of keys that a transaction has deleted: disjoint, not touching, ascending; with undo. */
final class DeletedRanges {
  private final NavigableMap<byte[], byte[]> toByFrom = new TreeMap<>(Arrays::compareUnsigned);
  private final List<Change> changes = new ArrayList<>();

  /** One addition: what was asked for, where it begins now, and the ranges that it swallowed. */
  private record Change(byte[] from, byte[] to, byte[] low, List<byte[]> swallowed) {}

  boolean isEmpty() {
    return toByFrom.isEmpty();
  }

  int size() {
    return toByFrom.size();
  }

  /** The number of changes so far, as a mark for {@link #undoTo}. */
  int mark() {
    return changes.size();
  }

  /** Adds the range from {@code from} to {@code to}; keeps the arrays. */
  void add(byte[] from, byte[] to) {
    byte[] low = from;
    byte[] high = to;
    List<byte[]> swallowed = new ArrayList<>();
    Map.Entry<byte[], byte[]> before = toByFrom.floorEntry(low);
    if (before != null && Arrays.compareUnsigned(before.getValue(), low) >= 0) {
      low = before.getKey();
    }
    Map.Entry<byte[], byte[]> next = toByFrom.ceilingEntry(low);
    while (next != null && Arrays.compareUnsigned(next.getKey(), high) <= 0) {
      if (Arrays.compareUnsigned(next.getValue(), high) > 0) {
        high = next.getValue();
      }
      swallowed.add(next.getKey());
      swallowed.add(next.getValue());
      toByFrom.remove(next.getKey());
      next = toByFrom.ceilingEntry(low);
    }
    toByFrom.put(low, high);
    changes.add(new Change(from, to, low, swallowed));
  }

  void undoTo(int mark) {
    while (changes.size() > mark) {
      Change last = changes.remove(changes.size() - 1);
      toByFrom.remove(last.low);
      for (int i = 0; i < last.swallowed.size(); i += 2) {
        toByFrom.put(last.swallowed.get(i), last.swallowed.get(i + 1));
      }
    }
  }

  /** Adds to {@code other} what was added here between two marks. */
  void copyTo(DeletedRanges other, int fromMark, int toMark) {
    for (int i = fromMark; i < toMark; i++) {
      other.add(changes.get(i).from, changes.get(i).to);
    }
  }

  /** The upper bound of the range that holds the key, or null. */
  byte @Nullable [] toAround(byte[] key) {
    Map.Entry<byte[], byte[]> entry = toByFrom.floorEntry(key);
    return entry != null && Arrays.compareUnsigned(key, entry.getValue()) < 0
        ? entry.getValue()
        : null;
  }

  /** The lower bound of the range that holds the key, or null. */
  byte @Nullable [] fromAround(byte[] key) {
    Map.Entry<byte[], byte[]> entry = toByFrom.floorEntry(key);
    return entry != null && Arrays.compareUnsigned(key, entry.getValue()) < 0
        ? entry.getKey()
        : null;
  }

  /** The ranges by their lower bounds; to be read only. */
  NavigableMap<byte[], byte[]> all() {
    return toByFrom;
  }

  void clear() {
    toByFrom.clear();
    changes.clear();
  }
}
