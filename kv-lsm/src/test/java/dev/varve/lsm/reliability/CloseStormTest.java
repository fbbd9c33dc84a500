// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.lsm.LsmStore;
import dev.varve.testkit.Seed;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closes stores while threads use them: those get {@code CLOSED}, and nothing else happens. */
class CloseStormTest {
  private static final int KEYS = 3000;

  @TempDir private Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() throws InterruptedException {
    threads.shutdown();
    assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));
  }

  @Test
  void closingUnderUsersGivesThemNothingButClosed() {
    Seed.run((seed, random) -> storm(Integer.getInteger("varve.closes.short", 25), random));
  }

  @Test
  @Tag("slow")
  void closingUnderUsersManyTimesGivesThemNothingButClosed() {
    Seed.run((seed, random) -> storm(Integer.getInteger("varve.closes", 5000), random));
  }

  @Test
  void everythingFromAClosedStoreSaysThatItIsClosed() {
    LsmStore store = open();
    fill(store);
    byte[] key = key(1);
    BatchCursor cursor = store.scan(KeyRange.all(), VersionedStore.NEWEST);
    assertTrue(cursor.next());
    long pinned = store.pin();
    store.close();
    store.close();
    Operations operations = new Operations(64);
    operations.put(key, 0, key.length, key, 0, key.length);
    List<Runnable> uses =
        List.of(
            () -> store.get(key, 0, key.length, VersionedStore.NEWEST),
            () -> store.get(key, 0, key.length, VersionedStore.NEWEST, ByteBuffer.allocate(9)),
            () -> store.contains(key, 0, key.length, VersionedStore.NEWEST),
            () -> store.changed(key, 0, key.length, 0, Long.MAX_VALUE),
            () -> store.changed(KeyRange.all(), 0, Long.MAX_VALUE),
            () -> store.scan(KeyRange.all(), VersionedStore.NEWEST),
            () -> store.put(key, 0, key.length, key, 0, key.length, Durability.SYNC),
            () -> store.commit(operations, Durability.ASYNC, null),
            store::sync,
            store::flush,
            () -> store.compact(Progress.NONE),
            store::pin,
            () -> store.estimate(KeyRange.all()),
            () -> store.verify(Progress.NONE),
            () -> store.checkpoint(directory.resolve("copy")),
            cursor::next,
            () -> cursor.seek(key));
    for (int i = 0; i < uses.size(); i++) {
      int number = i;
      VarveException refused =
          assertThrows(VarveException.class, () -> uses.get(number).run(), "use " + number);
      assertEquals(ErrorCode.CLOSED, refused.code(), refused::getMessage);
    }
    cursor.close();
    store.unpin(pinned);
  }

  private void storm(int rounds, RandomGenerator random) throws Exception {
    long uses = 0;
    for (int round = 0; round < rounds; round++) {
      LsmStore store = open();
      if (round == 0) {
        fill(store);
      }
      List<Future<Long>> users = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        RandomGenerator own = Seed.random(random.nextLong());
        int kind = i;
        users.add(threads.submit(() -> useUntilClosed(store, kind, own)));
      }
      LockSupport.parkNanos(random.nextInt(10_000_000));
      store.close();
      for (Future<Long> each : users) {
        uses += each.get(20, TimeUnit.SECONDS);
      }
    }
    System.out.println(rounds + " closes under " + uses + " uses");
  }

  private static long useUntilClosed(LsmStore store, int kind, RandomGenerator random) {
    long uses = 0;
    try {
      while (true) {
        switch (kind) {
          case 0 -> read(store, random);
          case 1 -> write(store, random);
          case 2 -> scan(store, random);
          default -> maintain(store, random);
        }
        uses++;
      }
    } catch (VarveException e) {
      if (e.code() != ErrorCode.CLOSED) {
        throw e;
      }
      return uses;
    }
  }

  private static void read(LsmStore store, RandomGenerator random) {
    byte[] key = key(random.nextInt(KEYS));
    byte[] value = store.get(key, 0, key.length, VersionedStore.NEWEST);
    assertTrue(value != null && value.length >= 4);
    assertTrue(store.get(key, 0, key.length, VersionedStore.NEWEST, ByteBuffer.allocate(64)) >= 4);
  }

  private static void write(LsmStore store, RandomGenerator random) {
    byte[] key = key(random.nextInt(KEYS));
    byte[] value = new byte[4 + random.nextInt(200)];
    Durability durability = Durability.values()[random.nextInt(3)];
    store.put(key, 0, key.length, value, 0, value.length, durability);
  }

  private static void scan(LsmStore store, RandomGenerator random) {
    KeyRange range = KeyRange.atLeast(key(random.nextInt(KEYS)));
    EntryBatch batch = new EntryBatch(100, 1 << 14);
    try (BatchCursor cursor =
        store.scan(random.nextBoolean() ? range : range.reversed(), VersionedStore.NEWEST)) {
      for (int i = 0; i < 50 && cursor.next(); i++) {
        assertTrue(cursor.valueBuffer().remaining() >= 4);
      }
      while (cursor.next(batch) > 0) {
        assertTrue(batch.valueBytes(0) >= 4);
      }
    }
  }

  private static void maintain(LsmStore store, RandomGenerator random) {
    long pinned = store.pin();
    switch (random.nextInt(20)) {
      case 0 -> store.flush();
      case 1 -> store.compact(Progress.NONE);
      case 2 -> store.sync();
      default -> store.estimate(KeyRange.all());
    }
    store.unpin(pinned);
  }

  private LsmStore open() {
    return LsmStore.open(new LocalFileSystem(), directory.resolve("store"), Run.small());
  }

  private static void fill(LsmStore store) {
    for (int i = 0; i < KEYS; i++) {
      byte[] key = key(i);
      store.put(key, 0, key.length, key, 0, key.length, Durability.NONE);
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(5).put((byte) 1).putInt(number).array();
  }
}
