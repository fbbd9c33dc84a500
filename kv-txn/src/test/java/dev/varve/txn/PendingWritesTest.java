// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Savepoint;
import dev.varve.core.store.Operations;
import dev.varve.testkit.Seed;
import dev.varve.txn.clock.HybridLogicalClock;
import dev.varve.txn.write.PendingCursor;
import dev.varve.txn.write.PendingOperations;
import dev.varve.txn.write.PendingWrites;
import dev.varve.txn.write.SpillFormat;
import dev.varve.txn.write.WriteSet;
import dev.varve.txn.write.WriteSetMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Pending writes against a sorted map, with a memory so small that they spill all the time. */
class PendingWritesTest {
  private static final int KEYS = 60;
  private static final String DELETED = "-";

  private final HeapStore store = new HeapStore(new HybridLogicalClock());
  private final WriteSetMemory memory = new WriteSetMemory(1 << 14);
  private final WriteSet set = new WriteSet();
  private final PendingWrites writes = new PendingWrites(store, memory, set, 1);

  /** What each key has become; a key that is in a deleted range only is covered, not here. */
  private TreeMap<String, String> points = new TreeMap<>();

  private boolean[] covered = new boolean[KEYS];

  private static String name(int key) {
    return String.format("%02d", key);
  }

  private static byte[] bytes(String text) {
    return ("\0" + text).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void randomWritesAgreeWithASortedMap() {
    Seed.run(
        (seed, random) -> {
          Deque<Savepoint> savepoints = new ArrayDeque<>();
          Deque<TreeMap<String, String>> pointsThen = new ArrayDeque<>();
          Deque<boolean[]> coveredThen = new ArrayDeque<>();
          for (int step = 0; step < 6_000; step++) {
            int key = random.nextInt(KEYS);
            switch (random.nextInt(14)) {
              case 0 -> {
                if (savepoints.size() < 12) {
                  savepoints.push(writes.savepoint("s"));
                  pointsThen.push(new TreeMap<>(points));
                  coveredThen.push(covered.clone());
                }
              }
              case 1 -> {
                if (!savepoints.isEmpty()) {
                  for (int up = random.nextInt(savepoints.size()); up > 0; up--) {
                    savepoints.pop();
                    pointsThen.pop();
                    coveredThen.pop();
                  }
                  writes.rollbackTo(savepoints.peek());
                  points = new TreeMap<>(pointsThen.peek());
                  covered = coveredThen.peek().clone();
                }
              }
              case 2 -> {
                if (!savepoints.isEmpty()) {
                  writes.release(savepoints.pop());
                  pointsThen.pop();
                  coveredThen.pop();
                }
              }
              case 3 -> deleteRange(key, Math.min(KEYS, key + 1 + random.nextInt(9)));
              case 4 -> {
                byte[] physical = bytes(name(key));
                writes.delete(physical, 0, physical.length);
                points.put(name(key), DELETED);
              }
              default -> put(key, random);
            }
            if (step % 97 == 0) {
              compare(random);
            }
          }
          compare(random);
          assertTrue(writes.isSpilled());
          compareOperations();
          writes.clear();
          assertTrue(set.isEmpty());
          assertEquals(0, memory.usedBytes());
          assertFalse(
              store.holdsAny(PhysicalKey.range(SpillFormat.KEYSPACE, dev.varve.KeyRange.all())));
          assertEquals(0, store.openCursors());
        });
  }

  private void put(int key, RandomGenerator random) {
    String value = "v" + random.nextInt() + "x".repeat(random.nextInt(300));
    byte[] physical = bytes(name(key));
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    writes.put(physical, 0, physical.length, bytes, 0, bytes.length);
    points.put(name(key), value);
  }

  private void deleteRange(int from, int to) {
    writes.deleteRange(bytes(name(from)), bytes(name(to)));
    points.subMap(name(from), name(to)).clear();
    Arrays.fill(covered, from, to, true);
  }

  private void compare(RandomGenerator random) {
    for (int key = 0; key < KEYS; key++) {
      byte[] physical = bytes(name(key));
      int kind = writes.find(physical, 0, physical.length);
      String expected = points.get(name(key));
      if (expected == null) {
        assertEquals(covered[key] ? WriteSet.MASKED : WriteSet.ABSENT, kind, name(key));
        assertEquals(covered[key], writes.deletedUpTo(physical) != null);
      } else if (expected.equals(DELETED)) {
        assertTrue(kind == WriteSet.DELETE || kind == WriteSet.MASKED, name(key));
      } else {
        assertEquals(WriteSet.PUT, kind, name(key));
        String found =
            new String(
                writes.valueArray(),
                writes.valueOffset(),
                writes.valueBytes(),
                StandardCharsets.ISO_8859_1);
        assertEquals(expected, found);
      }
    }
    for (boolean reversed : new boolean[] {false, true}) {
      NavigableMap<String, String> rest = reversed ? points.descendingMap() : points;
      String from = name(random.nextInt(KEYS));
      try (PendingCursor cursor = new PendingCursor(writes, reversed)) {
        cursor.seekToEdge();
        assertEquals(list(rest), walk(cursor));
        byte[] seek = bytes(from);
        cursor.seek(seek, seek.length, true);
        assertEquals(list(rest.tailMap(from, true)), walk(cursor));
        cursor.seek(seek, seek.length, false);
        assertEquals(list(rest.tailMap(from, false)), walk(cursor));
      }
    }
  }

  private static List<String> list(Map<String, String> map) {
    return map.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
  }

  private static List<String> walk(PendingCursor cursor) {
    List<String> found = new ArrayList<>();
    while (cursor.isValid()) {
      String key =
          new String(cursor.keyArray(), 1, cursor.keyBytes() - 1, StandardCharsets.ISO_8859_1);
      String value =
          cursor.kind() == WriteSet.DELETE
              ? DELETED
              : new String(
                  cursor.valueArray(), 0, cursor.valueBytes(), StandardCharsets.ISO_8859_1);
      found.add(key + "=" + value);
      cursor.next();
    }
    return found;
  }

  private void compareOperations() {
    TreeMap<String, String> applied = new TreeMap<>();
    boolean[] deleted = new boolean[KEYS];
    String last = "";
    try (PendingOperations operations = new PendingOperations(writes)) {
      while (operations.next()) {
        String key =
            new String(
                operations.keyArray(), 1, operations.keyBytes() - 1, StandardCharsets.ISO_8859_1);
        assertTrue(key.compareTo(last) >= 0);
        last = key;
        String value =
            new String(
                operations.valueArray(), 0, operations.valueBytes(), StandardCharsets.ISO_8859_1);
        switch (operations.kind()) {
          case Operations.PUT -> applied.put(key, value);
          case Operations.DELETE -> applied.put(key, DELETED);
          default ->
              Arrays.fill(
                  deleted, Integer.parseInt(key), Integer.parseInt(value.substring(1)), true);
        }
      }
    }
    assertEquals(points, applied);
    assertEquals(Arrays.toString(covered), Arrays.toString(deleted));
  }

  @Test
  void rewritingOneKeyForEverStaysSmall() {
    byte[] physical = bytes("k");
    byte[] value = new byte[100];
    for (int i = 0; i < 100_000; i++) {
      writes.put(physical, 0, physical.length, value, 0, value.length);
    }
    assertFalse(writes.isSpilled());
    assertTrue(set.usedBytes() < 1_000, () -> "used " + set.usedBytes());
  }

  @Test
  void aSavepointForEachOfManyWritesStaysCheap() {
    for (int i = 0; i < 20_000; i++) {
      Savepoint savepoint = writes.savepoint("statement");
      byte[] physical = bytes("k" + i);
      writes.put(physical, 0, physical.length, physical, 0, physical.length);
      writes.release(savepoint);
    }
    try (PendingCursor cursor = new PendingCursor(writes, false)) {
      cursor.seekToEdge();
      assertEquals(20_000, walk(cursor).size());
    }
  }
}
