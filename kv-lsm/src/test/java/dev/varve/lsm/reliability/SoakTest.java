// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import dev.varve.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mixed load for a long time over a fixed set of keys: use of memory and disk must level off. */
class SoakTest {
  private static final int KEYS = 20_000;
  private static final int VALUE_BYTES = 200;
  private static final long MEMORY_BYTES = 48 << 20;

  @TempDir private Path directory;

  @Test
  void mixedLoadLeavesMemoryAndDiskUseFlat() {
    soak(Integer.getInteger("varve.soak.short.seconds", 5));
  }

  @Test
  @Tag("slow")
  void mixedLoadForALongTimeLeavesMemoryAndDiskUseFlat() {
    soak(60 * Integer.getInteger("varve.soak.minutes", 30));
  }

  private void soak(int seconds) {
    Seed.run(
        (seed, random) -> {
          LsmOptions options =
              LsmOptions.defaults().memoryLimitBytes(MEMORY_BYTES).memTableBytes(2 << 20);
          ExecutorService threads = Executors.newCachedThreadPool();
          try (LsmStore store = LsmStore.open(new LocalFileSystem(), directory, options)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            List<Future<Long>> users = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
              int kind = i;
              RandomGenerator own = Seed.random(random.nextLong());
              users.add(threads.submit(() -> use(store, kind, own, end)));
            }
            watch(store, end);
            long uses = 0;
            for (Future<Long> each : users) {
              uses += each.get(60, TimeUnit.SECONDS);
            }
            finish(store, uses, seconds);
          } finally {
            threads.shutdown();
            assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
          }
        });
  }

  /** The disk may never hold several times what is live; the memory limit is a limit. */
  private void watch(LsmStore store, long end) throws IOException {
    long mostDisk = 0;
    long mostMemory = 0;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      mostDisk = Math.max(mostDisk, diskBytes());
      mostMemory = Math.max(mostMemory, store.budget().usedBytes());
      assertTrue(store.budget().usedBytes() <= MEMORY_BYTES);
    }
    System.out.println("most disk=" + mostDisk + " most memory=" + mostMemory);
    assertTrue(mostDisk < 20L * KEYS * VALUE_BYTES, "disk use grew to " + mostDisk);
  }

  private void finish(LsmStore store, long uses, int seconds) throws IOException {
    store.compact(Progress.NONE);
    assertEquals(List.of(), store.verify(Progress.NONE));
    long live = count(store) * (8 + VALUE_BYTES);
    assertTrue(live > 0);
    assertTrue(tableBytes() < live + live / 2, "tables=" + tableBytes() + " live=" + live);
    System.out.println(
        uses + " uses in " + seconds + " s, disk=" + diskBytes() + " " + store.statistics());
  }

  private static long count(LsmStore store) {
    long count = 0;
    try (BatchCursor cursor = store.scan(KeyRange.all(), VersionedStore.NEWEST)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private long diskBytes() throws IOException {
    return bytesOf("*");
  }

  private long tableBytes() throws IOException {
    return bytesOf("*.sst");
  }

  private long bytesOf(String names) throws IOException {
    long bytes = 0;
    try (var files = Files.newDirectoryStream(directory, names)) {
      for (Path each : files) {
        bytes += Files.exists(each) ? Files.size(each) : 0;
      }
    }
    return bytes;
  }

  private static long use(LsmStore store, int kind, RandomGenerator random, long end) {
    long uses = 0;
    Operations operations = new Operations(1 << 12);
    while (System.nanoTime() < end) {
      switch (kind) {
        case 0, 1 -> write(store, operations, random);
        case 2 -> read(store, random);
        default -> scan(store, random);
      }
      uses++;
    }
    return uses;
  }

  /** Moves value between the two halves of a pair, so that every state has the same sum. */
  private static void write(LsmStore store, Operations operations, RandomGenerator random) {
    operations.clear(1 << 16);
    int number = random.nextInt(KEYS / 2);
    long amount = random.nextLong();
    if (random.nextInt(50) == 0) {
      byte[] from = key(2 * number);
      byte[] to = key(2 * number + 2);
      operations.deleteRange(from, 0, from.length, to, 0, to.length);
    } else {
      put(operations, 2 * number, amount, random);
      put(operations, 2 * number + 1, -amount, random);
    }
    store.commit(operations, Durability.values()[random.nextInt(100) == 0 ? 0 : 1], null);
  }

  private static void put(Operations operations, int number, long amount, RandomGenerator random) {
    byte[] key = key(number);
    byte[] value = new byte[8 + random.nextInt(2 * VALUE_BYTES)];
    random.nextBytes(value);
    ByteBuffer.wrap(value).putLong(amount);
    operations.put(key, 0, key.length, value, 0, value.length);
  }

  private static void read(LsmStore store, RandomGenerator random) {
    int number = random.nextInt(KEYS / 2);
    long pinned = store.pin();
    try {
      byte[] left = key(2 * number);
      byte[] right = key(2 * number + 1);
      byte[] one = store.get(left, 0, left.length, pinned);
      byte[] other = store.get(right, 0, right.length, pinned);
      assertEquals(one == null, other == null);
      if (one != null) {
        assertEquals(0, ByteBuffer.wrap(one).getLong() + ByteBuffer.wrap(other).getLong());
      }
    } finally {
      store.unpin(pinned);
    }
  }

  private static void scan(LsmStore store, RandomGenerator random) {
    int from = 2 * random.nextInt(KEYS / 2);
    KeyRange range = KeyRange.between(key(from), key(from + 2000));
    long sum = 0;
    try (BatchCursor cursor =
        store.scan(random.nextBoolean() ? range : range.reversed(), VersionedStore.NEWEST)) {
      while (cursor.next()) {
        sum += cursor.valueBuffer().getLong(cursor.valueBuffer().position());
      }
    }
    assertEquals(0, sum);
  }

  private static byte[] key(int number) {
    byte[] prefix = KeyspacePrefix.of(1);
    return ByteBuffer.allocate(prefix.length + 4).put(prefix).putInt(number).array();
  }
}
