// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.core.store.Operations;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a memtable should hold, as a sorted map; and whether one does. */
final class VersionModel {
  /** A version's place in the order. */
  record Version(byte[] key, long timestamp) implements Comparable<Version> {
    @Override
    public int compareTo(Version other) {
      int keys = Arrays.compareUnsigned(key, other.key);
      return keys != 0 ? keys : Long.compare(other.timestamp, timestamp);
    }
  }

  /** One operation of a commit; {@code second} is value, null for a delete, or upper bound. */
  record Step(byte kind, byte[] first, byte[] second) {
    @Override
    public String toString() {
      return kind + " " + Arrays.toString(first) + " " + Arrays.toString(second);
    }
  }

  private record Range(byte[] from, byte[] to, long timestamp) {}

  private final TreeMap<Version, byte[]> versions = new TreeMap<>();
  private final List<Range> ranges = new ArrayList<>();
  private static final byte[] DELETED = new byte[0];

  static Operations operations(List<Step> steps) {
    Operations operations = new Operations(16);
    for (Step step : steps) {
      byte[] first = step.first;
      byte[] second = step.second;
      switch (step.kind) {
        case Operations.PUT -> operations.put(first, 0, first.length, second, 0, second.length);
        case Operations.DELETE -> operations.delete(first, 0, first.length);
        default -> operations.deleteRange(first, 0, first.length, second, 0, second.length);
      }
    }
    return operations;
  }

  void commit(long timestamp, List<Step> steps) {
    for (Step step : steps) {
      Version version = new Version(step.first, timestamp);
      switch (step.kind) {
        case Operations.PUT -> versions.put(version, step.second.clone());
        case Operations.DELETE -> versions.put(version, DELETED);
        default -> {
          ranges.add(new Range(step.first, step.second, timestamp));
          versions
              .keySet()
              .removeIf(
                  each ->
                      each.timestamp == timestamp
                          && Arrays.compareUnsigned(each.key, step.first) >= 0
                          && Arrays.compareUnsigned(each.key, step.second) < 0);
        }
      }
    }
  }

  /** Asks {@code memTable} for everything in every way. */
  void check(MemTable memTable, List<byte[]> probes, long lastTimestamp) {
    checkWalks(memTable);
    for (byte[] probe : probes) {
      for (long timestamp = 0; timestamp <= lastTimestamp + 1; timestamp++) {
        checkFind(memTable, probe, timestamp);
        checkSeek(memTable, probe, timestamp);
        checkRanges(memTable, probe, timestamp);
      }
    }
  }

  private void checkWalks(MemTable memTable) {
    try (VersionIterator walk = memTable.iterator()) {
      walk.seekToFirst();
      for (Map.Entry<Version, byte[]> expected : versions.entrySet()) {
        checkCurrent(walk, expected);
        walk.next();
      }
      assertFalse(walk.isValid());
      walk.seekToLast();
      for (Map.Entry<Version, byte[]> expected : versions.descendingMap().entrySet()) {
        checkCurrent(walk, expected);
        walk.previous();
      }
      assertFalse(walk.isValid());
    }
  }

  private static void checkCurrent(VersionIterator walk, Map.Entry<Version, byte[]> expected) {
    assertTrue(walk.isValid());
    assertArrayEquals(
        expected.getKey().key, bytes(walk.keyBuffer(), walk.keyOffset(), walk.keyBytes()));
    assertEquals(expected.getKey().timestamp, Trailer.timestamp(walk.trailer()));
    boolean deleted = expected.getValue() == DELETED;
    assertEquals(deleted ? Trailer.DELETE : Trailer.PUT, Trailer.kind(walk.trailer()));
    if (!deleted) {
      assertArrayEquals(
          expected.getValue(), bytes(walk.valueBuffer(), walk.valueOffset(), walk.valueBytes()));
    }
  }

  private void checkFind(MemTable memTable, byte[] key, long timestamp) {
    Map.Entry<Version, byte[]> expected = versions.ceilingEntry(new Version(key, timestamp));
    boolean there = expected != null && Arrays.equals(expected.getKey().key, key);
    Lookup lookup = new Lookup();
    assertEquals(there, memTable.find(key, 0, key.length, timestamp, lookup));
    if (there) {
      assertEquals(expected.getKey().timestamp, Trailer.timestamp(lookup.trailer()));
      boolean deleted = expected.getValue() == DELETED;
      assertEquals(deleted ? Trailer.DELETE : Trailer.PUT, Trailer.kind(lookup.trailer()));
      if (!deleted) {
        assertArrayEquals(
            expected.getValue(), bytes(lookup.value(), lookup.valueOffset(), lookup.valueBytes()));
      }
    }
  }

  private void checkSeek(MemTable memTable, byte[] key, long timestamp) {
    try (VersionIterator walk = memTable.iterator()) {
      long trailer = Trailer.firstVisible(timestamp);
      walk.seek(key, 0, key.length, trailer);
      Map.Entry<Version, byte[]> at = versions.ceilingEntry(new Version(key, timestamp));
      assertEquals(at != null, walk.isValid());
      if (at != null) {
        checkCurrent(walk, at);
      }
      walk.seekBefore(key, 0, key.length, trailer);
      Map.Entry<Version, byte[]> before = versions.lowerEntry(new Version(key, timestamp));
      assertEquals(before != null, walk.isValid());
      if (before != null) {
        checkCurrent(walk, before);
      }
    }
  }

  private void checkRanges(MemTable memTable, byte[] key, long timestamp) {
    long newest = 0;
    for (Range range : ranges) {
      if (range.timestamp <= timestamp
          && Arrays.compareUnsigned(range.from, key) <= 0
          && Arrays.compareUnsigned(range.to, key) > 0) {
        newest = Math.max(newest, range.timestamp);
      }
    }
    assertEquals(newest, memTable.rangeTombstones().newestCovering(key, 0, key.length, timestamp));
    byte[] shifted = new byte[key.length + 3];
    System.arraycopy(key, 0, shifted, 3, key.length);
    assertEquals(
        newest,
        memTable
            .rangeTombstones()
            .newestCovering(ByteBuffer.wrap(shifted), 3, key.length, timestamp));
  }

  int size() {
    return versions.size();
  }

  private static byte[] bytes(ByteBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.get(offset, bytes);
    return bytes;
  }
}
