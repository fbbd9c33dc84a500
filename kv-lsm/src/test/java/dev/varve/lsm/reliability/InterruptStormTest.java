// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.VersionedStore;
import dev.varve.lsm.LsmStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts threads all the time while they use a store: nothing fails, nothing is lost. */
class InterruptStormTest {
  private static final int THREADS = 3;

  @TempDir private Path directory;

  @Test
  void interruptsAreHarmless() throws Exception {
    storm(Integer.getInteger("varve.interrupts.short", 20_000));
  }

  @Test
  @Tag("slow")
  void aMillionInterruptsAreHarmless() throws Exception {
    storm(Integer.getInteger("varve.interrupts", 1_000_000));
  }

  private void storm(int interrupts) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    long[] written = new long[THREADS];
    try (LsmStore store = LsmStore.open(new LocalFileSystem(), directory, Run.small())) {
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        workers.add(
            new Thread(
                () -> {
                  try {
                    written[thread] = work(store, thread, over);
                  } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                  }
                }));
      }
      workers.forEach(Thread::start);
      for (int sent = 0, i = 0; sent < interrupts && failure.get() == null; i = (i + 1) % THREADS) {
        Thread worker = workers.get(i);
        if (!worker.isInterrupted()) {
          worker.interrupt();
          sent++;
        }
      }
      over.set(true);
      for (Thread each : workers) {
        each.join();
      }
      assertNull(failure.get(), () -> stackOf(failure.get()));
      check(store, written);
      assertEquals(List.of(), store.verify(Progress.NONE));
    }
    try (LsmStore store = LsmStore.open(new LocalFileSystem(), directory, Run.small())) {
      check(store, written);
    }
    System.out.println(interrupts + " interrupts, commits " + Arrays.toString(written));
  }

  /** Commits, reads and scans until told to stop, ready for the next interrupt after each commit. */
  private static long work(LsmStore store, int thread, AtomicBoolean over) {
    long n = 0;
    byte[] value = new byte[100];
    while (!over.get() || n < 100) {
      n++;
      ByteBuffer.wrap(value).putLong(n);
      byte[] key = key(thread, n);
      Durability durability = n % 50 == 0 ? Durability.SYNC : Durability.ASYNC;
      store.put(key, 0, key.length, value, 0, value.length, durability);
      Thread.interrupted();
      byte[] old = key(thread, (n >> 1) + 1);
      assertEquals((n >> 1) + 1, ByteBuffer.wrap(get(store, old)).getLong());
      if (n % 500 == 0) {
        assertEquals(n, count(store, thread));
        store.flush();
      }
    }
    return n;
  }

  private static byte[] get(LsmStore store, byte[] key) {
    byte[] value = store.get(key, 0, key.length, VersionedStore.NEWEST);
    assertTrue(value != null);
    return value;
  }

  private static long count(LsmStore store, int thread) {
    long count = 0;
    KeyRange range = KeyRange.prefix(KeyspacePrefix.of(thread + 1));
    try (BatchCursor cursor = store.scan(range, VersionedStore.NEWEST)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private static void check(LsmStore store, long[] written) {
    for (int thread = 0; thread < THREADS; thread++) {
      assertEquals(written[thread], count(store, thread));
      for (long n = 1; n <= written[thread]; n++) {
        assertEquals(n, ByteBuffer.wrap(get(store, key(thread, n))).getLong());
      }
    }
  }

  private static byte[] key(int thread, long n) {
    byte[] prefix = KeyspacePrefix.of(thread + 1);
    return ByteBuffer.allocate(prefix.length + 8).put(prefix).putLong(n * 0x9E37_79B9L).array();
  }

  private static String stackOf(Throwable t) {
    StringWriter text = new StringWriter();
    t.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
