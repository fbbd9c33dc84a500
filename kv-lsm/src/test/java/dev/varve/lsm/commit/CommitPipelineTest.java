// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.commit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.Operations;
import dev.varve.lsm.wal.FailingFileSystem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommitPipelineTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int ARENA_BYTES = 64 << 10;
  private static final int SEGMENT_BYTES = 16 << 10;

  private final FileSystem files = new InMemoryFileSystem();

  @Test
  void showsEveryCommitWholeAndInOrderWhileManyThreadsCommit() throws Exception {
    int threads = 4;
    int commits = 2000;
    try (PipelineFixture store =
        new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
      AtomicBoolean done = new AtomicBoolean();
      byte[][] shared = {key("a"), key("m"), key("z")};
      List<Thread> writers = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int id = t;
        writers.add(
            started(
                failures,
                () -> {
                  for (int i = 0; i < commits; i++) {
                    byte[] value = number((long) id << 32 | i);
                    long timestamp =
                        store.pipeline.commit(
                            PipelineFixture.puts(value, shared), durability(i), null);
                    assertTrue(store.pipeline.visibleTimestamp() >= timestamp);
                    assertArrayEquals(value, store.get(shared[1], timestamp));
                    byte[] own = key("own" + id + "-" + i);
                    store.put(own, value, Durability.NONE);
                    assertArrayEquals(value, store.get(own, store.pipeline.visibleTimestamp()));
                  }
                }));
      }
      Thread reader =
          started(
              failures,
              () -> {
                long last = 0;
                while (!done.get()) {
                  long timestamp = store.pipeline.visibleTimestamp();
                  assertTrue(timestamp >= last);
                  last = timestamp;
                  byte[] value = store.get(shared[0], timestamp);
                  if (value != null) {
                    assertArrayEquals(value, store.get(shared[1], timestamp));
                    assertArrayEquals(value, store.get(shared[2], timestamp));
                  }
                }
              });
      join(writers);
      done.set(true);
      reader.join();
      assertTrue(failures.isEmpty(), () -> failures.peek().toString());
      assertEquals(2L * threads * commits, store.pipeline.visibleTimestamp());
      assertTrue(store.memTables.size() > 3, "memtables were rotated");
      for (int t = 0; t < threads; t++) {
        for (int i = 0; i < commits; i++) {
          assertArrayEquals(
              number((long) t << 32 | i), store.get(key("own" + t + "-" + i), Long.MAX_VALUE));
        }
      }
    }
    try (PipelineFixture heir = new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      assertEquals(0, heir.replayed, "all was in adopted memtables");
      assertEquals(2L * threads * commits, heir.pipeline.visibleTimestamp());
      for (int t = 0; t < threads; t++) {
        assertArrayEquals(
            number((long) t << 32 | 7), heir.get(key("own" + t + "-7"), Long.MAX_VALUE));
      }
    }
  }

  @Test
  void leavesNoTraceOfARefusedCommitAndStallsNobody() throws Exception {
    try (PipelineFixture store =
        new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
      List<Thread> all = new ArrayList<>();
      AtomicLong refused = new AtomicLong();
      for (int t = 0; t < 4; t++) {
        int id = t;
        all.add(
            started(
                failures,
                () -> {
                  for (int i = 0; i < 1000; i++) {
                    Operations operations =
                        PipelineFixture.puts(number(i), key("g" + id), key("h" + id));
                    boolean refuse = (i + id) % 3 == 0;
                    long before = store.pipeline.visibleTimestamp();
                    try {
                      store.pipeline.commit(
                          operations,
                          Durability.NONE,
                          timestamp -> {
                            assertEquals(timestamp - 1, store.pipeline.visibleTimestamp());
                            assertTrue(timestamp > before);
                            if (refuse) {
                              throw new IllegalStateException("no");
                            }
                          });
                      assertFalse(refuse);
                    } catch (IllegalStateException no) {
                      assertTrue(refuse, no::toString);
                      refused.incrementAndGet();
                      byte[] now = store.get(key("g" + id), Long.MAX_VALUE);
                      assertTrue(now == null || Bytes.longBE(now, 0) < i);
                    }
                  }
                }));
      }
      join(all);
      assertTrue(failures.isEmpty(), () -> failures.peek().toString());
      assertTrue(refused.get() > 1000);
      assertEquals(4000, store.pipeline.visibleTimestamp());
    }
    try (PipelineFixture heir = new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      for (int id = 0; id < 4; id++) {
        long last = (999 + id) % 3 == 0 ? 998 : 999;
        assertArrayEquals(number(last), heir.get(key("g" + id), Long.MAX_VALUE));
      }
    }
  }

  @Test
  void refusedCommitsAreSkippedByReplayOfTheLog() throws Exception {
    byte[] key = key("k");
    try (PipelineFixture store =
        new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      store.put(key, number(1), Durability.SYNC);
      assertThrows(
          IllegalStateException.class,
          () ->
              store.pipeline.commit(
                  PipelineFixture.puts(number(2), key),
                  Durability.SYNC,
                  timestamp -> {
                    throw new IllegalStateException("no");
                  }));
      store.put(key("l"), number(3), Durability.SYNC);
    }
    for (String name : files.list(DIRECTORY)) {
      if (name.endsWith(".arena")) {
        files.delete(DIRECTORY.resolve(name));
      }
    }
    try (PipelineFixture heir = new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      assertEquals(2, heir.replayed);
      assertArrayEquals(number(1), heir.get(key, Long.MAX_VALUE));
      assertArrayEquals(number(3), heir.get(key("l"), Long.MAX_VALUE));
    }
  }

  @Test
  void aGuardIsAskedWhileLaterCommitsWait() throws Exception {
    try (PipelineFixture store =
        new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch answer = new CountDownLatch(1);
      ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
      Thread guarded =
          started(
              failures,
              () ->
                  store.pipeline.commit(
                      PipelineFixture.puts(number(1), key("g")),
                      Durability.NONE,
                      timestamp -> {
                        asked.countDown();
                        awaitUninterruptibly(answer);
                      }));
      asked.await();
      AtomicReference<Boolean> returned = new AtomicReference<>(false);
      Thread later =
          started(
              failures,
              () -> {
                store.put(key("l"), number(2), Durability.NONE);
                returned.set(true);
              });
      while (later.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertEquals(0, store.pipeline.visibleTimestamp());
      assertFalse(returned.get());
      answer.countDown();
      guarded.join();
      later.join();
      assertTrue(failures.isEmpty());
      assertEquals(2, store.pipeline.visibleTimestamp());
    }
  }

  @Test
  void anExternalCommitStandsBetweenTwoMemtables() throws Exception {
    try (PipelineFixture store =
        new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      store.put(key("a"), number(1), Durability.NONE);
      AtomicLong installed = new AtomicLong();
      long timestamp = store.pipeline.commitExternally(null, installed::set);
      assertEquals(2, timestamp);
      assertEquals(2, installed.get());
      assertEquals(2, store.memTables.size());
      assertEquals(1, store.memTables.get(0).lastTimestamp());
      assertEquals(1, store.memTables.get(1).baseTimestamp());
      assertThrows(
          IllegalStateException.class,
          () ->
              store.pipeline.commitExternally(
                  null,
                  each -> {
                    throw new IllegalStateException("no");
                  }));
      store.put(key("b"), number(2), Durability.NONE);
      assertEquals(4, store.pipeline.visibleTimestamp());
      assertEquals(4, store.pipeline.rotate());
      assertEquals(4, store.pipeline.rotate());
    }
  }

  @Test
  void aSyncedCommitIsBelowTheForcedPositionAndOneForceServesMany(@TempDir Path directory)
      throws Exception {
    try (PipelineFixture store =
        new PipelineFixture(new LocalFileSystem(), directory, 1 << 20, 256 << 10)) {
      ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
      List<Thread> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int id = t;
        all.add(
            started(
                failures,
                () -> {
                  for (int i = 0; i < 200; i++) {
                    store.put(key("k" + id), number(i), Durability.SYNC);
                    assertTrue(store.wal.syncedPosition() > 0);
                  }
                }));
      }
      join(all);
      assertTrue(failures.isEmpty(), () -> failures.peek().toString());
      assertEquals(store.wal.writtenPosition(), store.wal.syncedPosition());
      assertTrue(store.wal.forces() < 1600, "forces: " + store.wal.forces());
    }
  }

  @Test
  void interruptsDoNoHarmAndAreKept() throws Exception {
    try (PipelineFixture store =
        new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
      AtomicBoolean done = new AtomicBoolean();
      List<Thread> writers = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        int id = t;
        writers.add(
            started(
                failures,
                () -> {
                  for (int i = 0; i < 2000; i++) {
                    store.put(key(id + "-" + i), number(i), durability(i));
                  }
                  Thread.currentThread().interrupt();
                  store.put(key("interrupted"), number(1), Durability.SYNC);
                  assertTrue(Thread.currentThread().isInterrupted());
                }));
      }
      Thread storm =
          started(
              failures,
              () -> {
                while (!done.get()) {
                  writers.forEach(Thread::interrupt);
                }
              });
      join(writers);
      done.set(true);
      storm.join();
      assertTrue(failures.isEmpty(), () -> failures.peek().toString());
      assertEquals(6003, store.pipeline.visibleTimestamp());
      for (int i = 0; i < 2000; i++) {
        assertArrayEquals(number(i), store.get(key("1-" + i), Long.MAX_VALUE));
      }
    }
  }

  @Test
  void takesNoMoreWritesAfterAFailedForceButIsReadable() throws Exception {
    FailingFileSystem failing = new FailingFileSystem(files);
    PipelineFixture store = new PipelineFixture(failing, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES);
    store.put(key("a"), number(1), Durability.SYNC);
    failing.failSync = true;
    assertEquals(
        ErrorCode.IO,
        assertThrows(VarveException.class, () -> store.put(key("b"), number(2), Durability.SYNC))
            .code());
    assertEquals(
        ErrorCode.IO,
        assertThrows(VarveException.class, () -> store.put(key("c"), number(3), Durability.NONE))
            .code());
    assertArrayEquals(number(1), store.get(key("a"), store.pipeline.visibleTimestamp()));
    assertNull(store.get(key("c"), Long.MAX_VALUE));
    assertThrows(VarveException.class, store::close);
    failing.failSync = false;
    try (PipelineFixture heir =
        new PipelineFixture(failing, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      assertArrayEquals(number(1), heir.get(key("a"), Long.MAX_VALUE));
      heir.put(key("d"), number(4), Durability.SYNC);
    }
  }

  @Test
  void aTimestampSourceThatThrowsLeavesThePipelineUsable() throws Exception {
    AtomicBoolean fail = new AtomicBoolean();
    try (PipelineFixture store =
        new PipelineFixture(
            files,
            DIRECTORY,
            ARENA_BYTES,
            SEGMENT_BYTES,
            last -> {
              if (fail.get()) {
                throw new IllegalStateException("no time");
              }
              return last + 1;
            })) {
      store.put(key("a"), number(1), Durability.NONE);
      fail.set(true);
      assertThrows(
          IllegalStateException.class, () -> store.put(key("b"), number(2), Durability.NONE));
      fail.set(false);
      store.put(key("c"), number(3), Durability.SYNC);
      assertNull(store.get(key("b"), Long.MAX_VALUE));
      assertEquals(2, store.pipeline.visibleTimestamp());
    }
    for (String name : files.list(DIRECTORY)) {
      if (name.endsWith(".arena")) {
        files.delete(DIRECTORY.resolve(name));
      }
    }
    try (PipelineFixture heir = new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      assertEquals(2, heir.replayed);
    }
  }

  @Test
  void largeCommitsGetArenasAndSegmentsOfTheirOwnSize() throws Exception {
    byte[] large = new byte[300 << 10];
    large[large.length - 1] = 9;
    try (PipelineFixture store =
        new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      store.put(key("a"), number(1), Durability.NONE);
      store.put(key("large"), large, Durability.SYNC);
      store.put(key("b"), number(2), Durability.NONE);
      assertArrayEquals(large, store.get(key("large"), Long.MAX_VALUE));
    }
    try (PipelineFixture heir = new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES)) {
      assertArrayEquals(large, heir.get(key("large"), Long.MAX_VALUE));
      assertArrayEquals(number(2), heir.get(key("b"), Long.MAX_VALUE));
    }
  }

  @Test
  void refusesCommitsAfterClose() throws Exception {
    PipelineFixture store = new PipelineFixture(files, DIRECTORY, ARENA_BYTES, SEGMENT_BYTES);
    store.close();
    VarveException refused =
        assertThrows(VarveException.class, () -> store.put(key("a"), number(1), Durability.NONE));
    assertSame(ErrorCode.CLOSED, refused.code());
  }

  private static Durability durability(int i) {
    return i % 50 == 0 ? Durability.SYNC : i % 3 == 0 ? Durability.ASYNC : Durability.NONE;
  }

  static byte[] key(String text) {
    return ("\0" + text).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] number(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  private static Thread started(ConcurrentLinkedQueue<Throwable> failures, Runnable body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (Throwable failure) {
                failures.add(failure);
              }
            });
    thread.start();
    return thread;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
