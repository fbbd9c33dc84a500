// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import dev.varve.testkit.Seed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
  private static final int BLOCK_BYTES = 4 << 10;

  /** Fills a block with its key, so that every byte says whose it is. */
  private static long load(BlockCache cache, long key, int bytes) {
    long block = cache.reserve(key, bytes);
    if (block < 0) {
      return block;
    }
    for (int i = 0; i < bytes; i += 64) {
      cache.buffer(block).putLong(cache.offset(block) + i, key);
    }
    return cache.publish(block, key);
  }

  private static void assertHolds(BlockCache cache, long block, long key, int bytes) {
    for (int i = 0; i < bytes; i += 64) {
      assertEquals(key, cache.buffer(block).getLong(cache.offset(block) + i));
    }
  }

  private static boolean isCached(BlockCache cache, long key) {
    long block = cache.pin(key);
    if (block >= 0) {
      cache.unpin(block);
    }
    return block >= 0;
  }

  @Test
  void findsWhatWasPublished() {
    try (BlockCache cache = new BlockCache(new MemoryBudget(8 << 20), 1 << 20)) {
      assertEquals(-1, cache.pin(7));
      cache.unpin(load(cache, 7, BLOCK_BYTES));
      long block = cache.pin(7);
      assertHolds(cache, block, 7, BLOCK_BYTES);
      cache.unpin(block);
      assertEquals(-1, cache.pin(8));
    }
  }

  @Test
  void keepsNothingWithoutCapacity() {
    MemoryBudget budget = new MemoryBudget(8 << 20);
    try (BlockCache cache = new BlockCache(budget, 0)) {
      assertEquals(-1, cache.reserve(1, BLOCK_BYTES));
      assertEquals(-1, cache.pin(1));
      assertEquals(0, budget.usedBytes());
    }
  }

  @Test
  void staysWithinItsCapacityAndGivesItBack() {
    MemoryBudget budget = new MemoryBudget(64 << 20);
    BlockCache cache = new BlockCache(budget, 10 << 20);
    for (long key = 0; key < 10_000; key++) {
      cache.unpin(load(cache, key, 1 + (int) (key * 37 % 60_000)));
    }
    long used = budget.usedBytes(MemoryPurpose.BLOCK_CACHE);
    assertEquals(used, cache.usedBytes());
    assertTrue(used <= 10 << 20, () -> "used " + used);
    assertTrue(used > 8 << 20, () -> "used " + used);
    cache.close();
    assertEquals(0, budget.usedBytes(MemoryPurpose.BLOCK_CACHE));
    assertEquals(-1, cache.pin(9_999));
    assertEquals(-1, cache.reserve(1, BLOCK_BYTES));
  }

  @Test
  void makesDoWithWhatTheBudgetGrants() {
    MemoryBudget budget = new MemoryBudget(16 << 20);
    try (BlockCache cache = new BlockCache(budget, 64 << 20)) {
      int cached = 0;
      for (long key = 0; key < 5_000; key++) {
        long block = load(cache, key, BLOCK_BYTES);
        if (block >= 0) {
          cached++;
          cache.unpin(block);
        }
      }
      assertEquals(5_000, cached);
      assertTrue(budget.usedBytes() > 12 << 20, () -> "used " + budget.usedBytes());
    }
  }

  @Test
  void refusesWhenEverythingIsPinnedAndRecovers() {
    try (BlockCache cache = new BlockCache(new MemoryBudget(8 << 20), 1 << 20)) {
      List<Long> pinned = new ArrayList<>();
      for (long key = 0; ; key++) {
        long block = load(cache, key, BLOCK_BYTES);
        if (block < 0) {
          break;
        }
        pinned.add(block);
      }
      assertTrue(pinned.size() > 150, "pinned " + pinned.size());
      for (int key = 0; key < pinned.size(); key++) {
        assertHolds(cache, pinned.get(key), key, BLOCK_BYTES);
      }
      pinned.forEach(cache::unpin);
      assertNotEquals(-1, load(cache, 1_000_000, BLOCK_BYTES));
    }
  }

  @Test
  void aScanLeavesWhatIsHitAgainAndAgain() {
    try (BlockCache cache = new BlockCache(new MemoryBudget(64 << 20), 4 << 20)) {
      for (int round = 0; round < 3; round++) {
        for (long key = 0; key < 300; key++) {
          long block = cache.pin(key);
          cache.unpin(block >= 0 ? block : load(cache, key, BLOCK_BYTES));
        }
      }
      for (long key = 1_000_000; key < 1_010_000; key++) {
        cache.unpin(load(cache, key, BLOCK_BYTES));
      }
      long kept = 0;
      for (long key = 0; key < 300; key++) {
        kept += isCached(cache, key) ? 1 : 0;
      }
      assertTrue(kept >= 270, "kept " + kept);
    }
  }

  @Test
  void handsSlabsToTheSizeThatIsInDemand() {
    try (BlockCache cache = new BlockCache(new MemoryBudget(64 << 20), 4 << 20)) {
      for (long key = 0; key < 4_000; key++) {
        cache.unpin(load(cache, key, BLOCK_BYTES));
      }
      int large = 64 << 10;
      for (int round = 0; round < 40; round++) {
        for (long key = 10_000; key < 10_030; key++) {
          long block = cache.pin(key);
          cache.unpin(block >= 0 ? block : load(cache, key, large));
        }
      }
      long kept = 0;
      for (long key = 10_000; key < 10_030; key++) {
        kept += isCached(cache, key) ? 1 : 0;
      }
      assertTrue(kept >= 28, "kept " + kept);
    }
  }

  @Test
  void shrinksAndGrowsUnderPins() {
    MemoryBudget budget = new MemoryBudget(64 << 20);
    try (BlockCache cache = new BlockCache(budget, 8 << 20)) {
      Deque<Long> pins = new ArrayDeque<>();
      for (long key = 0; key < 4_000; key++) {
        long block = load(cache, key, BLOCK_BYTES);
        if (key % 1_000 == 0) {
          pins.add(block);
        } else {
          cache.unpin(block);
        }
      }
      cache.resize(2 << 20);
      for (long key = 0; key < 4_000; key += 1_000) {
        assertHolds(cache, pins.peek(), key, BLOCK_BYTES);
        cache.unpin(pins.remove());
      }
      cache.resize(2 << 20);
      assertTrue(budget.usedBytes() <= 3 << 20, () -> "used " + budget.usedBytes());
      cache.resize(16 << 20);
      for (long key = 0; key < 4_000; key++) {
        cache.unpin(load(cache, key, BLOCK_BYTES));
      }
      assertTrue(budget.usedBytes() > 12 << 20, () -> "used " + budget.usedBytes());
    }
  }

  @Test
  void noReaderSeesABlockChangeWhileItIsPinned() throws Exception {
    Seed.run(
        (seed, ignored) -> {
          ExecutorService threads = Executors.newFixedThreadPool(4);
          try (BlockCache cache = new BlockCache(new MemoryBudget(64 << 20), 1 << 20)) {
            List<Callable<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
              RandomGenerator random = Seed.random(seed + i);
              boolean resizes = i == 0;
              readers.add(() -> read(cache, random, resizes));
            }
            int read = 0;
            for (Future<Integer> reader : threads.invokeAll(readers)) {
              read += reader.get();
            }
            assertTrue(read > 100_000, "read " + read);
          } finally {
            threads.shutdownNow();
          }
        });
  }

  /** Reads blocks of all sizes, holding some for a while; returns how many it read. */
  private static int read(BlockCache cache, RandomGenerator random, boolean resizes) {
    Deque<long[]> held = new ArrayDeque<>();
    int read = 0;
    for (int i = 0; i < 60_000; i++) {
      long key = random.nextInt(random.nextBoolean() ? 100 : 2_000);
      int bytes = key % 10 == 0 ? 20_000 : BLOCK_BYTES;
      long block = cache.pin(key);
      if (block < 0) {
        block = load(cache, key, bytes);
      }
      if (block >= 0) {
        held.add(new long[] {block, key, bytes});
        read++;
      }
      while (held.size() > 8 || block < 0 && !held.isEmpty()) {
        long[] oldest = held.remove();
        assertHolds(cache, oldest[0], oldest[1], (int) oldest[2]);
        cache.unpin(oldest[0]);
      }
      if (resizes && i % 1_000 == 0) {
        cache.resize(i % 2_000 == 0 ? 512 << 10 : 1 << 20);
      }
    }
    held.forEach(block -> cache.unpin(block[0]));
    return read;
  }
}
