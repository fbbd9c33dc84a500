// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Cursor;
import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.testkit.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random histories, held against a model of all versions. */
final class StoreModelTest {
  private static final Path HOME = Path.of("/model");

  @RepeatedTest(20)
  void anyHistoryReadsAsTheModelSays() {
    Seed.run((seed, random) -> new History(random).run(400));
  }

  @Test
  @Tag("slow")
  void longHistoriesReadAsTheModelSays() {
    for (int i = 0; i < Integer.getInteger("varve.histories", 300); i++) {
      Seed.run((seed, random) -> new History(random).run(1_500));
    }
  }

  private static final class History {
    private final RandomGenerator random;
    private final InMemoryFileSystem files = new InMemoryFileSystem();
    private final Model model = new Model();
    private final List<Long> pinned = new ArrayList<>();
    private final int keys;
    private final LsmOptions options;
    private LsmStore store;
    private long newest;
    private int checkpoints;

    History(RandomGenerator random) {
      this.random = random;
      this.keys = 5 + random.nextInt(200);
      this.options =
          LsmOptions.defaults()
              .memoryLimitBytes(64L << 20)
              .memTableBytes(1 << 20)
              .fileBytes(1 << (12 + random.nextInt(6)))
              .baseLevelBytes(1 << (14 + random.nextInt(4)))
              .levelMultiplier(2 + random.nextInt(4))
              .blockBytes(256 << random.nextInt(4))
              .level0Runs(1 + random.nextInt(4));
    }

    void run(int steps) throws IOException {
      store = LsmStore.open(files, HOME, options);
      try {
        for (int i = 0; i < steps; i++) {
          step();
        }
        for (int i = 0; i < keys; i++) {
          checkGet(key(i), VersionedStore.NEWEST);
        }
        checkScan(KeyRange.all(), VersionedStore.NEWEST);
        checkScan(KeyRange.all().reversed(), VersionedStore.NEWEST);
      } finally {
        store.close();
      }
    }

    private void step() throws IOException {
      int dice = random.nextInt(1_000);
      if (dice < 350) {
        commit();
      } else if (dice < 400) {
        commitSorted();
      } else if (dice < 600) {
        checkGet(key(random.nextInt(keys + 3)), readPoint());
      } else if (dice < 700) {
        checkScan(range(), readPoint());
      } else if (dice < 770) {
        checkChanged();
      } else if (dice < 800) {
        pinned.add(store.pin());
        assertEquals(newest, pinned.get(pinned.size() - 1));
      } else if (dice < 830 && !pinned.isEmpty()) {
        store.unpin(pinned.remove(random.nextInt(pinned.size())));
      } else if (dice < 850 && !pinned.isEmpty()) {
        long again = pinned.get(random.nextInt(pinned.size()));
        assertTrue(store.pin(again));
        pinned.add(again);
      } else if (dice < 940) {
        store.flush();
      } else if (dice < 965) {
        store.compact(Progress.NONE);
      } else if (dice < 990) {
        reopen(random.nextBoolean());
      } else if (dice < 995) {
        assertEquals(List.of(), store.verify(Progress.NONE));
      } else {
        checkCheckpoint();
      }
    }

    private void commit() {
      Operations operations = new Operations(64);
      List<Runnable> effects = new ArrayList<>();
      int count = 1 + (random.nextInt(4) == 0 ? random.nextInt(30) : 0);
      for (int i = 0; i < count; i++) {
        byte[] key = key(random.nextInt(keys));
        int dice = random.nextInt(20);
        if (dice == 0) {
          byte[][] bounds = bounds();
          byte[] from = bounds[0];
          byte[] to = bounds[1];
          operations.deleteRange(from, 0, from.length, to, 0, to.length);
          effects.add(() -> model.deleteRange(from, to, newest));
        } else if (dice < 6) {
          operations.delete(key, 0, key.length);
          effects.add(() -> model.delete(key, newest));
        } else {
          byte[] value = value();
          operations.put(key, 0, key.length, value, 0, value.length);
          effects.add(() -> model.put(key, value, newest));
        }
      }
      newest = store.commit(operations, Durability.NONE, null);
      effects.forEach(Runnable::run);
    }

    private void commitSorted() {
      TreeMap<byte[], byte[]> puts = new TreeMap<>(Arrays::compareUnsigned);
      int count = 1 + random.nextInt(50);
      for (int i = 0; i < count; i++) {
        puts.put(key(random.nextInt(keys)), random.nextInt(5) == 0 ? new byte[0] : value());
      }
      SortedList list = new SortedList();
      byte[][] range = random.nextInt(3) == 0 ? bounds() : null;
      boolean ranged = range == null;
      for (var each : puts.entrySet()) {
        if (!ranged && Arrays.compareUnsigned(range[0], each.getKey()) <= 0) {
          ranged = true;
          list.add(Operations.DELETE_RANGE, range[0], range[1]);
        }
        boolean delete = each.getValue().length == 0;
        list.add(delete ? Operations.DELETE : Operations.PUT, each.getKey(), each.getValue());
      }
      if (!ranged) {
        list.add(Operations.DELETE_RANGE, range[0], range[1]);
      }
      newest = store.commitSorted(list, null);
      if (range != null) {
        model.deleteRange(range[0], range[1], newest);
      }
      puts.forEach(
          (key, value) -> {
            if (value.length == 0) {
              model.delete(key, newest);
            } else {
              model.put(key, value, newest);
            }
          });
    }

    private void checkGet(byte[] key, long timestamp) {
      byte[] expected = model.get(key, timestamp == VersionedStore.NEWEST ? newest : timestamp);
      assertArrayEquals(expected, store.get(key, 0, key.length, timestamp));
      assertEquals(expected != null, store.contains(key, 0, key.length, timestamp));
    }

    private void checkScan(KeyRange range, long timestamp) {
      long at = timestamp == VersionedStore.NEWEST ? newest : timestamp;
      List<Model.Entry> expected = model.scan(range, at);
      List<Model.Entry> found = new ArrayList<>();
      try (BatchCursor cursor = store.scan(range, timestamp)) {
        if (random.nextBoolean()) {
          collect(cursor, found);
        } else {
          collectBatches(cursor, found);
        }
        assertSame(expected, found, range + " at " + timestamp);
        byte[] key = key(random.nextInt(keys));
        List<Model.Entry> rest = new ArrayList<>();
        if (cursor.seek(key)) {
          rest.add(new Model.Entry(cursor.key(), cursor.value()));
          collect(cursor, rest);
        }
        List<Model.Entry> expectedRest = new ArrayList<>(expected);
        expectedRest.removeIf(
            each -> {
              int order = Arrays.compareUnsigned(each.key(), key);
              return range.isReversed() ? order > 0 : order < 0;
            });
        assertSame(expectedRest, rest, range + " at " + timestamp + " from " + entry(key));
      }
    }

    private void assertSame(List<Model.Entry> expected, List<Model.Entry> found, String what) {
      List<Model.Entry> missing = new ArrayList<>(expected);
      missing.removeAll(found);
      List<Model.Entry> surplus = new ArrayList<>(found);
      surplus.removeAll(expected);
      String pins = " newest=" + newest + " pinned=" + pinned;
      assertEquals(List.of(), missing, () -> what + pins + " surplus=" + surplus);
      assertEquals(List.of(), surplus, () -> what + pins);
      assertEquals(expected, found, () -> what + pins);
    }

    private static Model.Entry entry(byte[] key) {
      return new Model.Entry(key, new byte[0]);
    }

    private static void collect(Cursor cursor, List<Model.Entry> into) {
      while (cursor.next()) {
        byte[] key = new byte[cursor.keyBuffer().remaining()];
        cursor.keyBuffer().get(key);
        assertArrayEquals(key, cursor.key());
        byte[] value = new byte[cursor.valueBuffer().remaining()];
        cursor.valueBuffer().get(value);
        into.add(new Model.Entry(key, value));
      }
    }

    private void collectBatches(BatchCursor cursor, List<Model.Entry> into) {
      EntryBatch batch = new EntryBatch(1 + random.nextInt(20), 1 + random.nextInt(1_000));
      while (cursor.next(batch) > 0) {
        for (int i = 0; i < batch.count(); i++) {
          into.add(
              new Model.Entry(
                  Arrays.copyOfRange(
                      batch.bytes(), batch.keyOffset(i), batch.keyOffset(i) + batch.keyBytes(i)),
                  Arrays.copyOfRange(
                      batch.bytes(),
                      batch.valueOffset(i),
                      batch.valueOffset(i) + batch.valueBytes(i))));
        }
      }
    }

    private void checkChanged() {
      if (pinned.isEmpty()) {
        return;
      }
      long after = pinned.get(random.nextInt(pinned.size()));
      byte[] key = key(random.nextInt(keys));
      assertEquals(
          model.changed(key, after, newest + 1),
          store.changed(key, 0, key.length, after, newest + 1));
      KeyRange range = range();
      boolean expected = false;
      for (int i = 0; i < keys; i++) {
        expected |= range.contains(key(i)) && model.changed(key(i), after, newest + 1);
      }
      if (expected) {
        assertTrue(store.changed(range, after, newest + 1), range.toString());
      }
    }

    private void checkCheckpoint() {
      Path target = Path.of("/copy" + checkpoints++);
      store.checkpoint(target);
      try (LsmStore copy = LsmStore.open(files, target, options)) {
        LsmStore original = store;
        store = copy;
        assertEquals(newest, copy.visibleTimestamp());
        checkScan(KeyRange.all(), VersionedStore.NEWEST);
        assertEquals(List.of(), copy.verify(Progress.NONE));
        store = original;
      }
    }

    private void reopen(boolean keepMemTables) throws IOException {
      store.close();
      if (!keepMemTables) {
        for (String name : files.list(HOME)) {
          if (name.endsWith(".arena")) {
            files.delete(HOME.resolve(name));
          }
        }
      }
      pinned.clear();
      store = LsmStore.open(files, HOME, options);
      assertEquals(newest, store.visibleTimestamp());
    }

    private long readPoint() {
      return pinned.isEmpty() || random.nextBoolean()
          ? VersionedStore.NEWEST
          : pinned.get(random.nextInt(pinned.size()));
    }

    private KeyRange range() {
      KeyRange range =
          switch (random.nextInt(4)) {
            case 0 -> KeyRange.all();
            case 1 -> KeyRange.atLeast(key(random.nextInt(keys)));
            case 2 -> KeyRange.lessThan(key(random.nextInt(keys)));
            default -> KeyRange.between(bounds()[0], bounds()[1]);
          };
      return random.nextBoolean() ? range : range.reversed();
    }

    private byte[][] bounds() {
      byte[] a = key(random.nextInt(keys));
      byte[] b = key(random.nextInt(keys));
      if (random.nextInt(8) == 0) {
        a = KeyspacePrefix.of(random.nextInt(4));
        b = KeyspacePrefix.of(random.nextInt(4));
      }
      return Arrays.compareUnsigned(a, b) < 0 ? new byte[][] {a, b} : new byte[][] {b, a};
    }

    private byte[] key(int number) {
      byte[] prefix = KeyspacePrefix.of(number % 4);
      byte[] rest = Integer.toString(number * 37 % 1_000).getBytes(StandardCharsets.US_ASCII);
      byte[] key = Arrays.copyOf(prefix, prefix.length + rest.length);
      System.arraycopy(rest, 0, key, prefix.length, rest.length);
      return key;
    }

    private byte[] value() {
      byte[] value = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 4_000 : 60)];
      Arrays.fill(value, (byte) ('a' + random.nextInt(26)));
      return value;
    }
  }
}
