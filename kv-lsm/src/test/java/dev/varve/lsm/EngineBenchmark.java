// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Measures the engine without anything above it. Not a test. Arguments: directory, entries, memory
 * limit in MiB, then workloads in order.
 */
public final class EngineBenchmark {
  private static final int KEY_BYTES = 17;
  private static final int VALUE_BYTES = 100;

  private final Path directory;
  private final int entries;
  private final LsmOptions options;
  private final byte[] pool = new byte[1 << 20];
  private LsmStore store;

  private EngineBenchmark(Path directory, int entries, LsmOptions options) {
    this.directory = directory;
    this.entries = entries;
    this.options = options;
    Random random = new Random(42);
    byte[] half = new byte[VALUE_BYTES / 2];
    for (int at = 0; at + VALUE_BYTES <= pool.length; at += VALUE_BYTES) {
      random.nextBytes(half);
      System.arraycopy(half, 0, pool, at, half.length);
      System.arraycopy(half, 0, pool, at + half.length, half.length);
    }
    open();
  }

  /** Runs. */
  public static void main(String[] args) {
    LsmOptions options = LsmOptions.defaults().memoryLimitBytes(Long.parseLong(args[2]) << 20);
    if (Integer.getInteger("cacheMiB") != null) {
      options = options.cacheBytes(Long.getLong("cacheMiB") << 20);
    }
    if (Integer.getInteger("memTableMiB") != null) {
      options = options.memTableBytes(Integer.getInteger("memTableMiB") << 20);
    }
    EngineBenchmark bench =
        new EngineBenchmark(Path.of(args[0]), Integer.parseInt(args[1]), options);
    for (String workload : Arrays.asList(args).subList(3, args.length)) {
      bench.run(workload);
    }
    bench.store.close();
  }

  private void open() {
    store = LsmStore.open(new LocalFileSystem(), directory, options);
  }

  private void run(String workload) {
    long start = System.nanoTime();
    long count =
        switch (workload) {
          case "fillseq" -> fill(false, entries, 1);
          case "fillrandom" -> fill(true, entries, 1);
          case "fillrandom100" -> fill(true, entries, 100);
          case "overwrite10" -> fill(true, 10 * entries, 1);
          case "readrandom" -> read(false);
          case "readmiss" -> read(true);
          case "readrandom2" -> readOnTwoThreads(false);
          case "readmiss2" -> readOnTwoThreads(true);
          case "readseq" -> scan(1);
          case "readbatch" -> scanBatches();
          case "seek50" -> seek(100_000, 50);
          case "compact" -> {
            store.compact(Progress.NONE);
            yield 1;
          }
          case "flush" -> {
            store.flush();
            yield 1;
          }
          case "reopen" -> reopen();
          case "stats" -> {
            print();
            yield 1;
          }
          default -> throw new IllegalArgumentException(workload);
        };
    long nanos = System.nanoTime() - start;
    System.out.printf(
        Locale.ROOT,
        "%-14s %,10d op  %8.1f ms  %,10.0f op/s  %6.0f ns/op  max %.1f ms%n",
        workload,
        count,
        nanos / 1e6,
        count * 1e9 / nanos,
        (double) nanos / count,
        worstNanos / 1e6);
    worstNanos = 0;
  }

  private long worstNanos;

  private void print() {
    store.statistics().forEach((name, value) -> System.out.println("  " + name + " " + value));
  }

  private long reopen() {
    long start = System.nanoTime();
    store.close();
    long closed = System.nanoTime();
    open();
    byte[] key = new byte[KEY_BYTES];
    key(17, key);
    store.get(key, 0, KEY_BYTES, VersionedStore.NEWEST);
    long opened = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "  close %.1f ms, open to first get %.1f ms%n",
        (closed - start) / 1e6,
        (opened - closed) / 1e6);
    return 1;
  }

  private long fill(boolean random, int count, int batch) {
    SplittableRandom numbers = new SplittableRandom(7);
    byte[] key = new byte[KEY_BYTES];
    Operations operations = new Operations(1 << 16);
    long before = System.nanoTime();
    for (int i = 0; i < count; i++) {
      key(random ? numbers.nextInt(entries) : i, key);
      int value = numbers.nextInt(pool.length / VALUE_BYTES) * VALUE_BYTES;
      if (batch == 1) {
        store.put(key, 0, KEY_BYTES, pool, value, VALUE_BYTES, Durability.NONE);
      } else {
        operations.put(key, 0, KEY_BYTES, pool, value, VALUE_BYTES);
        if (operations.count() == batch) {
          store.commit(operations, Durability.NONE, null);
          operations.clear(1 << 16);
        }
      }
      long now = System.nanoTime();
      worstNanos = Math.max(worstNanos, now - before);
      before = now;
    }
    return count;
  }

  private long readOnTwoThreads(boolean miss) {
    Thread other = new Thread(() -> read(miss));
    other.start();
    read(miss);
    while (other.isAlive()) {
      Thread.onSpinWait();
    }
    return 2L * entries;
  }

  private long read(boolean miss) {
    SplittableRandom numbers = new SplittableRandom(11);
    byte[] key = new byte[KEY_BYTES];
    ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
    long found = 0;
    for (int i = 0; i < entries; i++) {
      key(numbers.nextInt(entries), key);
      key[KEY_BYTES - 1] += miss ? 32 : 0;
      value.clear();
      found += store.get(key, 0, KEY_BYTES, VersionedStore.NEWEST, value) >= 0 ? 1 : 0;
    }
    System.out.println("  found " + found);
    return entries;
  }

  private long scan(int rounds) {
    long seen = 0;
    long sum = 0;
    for (int i = 0; i < rounds; i++) {
      try (BatchCursor cursor = store.scan(KeyRange.all(), VersionedStore.NEWEST)) {
        while (cursor.next()) {
          ByteBuffer value = cursor.valueBuffer();
          sum += cursor.keyBuffer().remaining() + value.get(value.position());
          seen++;
        }
      }
    }
    System.out.println("  sum " + sum);
    return seen;
  }

  private long scanBatches() {
    EntryBatch batch = new EntryBatch(1_024, 1 << 18);
    long seen = 0;
    try (BatchCursor cursor = store.scan(KeyRange.all(), VersionedStore.NEWEST)) {
      while (cursor.next(batch) > 0) {
        seen += batch.count();
      }
    }
    return seen;
  }

  private long seek(int seeks, int count) {
    SplittableRandom numbers = new SplittableRandom(13);
    byte[] key = new byte[KEY_BYTES];
    long sum = 0;
    for (int i = 0; i < seeks; i++) {
      key(numbers.nextInt(entries), key);
      try (BatchCursor cursor = store.scan(KeyRange.atLeast(key), VersionedStore.NEWEST)) {
        for (int j = 0; j < count && cursor.next(); j++) {
          sum += cursor.valueBuffer().get(cursor.valueBuffer().position());
        }
      }
    }
    System.out.println("  sum " + sum);
    return seeks;
  }

  private static void key(int number, byte[] key) {
    int rest = number;
    for (int i = KEY_BYTES - 1; i > 0; i--) {
      key[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
