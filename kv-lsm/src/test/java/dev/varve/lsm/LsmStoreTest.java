// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.file.WritableFile;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The engine through its front, where random histories do not lead. */
final class LsmStoreTest {
  private static final Path HOME = Path.of("/store");
  private static final LsmOptions SMALL =
      LsmOptions.defaults()
          .memoryLimitBytes(16L << 20)
          .memTableBytes(256 << 10)
          .logSegmentBytes(128 << 10)
          .fileBytes(64 << 10)
          .baseLevelBytes(256 << 10);

  private final InMemoryFileSystem files = new InMemoryFileSystem();

  @Test
  void keepsMoreThanItsMemory() {
    LsmOptions options = SMALL.memoryLimitBytes(4L << 20).cacheBytes(1 << 20);
    try (LsmStore store = LsmStore.open(files, HOME, options)) {
      for (int i = 0; i < 60_000; i++) {
        put(store, key(i * 7919 % 60_000), value(i * 7919 % 60_000));
      }
      for (int i = 0; i < 60_000; i++) {
        assertArrayEquals(value(i), get(store, key(i)));
      }
      assertTrue(store.budget().usedBytes() <= 4L << 20);
      store.compact(Progress.NONE);
      assertEquals(60_000, count(store, KeyRange.all()));
      assertEquals(60_000, count(store, KeyRange.all().reversed()));
      assertEquals(List.of(), store.verify(Progress.NONE));
    }
  }

  @Test
  void valuesOfManyMegabytesPassThrough() {
    byte[] large = new byte[20 << 20];
    for (int i = 0; i < large.length; i += 1_000) {
      large[i] = (byte) i;
    }
    try (LsmStore store = LsmStore.open(files, HOME, LsmOptions.defaults())) {
      put(store, key(1), large);
      put(store, key(2), value(2));
      put(store, key(1), large);
      assertArrayEquals(large, get(store, key(1)));
      store.flush();
      store.compact(Progress.NONE);
      assertArrayEquals(large, get(store, key(1)));
      try (BatchCursor cursor = store.scan(KeyRange.all().reversed(), VersionedStore.NEWEST)) {
        assertTrue(cursor.next());
        assertTrue(cursor.next());
        assertArrayEquals(large, cursor.value());
        assertFalse(cursor.next());
      }
    }
  }

  @Test
  void droppedKeyspacesLeaveWithoutBeingRead() {
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      for (int i = 0; i < 20_000; i++) {
        put(store, key(i), value(i));
      }
      store.compact(Progress.NONE);
      long tables = store.statistics().get("store.tables");
      long before = store.statistics().get("compaction.readBytes");
      Operations drop = new Operations(16);
      drop.deleteRange(new byte[] {'k'}, 0, 1, new byte[] {'l'}, 0, 1);
      store.commit(drop, Durability.NONE, null);
      assertEquals(0, count(store, KeyRange.all()));
      store.compact(Progress.NONE);
      assertTrue(tables > 3);
      assertEquals(tables, store.statistics().get("compaction.droppedTables"));
      assertTrue(store.statistics().get("compaction.readBytes") - before < 10_000);
      assertEquals(0, store.statistics().get("store.tables"));
    }
  }

  @Test
  void garbageGoesWhenItsReaderDoes() {
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      for (int i = 0; i < 5_000; i++) {
        put(store, key(i), value(i));
      }
      long pin = store.pin();
      for (int i = 0; i < 5_000; i++) {
        put(store, key(i), value(i + 1));
      }
      store.compact(Progress.NONE);
      assertArrayEquals(value(17), store.get(key(17), 0, key(17).length, pin));
      long kept = store.statistics().get("store.tableBytes");
      store.unpin(pin);
      store.compact(Progress.NONE);
      long left = store.statistics().get("store.tableBytes");
      assertTrue(left < 0.7 * kept, kept + " -> " + left);
      assertArrayEquals(value(18), get(store, key(17)));
    }
  }

  @Test
  void timeTravelReachesAsFarAsKept() {
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      long first = put(store, key(1), value(1));
      long second = put(store, key(1), value(2));
      store.keepFrom(second);
      put(store, key(1), value(3));
      store.compact(Progress.NONE);
      assertTrue(store.pin(second));
      assertArrayEquals(value(2), store.get(key(1), 0, key(1).length, second));
      assertFalse(store.pin(first));
      store.unpin(second);
    }
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      assertFalse(store.pin(1));
    }
  }

  @Test
  void guardsThatRefuseLeaveNothing() {
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      Operations operations = new Operations(16);
      operations.put(key(1), 0, key(1).length, value(1), 0, value(1).length);
      assertThrows(
          IllegalCallerException.class,
          () ->
              store.commit(
                  operations,
                  Durability.NONE,
                  timestamp -> {
                    throw new IllegalCallerException();
                  }));
      SortedList sorted = new SortedList();
      sorted.add(Operations.PUT, key(2), value(2));
      assertThrows(
          IllegalCallerException.class,
          () ->
              store.commitSorted(
                  sorted,
                  timestamp -> {
                    throw new IllegalCallerException();
                  }));
      assertEquals(0, count(store, KeyRange.all()));
      put(store, key(3), value(3));
      store.compact(Progress.NONE);
      assertEquals(1, count(store, KeyRange.all()));
    }
  }

  @Test
  void sortedOperationsOutOfOrderAreRefused() {
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      SortedList sorted = new SortedList();
      sorted.add(Operations.PUT, key(2), value(2));
      sorted.add(Operations.PUT, key(1), value(1));
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> store.commitSorted(sorted, null));
      assertEquals(0, count(store, KeyRange.all()));
    }
  }

  @Test
  void otherDirectoriesAreNotTaken() throws IOException {
    assertCode(
        ErrorCode.DATABASE_NOT_FOUND,
        () -> LsmStore.open(files, HOME, SMALL.createIfMissing(false)));
    files.createDirectories(HOME);
    try (WritableFile file = files.create(HOME.resolve("letter.txt"))) {
      file.append(ByteBuffer.wrap(new byte[] {1}));
    }
    assertCode(ErrorCode.NOT_A_DATABASE, () -> LsmStore.open(files, HOME, SMALL));
    assertCode(ErrorCode.NOT_A_DATABASE, () -> LsmStore.openReadOnly(files, HOME, SMALL));
  }

  @Test
  void aSecondWriterIsTurnedAway() {
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      put(store, key(1), value(1));
      VarveException refused =
          assertThrows(VarveException.class, () -> LsmStore.open(files, HOME, SMALL));
      assertEquals(ErrorCode.DATABASE_LOCKED, refused.code());
      assertTrue(refused.getMessage().contains("pid=" + ProcessHandle.current().pid()));
    }
    LsmStore.open(files, HOME, SMALL).close();
  }

  @Test
  void newerFormatsAreNamed() throws IOException {
    LsmStore.open(files, HOME, SMALL).close();
    byte[] identity = read("IDENTITY");
    identity[11] = 99;
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(identity, 0, 28);
    ByteBuffer.wrap(identity).putInt(28, (int) crc.getValue());
    write("IDENTITY", identity);
    assertCode(ErrorCode.NEWER_FORMAT, () -> LsmStore.open(files, HOME, SMALL));
  }

  @Test
  void everyFlippedBitOfManifestAndIdentityIsFound() throws IOException {
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      put(store, key(1), value(1));
      store.flush();
    }
    for (String name : List.of("IDENTITY", "MANIFEST")) {
      byte[] good = read(name);
      for (int bit = 0; bit < 8 * good.length; bit++) {
        byte[] bad = good.clone();
        bad[bit / 8] ^= (byte) (1 << bit % 8);
        write(name, bad);
        assertThrows(
            VarveException.class, () -> LsmStore.open(files, HOME, SMALL), name + " bit " + bit);
      }
      write(name, good);
    }
    LsmStore.open(files, HOME, SMALL).close();
  }

  @Test
  void followersSeeWhatWasWrittenWhenTheyLooked() {
    try (LsmStore writer = LsmStore.open(files, HOME, SMALL)) {
      for (int i = 0; i < 3_000; i++) {
        put(writer, key(i), value(i));
      }
      try (LsmStore reader = LsmStore.openReadOnly(files, HOME, SMALL)) {
        assertEquals(writer.visibleTimestamp(), reader.visibleTimestamp());
        assertEquals(3_000, count(reader, KeyRange.all()));
        BatchCursor old = reader.scan(KeyRange.all(), VersionedStore.NEWEST);
        for (int i = 0; i < 9_000; i++) {
          put(writer, key(i), value(i + 1));
        }
        writer.compact(Progress.NONE);
        put(writer, key(9_000), value(0));
        assertEquals(3_000, count(reader, KeyRange.all()));
        assertArrayEquals(value(5), get(reader, key(5)));
        reader.refresh();
        assertEquals(9_001, count(reader, KeyRange.all()));
        assertArrayEquals(value(6), get(reader, key(5)));
        int seen = 0;
        while (old.next()) {
          assertArrayEquals(value(seen), get(old));
          seen++;
        }
        assertEquals(3_000, seen);
        old.close();
        assertCode(ErrorCode.READ_ONLY, () -> put(reader, key(1), value(1)));
        assertCode(ErrorCode.READ_ONLY, reader::flush);
      }
    }
  }

  private static byte[] get(BatchCursor cursor) {
    return cursor.value();
  }

  @Test
  void followersKeepUpWithABusyWriter() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    try (LsmStore writer = LsmStore.open(files, HOME, SMALL)) {
      put(writer, key(0), value(0));
      Thread writing =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 40_000; i++) {
                    Operations both = new Operations(64);
                    both.put(key(i % 500), 0, key(0).length, value(i), 0, value(0).length);
                    both.put(key(i % 500 + 500), 0, key(0).length, value(i), 0, value(0).length);
                    writer.commit(both, Durability.NONE, null);
                  }
                } catch (Throwable thrown) {
                  failure.set(thrown);
                } finally {
                  done.countDown();
                }
              });
      writing.start();
      try (LsmStore reader = LsmStore.openReadOnly(files, HOME, SMALL)) {
        while (done.getCount() > 0) {
          reader.refresh();
          for (int i = 0; i < 500; i++) {
            byte[] one = get(reader, key(i));
            if (one != null && i > 0) {
              assertArrayEquals(one, get(reader, key(i + 500)));
            }
          }
        }
        reader.refresh();
        assertEquals(writer.visibleTimestamp(), reader.visibleTimestamp());
      }
      writing.join();
    }
    assertNull(failure.get());
  }

  @Test
  void salvageKeepsWhatIsUnharmed() throws IOException {
    try (LsmStore store = LsmStore.open(files, HOME, SMALL)) {
      for (int i = 0; i < 10_000; i++) {
        put(store, key(i), value(i));
      }
      store.compact(Progress.NONE);
      for (int i = 0; i < 500; i++) {
        put(store, key(i), value(i + 1));
      }
      store.flush();
      for (int i = 500; i < 700; i++) {
        put(store, key(i), value(i + 1));
      }
    }
    SalvageReport whole = LsmStore.salvage(files, HOME, Path.of("/whole"), SMALL);
    assertTrue(whole.manifestRead());
    assertEquals(0, whole.damagedBytes());
    assertEquals(200, whole.logCommits());
    checkSalvaged(Path.of("/whole"), 10_000);

    for (String name : files.list(HOME)) {
      if (!name.endsWith(".sst") && !name.equals("IDENTITY")) {
        files.delete(HOME.resolve(name));
      }
    }
    List<String> tables = files.list(HOME).stream().filter(name -> name.endsWith(".sst")).toList();
    byte[] table = read(tables.get(0));
    Arrays.fill(table, table.length / 2, table.length / 2 + 100, (byte) 0);
    write(tables.get(0), table);
    assertCode(ErrorCode.CORRUPTION, () -> LsmStore.open(files, HOME, SMALL));
    SalvageReport part = LsmStore.salvage(files, HOME, Path.of("/part"), SMALL);
    assertFalse(part.manifestRead());
    assertTrue(part.damagedBytes() > 0);
    assertTrue(part.entries() > 5_000 && part.entries() < 10_000, part.toString());
    checkSalvaged(Path.of("/part"), (int) part.entries());
  }

  private void checkSalvaged(Path directory, int entries) {
    try (LsmStore store = LsmStore.open(files, directory, SMALL)) {
      assertEquals(List.of(), store.verify(Progress.NONE));
      int seen = 0;
      try (BatchCursor cursor = store.scan(KeyRange.all(), VersionedStore.NEWEST)) {
        while (cursor.next()) {
          int number =
              Integer.parseInt(new String(cursor.key(), StandardCharsets.US_ASCII).substring(1));
          byte[] old = value(number);
          byte[] found = cursor.value();
          assertTrue(
              Arrays.equals(found, value(number + 1)) && number < 700 || Arrays.equals(found, old),
              "key " + number);
          seen++;
        }
      }
      assertEquals(entries, seen);
      put(store, key(1), value(99));
      assertArrayEquals(value(99), get(store, key(1)));
    }
  }

  @Test
  void everyCallAfterCloseSaysClosed() {
    LsmStore store = LsmStore.open(files, HOME, SMALL);
    put(store, key(1), value(1));
    BatchCursor cursor = store.scan(KeyRange.all(), VersionedStore.NEWEST);
    assertTrue(cursor.next());
    store.close();
    List<Executable> calls = new ArrayList<>();
    calls.add(() -> put(store, key(1), value(1)));
    calls.add(() -> get(store, key(1)));
    calls.add(() -> store.scan(KeyRange.all(), VersionedStore.NEWEST));
    calls.add(() -> store.contains(key(1), 0, key(1).length, VersionedStore.NEWEST));
    calls.add(() -> store.changed(key(1), 0, key(1).length, 0, 1));
    calls.add(() -> store.changed(KeyRange.all(), 0, 1));
    calls.add(store::pin);
    calls.add(() -> store.pin(1));
    calls.add(store::flush);
    calls.add(store::sync);
    calls.add(() -> store.compact(Progress.NONE));
    calls.add(() -> store.verify(Progress.NONE));
    calls.add(() -> store.checkpoint(Path.of("/x")));
    calls.add(() -> store.estimate(KeyRange.all()));
    calls.add(() -> store.commitSorted(new SortedList(), null));
    calls.add(cursor::next);
    calls.add(cursor::key);
    calls.add(cursor::valueBuffer);
    calls.add(() -> cursor.seek(key(1)));
    for (Executable each : calls) {
      assertCode(ErrorCode.CLOSED, each);
    }
    cursor.close();
    store.close();
  }

  @Test
  void closingInTheMiddleOfEverythingIsSafe(@TempDir Path directory) throws Exception {
    for (int round = 0; round < 5; round++) {
      LsmStore store = LsmStore.open(new LocalFileSystem(), directory, SMALL);
      for (int i = 0; i < 5_000; i++) {
        put(store, key(i), value(i));
      }
      AtomicReference<Throwable> failure = new AtomicReference<>();
      CountDownLatch running = new CountDownLatch(4);
      List<Thread> threads = new ArrayList<>();
      List<Runnable> loops =
          List.of(
              () -> get(store, key(4_711)),
              () -> put(store, key(1), value(1)),
              () -> count(store, KeyRange.all()),
              () -> store.changed(KeyRange.all(), 1, 2));
      for (Runnable loop : loops) {
        Thread thread = new Thread(() -> untilClosed(loop, running, failure));
        thread.start();
        threads.add(thread);
      }
      running.await();
      store.close();
      for (Thread each : threads) {
        each.join();
      }
      if (failure.get() != null) {
        throw new AssertionError(failure.get());
      }
    }
  }

  private static void untilClosed(
      Runnable loop, CountDownLatch running, AtomicReference<Throwable> failure) {
    for (int i = 0; ; i++) {
      try {
        loop.run();
      } catch (VarveException thrown) {
        if (thrown.code() != ErrorCode.CLOSED) {
          failure.set(thrown);
        }
        return;
      } catch (Throwable thrown) {
        failure.set(thrown);
        return;
      } finally {
        if (i == 0) {
          running.countDown();
        }
      }
    }
  }

  private static long put(LsmStore store, byte[] key, byte[] value) {
    return store.put(key, 0, key.length, value, 0, value.length, Durability.NONE);
  }

  private static byte[] get(LsmStore store, byte[] key) {
    return store.get(key, 0, key.length, VersionedStore.NEWEST);
  }

  private static int count(LsmStore store, KeyRange range) {
    int count = 0;
    try (BatchCursor cursor = store.scan(range, VersionedStore.NEWEST)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private static byte[] key(int number) {
    return String.format("k%06d", number).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(int number) {
    return ("value-" + number + "-" + Integer.toHexString(number * 0x9E3779B9) + "-padding-padding")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void assertCode(ErrorCode code, Executable call) {
    VarveException thrown = assertThrows(VarveException.class, call);
    assertEquals(code, thrown.code(), () -> String.valueOf(thrown));
  }

  private byte[] read(String name) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) files.sizeBytes(HOME.resolve(name)));
    while (bytes.hasRemaining()) {
      files.read(HOME.resolve(name), bytes.position(), bytes);
    }
    return bytes.array();
  }

  private void write(String name, byte[] bytes) throws IOException {
    try (WritableFile file = files.create(HOME.resolve(name))) {
      file.append(ByteBuffer.wrap(bytes));
    }
  }
}
