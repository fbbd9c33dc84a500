// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.commit;

import dev.varve.core.file.FileSystem;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.store.Operations;
import dev.varve.core.store.TimestampSource;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.key.OperationCursor;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.memtable.ArenaPool;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.wal.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A store of nothing but log and memtables: what the engine does around the pipeline, in small. */
final class PipelineFixture implements MemTableSource, AutoCloseable {
  final ExecutorService preparer =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "preparer");
            thread.setDaemon(true);
            return thread;
          });
  final MemoryBudget budget = new MemoryBudget(1L << 32);
  final ArenaPool pool;
  final Wal wal;
  final CommitPipeline pipeline;
  final int arenaBytes;

  /** Oldest first, the active one last. */
  final List<MemTable> memTables = new CopyOnWriteArrayList<>();

  final ArenaPool.Adopted adopted;
  long replayed;

  PipelineFixture(FileSystem files, Path directory, int arenaBytes, int segmentBytes)
      throws IOException {
    this(files, directory, arenaBytes, segmentBytes, last -> last + 1);
  }

  PipelineFixture(
      FileSystem files,
      Path directory,
      int arenaBytes,
      int segmentBytes,
      TimestampSource timestamps)
      throws IOException {
    this.arenaBytes = arenaBytes;
    files.createDirectories(directory);
    pool = new ArenaPool(files, directory, arenaBytes, budget, preparer);
    adopted = pool.adopt(0);
    memTables.addAll(adopted.memTables());
    wal = Wal.open(files, directory, segmentBytes, 5_000_000, budget, preparer, 0);
    OperationCursor cursor = new OperationCursor();
    wal.replay(
        adopted.logEnd(),
        adopted.completeTimestamp(),
        adopted.logEnd(),
        (timestamp, end, data, offset, length) -> {
          long footprint = MemTable.footprint(data, offset, length, timestamp, cursor);
          MemTable memTable = memTables.isEmpty() ? null : memTables.get(memTables.size() - 1);
          if (memTable == null || !memTable.fits(footprint)) {
            long base = memTable == null ? 0 : memTable.lastTimestamp();
            memTable = taken(MemTable.arenaBytes(footprint), 0, base);
          }
          long place = memTable.reserve(footprint, timestamp);
          memTable.apply(place, footprint, timestamp, timestamp, data, offset, length, 1, cursor);
          memTable.complete(place, footprint, timestamp, end, 1);
          replayed++;
        });
    wal.start();
    long last = memTables.isEmpty() ? 0 : memTables.get(memTables.size() - 1).completeTimestamp();
    if (memTables.isEmpty()) {
      taken(0, wal.position(), 0);
    }
    pipeline = new CommitPipeline(wal, timestamps, this, memTables.get(memTables.size() - 1), last);
  }

  private MemTable taken(long bytes, long logStart, long base) {
    MemTable taken = null;
    while (taken == null) {
      pool.await(Math.max(arenaBytes, bytes));
      taken = pool.tryTake(Math.max(arenaBytes, bytes), logStart, base);
    }
    memTables.add(taken);
    return taken;
  }

  @Override
  public void admit(int bytes) {}

  @Override
  public MemTable rotate(MemTable full, long bytes, long logStart, long lastTimestamp) {
    MemTable next = pool.tryTake(Math.max(arenaBytes, bytes), logStart, lastTimestamp);
    if (next != null) {
      memTables.add(next);
    }
    return next;
  }

  @Override
  public void awaitSuccessor(long bytes) {
    pool.await(Math.max(arenaBytes, bytes));
  }

  void put(byte[] key, byte[] value, dev.varve.Durability durability) {
    pipeline.put(key, 0, key.length, value, 0, value.length, durability);
  }

  /** The value at {@code timestamp}, or null. */
  byte[] get(byte[] key, long timestamp) {
    Lookup lookup = new Lookup();
    for (int i = memTables.size() - 1; i >= 0; i--) {
      if (memTables.get(i).find(key, 0, key.length, timestamp, lookup)) {
        if (Trailer.kind(lookup.trailer()) == Trailer.DELETE) {
          return null;
        }
        byte[] value = new byte[lookup.valueBytes()];
        lookup.value().get(lookup.valueOffset(), value);
        return value;
      }
    }
    return null;
  }

  static Operations puts(byte[] value, byte[]... keys) {
    Operations operations = new Operations(64);
    for (byte[] key : keys) {
      operations.put(key, 0, key.length, value, 0, value.length);
    }
    return operations;
  }

  @Override
  public void close() {
    pipeline.close();
    try {
      wal.close();
    } finally {
      pool.close();
      preparer.shutdown();
      try {
        preparer.awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
