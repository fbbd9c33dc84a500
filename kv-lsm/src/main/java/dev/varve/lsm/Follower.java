// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.metrics.Metrics;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.compaction.RateLimiter;
import dev.varve.lsm.compaction.TableMaker;
import dev.varve.lsm.memtable.ArenaPool;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.Pins;
import dev.varve.lsm.snapshot.Views;
import dev.varve.lsm.version.ManifestState;
import dev.varve.lsm.version.StorageErrors;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.VersionEdit;
import dev.varve.lsm.version.VersionSet;
import dev.varve.lsm.wal.LogFollower;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A store opened for reading only, beside a process that may be writing it. Manifest and tables are
 * read as they are; what is in the log only is replayed into memtables of this process, so that
 * nothing the writer does changes what is read here. {@link #refresh} does the same again.
 *
 * <p>The writer may remove tables and reuse the log while they are being read. So the manifest is read
 * again afterwards, and if it has changed, all is done once more.
 */
final class Follower implements Backing {
  private static final int MAX_TRIES = 200;
  private static final long CLOSE_PATIENCE_NANOS = 10_000_000_000L;

  private final FileSystem files;
  private final Path directory;
  private final LsmOptions options;
  private final StoreDirectory home;
  private final MemoryBudget budget;
  private final BlockCache cache;
  private final TableMaker maker;
  private final ArenaPool arenas;
  private final Metrics metrics = new Metrics();
  private final VersionSet versions;
  private final Pins pins;
  private final Views views;
  private final ReentrantLock refreshing = new ReentrantLock();

  private volatile long visibleTimestamp;
  private final InFlight calls = new InFlight();
  private volatile boolean closed;

  /** What a manifest and the log behind it say, read without a change in between. */
  private record Snapshot(
      ManifestState state,
      List<VersionEdit.Placed> tables,
      Deque<MemTable> memTables,
      long lastTimestamp) {}

  Follower(FileSystem files, Path directory, LsmOptions options) throws IOException {
    this.files = files;
    this.directory = directory;
    this.options = options;
    this.home = new StoreDirectory(files, directory);
    this.budget = options.budget();
    try (Opening opening = new Opening()) {
      home.read();
      cache = opening.add(new BlockCache(budget, options.cacheBytes()));
      maker =
          new TableMaker(files, directory, Engine.tableOptions(options), cache, new RateLimiter(0));
      arenas = opening.add(PrivateArenas.create(options, budget));
      Snapshot first = read(Map.of());
      versions = new VersionSet(files, directory, first.state, first.tables);
      opening.add(versions::close);
      pins = new Pins(first.state.collapsedBefore());
      views =
          new Views(versions, first.memTables.toArray(new MemTable[0]), arenas::recycle, () -> {});
      visibleTimestamp = first.lastTimestamp;
      opening.done();
    }
    metrics.gauge("store.tables", () -> versions.peek().fileCount());
    metrics.gauge("store.tableBytes", () -> versions.peek().bytes());
    metrics.gauge("memory.usedBytes", budget::usedBytes);
    metrics.gauge("memory.limitBytes", budget::limitBytes);
  }

  @Override
  public void refresh() throws IOException {
    refreshing.lock();
    try {
      checkOpen();
      Map<Long, TableFile> open = new HashMap<>();
      versions.peek().forEachFile(file -> open.put(file.meta().number(), file));
      Snapshot next = read(open);
      versions.follow(
          next.state,
          next.tables,
          version -> views.replace(next.memTables.toArray(new MemTable[0]), version));
      visibleTimestamp = next.lastTimestamp;
      views.reclaim();
      versions.closeUnreferenced();
    } finally {
      refreshing.unlock();
    }
  }

  @Override
  public Views views() {
    return views;
  }

  @Override
  public long visibleTimestamp() {
    return visibleTimestamp;
  }

  @Override
  public long lastTimestamp() {
    return visibleTimestamp;
  }

  @Override
  public Pins pins() {
    return pins;
  }

  @Override
  public TableMaker maker() {
    return maker;
  }

  @Override
  public MemoryBudget budget() {
    return budget;
  }

  @Override
  public Metrics metrics() {
    return metrics;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void checkOpen() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The store is closed.").build();
    }
  }

  @Override
  public Engine writer() {
    checkOpen();
    throw ErrorCode.READ_ONLY
        .error("The store is open for reading only.")
        .fact("directory", directory)
        .build();
  }

  @Override
  public InFlight calls() {
    return calls;
  }

  @Override
  public void close() {
    refreshing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      refreshing.unlock();
    }
    calls.awaitNone(CLOSE_PATIENCE_NANOS);
    views.epochs().awaitGrace(CLOSE_PATIENCE_NANOS);
    Closing closing = new Closing();
    closing.run(arenas::close);
    closing.run(versions::close);
    closing.run(cache::close);
    closing.finish();
  }

  private Snapshot read(Map<Long, TableFile> open) throws IOException {
    for (int i = 0; ; i++) {
      ManifestState state = home.read();
      List<TableFile> opened = new ArrayList<>();
      Deque<MemTable> memTables = new ArrayDeque<>();
      boolean kept = false;
      try {
        List<VersionEdit.Placed> tables = openTables(state, open, opened);
        long last = replay(state, tables, memTables);
        if (home.read().edits() == state.edits()) {
          kept = true;
          return new Snapshot(state, tables, memTables, last);
        }
      } catch (NoSuchFileException removed) {
        throwIfLast(i, removed);
      } catch (VarveException failure) {
        if (home.read().edits() == state.edits()) {
          throw failure;
        }
        throwIfLast(i, failure);
      } finally {
        if (!kept) {
          opened.forEach(TableFile::close);
          memTables.forEach(arenas::recycle);
        }
      }
      throwIfLast(i, null);
    }
  }

  private void throwIfLast(int tries, @org.jspecify.annotations.Nullable Throwable cause) {
    if (tries >= MAX_TRIES) {
      throw ErrorCode.IO
          .error("The store changes faster than it can be read.")
          .fact("directory", directory)
          .fact("tries", tries)
          .cause(cause)
          .build();
    }
  }

  private List<VersionEdit.Placed> openTables(
      ManifestState state, Map<Long, TableFile> open, List<TableFile> opened) throws IOException {
    List<VersionEdit.Placed> tables = new ArrayList<>();
    for (ManifestState.PlacedMeta each : state.files()) {
      TableFile table = open.get(each.meta().number());
      if (table == null) {
        table = maker.open(each.meta());
        opened.add(table);
      }
      tables.add(new VersionEdit.Placed(each.level(), each.run(), table));
    }
    return tables;
  }

  private long replay(
      ManifestState state, List<VersionEdit.Placed> tables, Deque<MemTable> memTables)
      throws IOException {
    MemTable first = take(0, state.logStart(), state.flushedThrough());
    memTables.addFirst(first);
    Recovery recovery =
        new Recovery(
            first,
            state.flushedThrough(),
            state.logStart(),
            VersionSet.version(tables),
            (full, bytes, logStart) -> {
              MemTable next = take(bytes, logStart, full.lastTimestamp());
              memTables.addFirst(next);
              return next;
            },
            options.progress(),
            0);
    try (LogFollower log = LogFollower.open(files, directory)) {
      log.replay(state.logStart(), state.flushedThrough(), recovery);
    } catch (IllegalStateException reused) {
      throw StorageErrors.corrupt("The log changed while it was read.", directory, 0)
          .cause(reused)
          .build();
    }
    recovery.finish();
    return Math.max(recovery.lastTimestamp(), state.lastTimestamp());
  }

  private MemTable take(long bytes, long logStart, long baseTimestamp) {
    while (true) {
      MemTable taken = arenas.tryTake(bytes, logStart, baseTimestamp);
      if (taken != null) {
        return taken;
      }
      arenas.await(bytes);
    }
  }
}
