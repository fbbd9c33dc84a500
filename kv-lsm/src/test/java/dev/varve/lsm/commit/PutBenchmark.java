// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.commit;

import dev.varve.Durability;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.store.Operations;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.memtable.ArenaPool;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.wal.Wal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Measures log, memtable and pipeline without tables: memtables that are full are thrown away. Not a
 * test. Arguments: directory, operations, rounds, then workloads.
 */
public final class PutBenchmark {
  private static final int VALUE_BYTES = 100;

  private final Path directory;
  private final int operations;

  private PutBenchmark(Path directory, int operations) {
    this.directory = directory;
    this.operations = operations;
  }

  /** Runs. */
  public static void main(String[] args) throws Exception {
    PutBenchmark benchmark = new PutBenchmark(Path.of(args[0]), Integer.parseInt(args[1]));
    int rounds = Integer.parseInt(args[2]);
    for (int round = 0; round < rounds; round++) {
      for (int i = 3; i < args.length; i++) {
        benchmark.run(args[i]);
      }
    }
  }

  private void run(String workload) throws Exception {
    String[] parts = workload.split("-", -1);
    int batch = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
    int threads = parts.length > 2 ? Integer.parseInt(parts[2]) : 1;
    try (Setup setup = new Setup(directory)) {
      byte[][] keys = keys(parts[0]);
      long allocated = allocatedBytes();
      long began = System.nanoTime();
      if (threads == 1) {
        write(setup, parts[0], keys, batch, 0, operations);
      } else {
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          int from = (int) ((long) operations * t / threads);
          int to = (int) ((long) operations * (t + 1) / threads);
          all.add(new Thread(() -> write(setup, parts[0], keys, batch, from, to)));
        }
        all.forEach(Thread::start);
        for (Thread thread : all) {
          thread.join();
        }
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-16s %,10.0f op/s  %6.0f ns  %5.1f heap B/op%n",
          workload,
          operations / seconds,
          seconds * 1e9 / operations * threads,
          (double) (allocatedBytes() - allocated) / operations);
      if (parts[0].equals("random") && batch == 1 && threads == 1) {
        find(setup, keys);
      }
    }
  }

  private byte[][] keys(String order) {
    byte[][] keys = new byte[operations][];
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < operations; i++) {
      int number =
          order.startsWith("random") || order.startsWith("sync") ? random.nextInt(operations) : i;
      keys[i] = String.format(Locale.ROOT, "\0%016d", number).getBytes(StandardCharsets.US_ASCII);
    }
    return keys;
  }

  private static void write(Setup setup, String order, byte[][] keys, int batch, int from, int to) {
    byte[] value = new byte[VALUE_BYTES];
    new SplittableRandom(1).nextBytes(value);
    Durability durability = order.startsWith("sync") ? Durability.SYNC : Durability.NONE;
    if (batch == 1) {
      for (int i = from; i < to; i++) {
        setup.pipeline.put(keys[i], 0, keys[i].length, value, 0, value.length, durability);
      }
      return;
    }
    Operations operations = new Operations(64 << 10);
    for (int i = from; i < to; ) {
      operations.clear(64 << 10);
      for (int n = 0; n < batch && i < to; n++, i++) {
        operations.put(keys[i], 0, keys[i].length, value, 0, value.length);
      }
      setup.pipeline.commit(operations, durability, null);
    }
  }

  private static void find(Setup setup, byte[][] keys) {
    MemTable active = setup.active;
    Lookup lookup = new Lookup();
    int from = (int) (keys.length - active.entries());
    SplittableRandom random = new SplittableRandom(7);
    int count = 500_000;
    int found = 0;
    long began = System.nanoTime();
    for (int i = 0; i < count; i++) {
      byte[] key = keys[from + random.nextInt(keys.length - from)];
      if (active.find(key, 0, key.length, Long.MAX_VALUE, lookup)) {
        found++;
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "  find           %,10.0f op/s  (%d of %d, %,d entries)%n",
        count / seconds,
        found,
        count,
        active.entries());
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** A pipeline over real files. */
  static final class Setup implements MemTableSource, AutoCloseable {
    final FileSystem files = new LocalFileSystem();
    final Path directory;
    final ExecutorService preparer =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "preparer");
              thread.setDaemon(true);
              return thread;
            });
    final MemoryBudget budget = new MemoryBudget(1L << 30);
    final ArenaPool pool;
    final Wal wal;
    final CommitPipeline pipeline;
    final ConcurrentLinkedQueue<MemTable> full = new ConcurrentLinkedQueue<>();
    volatile MemTable active;

    Setup(Path parent) throws IOException {
      files.createDirectories(parent);
      directory = Files.createTempDirectory(parent, "put");
      pool = new ArenaPool(files, directory, 64 << 20, budget, preparer);
      wal = Wal.open(files, directory, 16 << 20, 100_000_000, budget, preparer, 0);
      wal.replay(0, 0, 0, (timestamp, end, operations, offset, length) -> {});
      wal.start();
      pool.await(64 << 20);
      active = pool.tryTake(64 << 20, wal.position(), 0);
      pool.await(64 << 20);
      pipeline = new CommitPipeline(wal, last -> last + 1, this, active, 0);
    }

    @Override
    public void admit(int bytes) {}

    @Override
    public MemTable rotate(MemTable old, long bytes, long logStart, long lastTimestamp) {
      MemTable next = pool.tryTake(Math.max(64 << 20, bytes), logStart, lastTimestamp);
      if (next != null) {
        active = next;
        preparer.execute(
            () -> {
              pipeline.awaitVisible(old.lastTimestamp());
              wal.release(next.logStart());
              pool.recycle(old);
            });
      }
      return next;
    }

    @Override
    public void awaitSuccessor(long bytes) {
      pool.await(Math.max(64 << 20, bytes));
    }

    @Override
    public void close() throws IOException {
      pipeline.close();
      wal.close();
      pool.close();
      preparer.shutdown();
      for (String name : files.list(directory)) {
        files.delete(directory.resolve(name));
      }
      files.delete(directory);
    }
  }
}
