// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.store.Operations;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.compaction.RateLimiter;
import dev.varve.lsm.compaction.RunWriter;
import dev.varve.lsm.compaction.TableMaker;
import dev.varve.lsm.compaction.TombstoneFragments;
import dev.varve.lsm.compaction.VersionSieve;
import dev.varve.lsm.flush.FlushJob;
import dev.varve.lsm.iterator.MergingIterator;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.OperationCursor;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.memtable.ArenaPool;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.lsm.table.TableSalvage;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.FileNames;
import dev.varve.lsm.version.Manifest;
import dev.varve.lsm.version.ManifestState;
import dev.varve.lsm.version.RunIterator;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.wal.LogFollower;
import dev.varve.lsm.wal.WalReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new store of what can still be read in a damaged one: every version in a block with a good
 * checksum, whatever else of its table is gone, and every whole commit of the log. Of each key the
 * newest of these versions counts.
 *
 * <p>First every table and the log are written as clean tables, then all of those are merged into one
 * level. The damaged store is only read.
 */
final class Salvage {
  private static final ReadPoints NEWEST = new ReadPoints(Trailer.MAX_TIMESTAMP, new long[0]);
  private static final ReadPoints EVERYTHING = new ReadPoints(0, new long[0]);
  private static final int LAST_LEVEL = Version.LEVELS - 1;

  private final FileSystem files;
  private final Path damaged;
  private final Path target;
  private final LsmOptions options;
  private final Progress progress;
  private final MemoryBudget budget;
  private final BlockCache cache;
  private final TableMaker maker;

  private final List<TableFile> clean = new ArrayList<>();
  private final List<Long> written = new ArrayList<>();
  private final TombstoneFragments.Builder tombstones = new TombstoneFragments.Builder(NEWEST);
  private long nextNumber = 1;
  private int tables;
  private int unreadable;
  private long versions;
  private long damagedBytes;
  private long commits;
  private long lastTimestamp;
  private long doneBytes;
  private long totalBytes;

  Salvage(FileSystem files, Path damaged, Path target, LsmOptions options) {
    this.files = files;
    this.damaged = damaged;
    this.target = target;
    this.options = options;
    this.progress = options.progress();
    this.budget = options.budget();
    this.cache = new BlockCache(budget, 0);
    this.maker =
        new TableMaker(files, target, Engine.tableOptions(options), cache, new RateLimiter(0));
  }

  SalvageReport run() throws IOException {
    if (files.exists(target) && !files.list(target).isEmpty()) {
      throw ErrorCode.ALREADY_EXISTS
          .error("The target of a salvage must not exist, or be an empty directory.")
          .fact("target", target)
          .build();
    }
    StoreDirectory home = new StoreDirectory(files, target);
    home.create();
    AutoCloseable lock = home.lock(true);
    Closing closing = new Closing();
    try {
      ManifestState state = manifest();
      takeTables(state);
      takeLog(state == null ? 0 : state.flushedThrough());
      List<FileMeta> merged = merge();
      publish(merged);
      long entries = merged.stream().mapToLong(FileMeta::entries).sum();
      return new SalvageReport(
          state != null, tables, unreadable, versions, damagedBytes, commits, entries);
    } finally {
      clean.forEach(each -> closing.run(each::close));
      closing.run(cache::close);
      closing.run(lock);
      closing.finish();
    }
  }

  private @Nullable ManifestState manifest() {
    try {
      return Manifest.read(files, damaged);
    } catch (IOException | VarveException unreadable) {
      return null;
    }
  }

  // ---- Tables.

  private void takeTables(@Nullable ManifestState state) throws IOException {
    List<Source> sources = new ArrayList<>();
    if (state == null) {
      for (String name : files.list(damaged)) {
        if (FileNames.tableNumber(name) >= 0) {
          sources.add(new Source(damaged.resolve(name), 0));
        }
      }
    } else {
      for (ManifestState.PlacedMeta each : state.files()) {
        Path path = damaged.resolve(FileNames.table(each.meta().number()));
        sources.add(new Source(path, each.meta().timestampBase()));
      }
    }
    for (Source each : sources) {
      totalBytes += files.exists(each.path) ? 2 * files.sizeBytes(each.path) : 0;
    }
    for (Source each : sources) {
      tables++;
      takeTable(each);
    }
  }

  private record Source(Path path, long timestampBase) {}

  private void takeTable(Source source) throws IOException {
    MappedFile mapped;
    try {
      mapped = files.mapReadOnly(source.path);
    } catch (IOException unmappable) {
      unreadable++;
      return;
    }
    try (mapped;
        CleanTables into = new CleanTables()) {
      TableSalvage.Result result =
          TableSalvage.salvage(mapped.buffer(), source.timestampBase, into);
      into.finish();
      versions += result.versions();
      damagedBytes += result.damagedBytes();
      advance(mapped.sizeBytes());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Writes versions as they come; where they are out of order, another table begins. */
  private final class CleanTables implements TableSalvage.Visitor, AutoCloseable {
    private final CopiedVersion version = new CopiedVersion();
    private @Nullable RunWriter writer;

    @Override
    public void version(
        java.nio.ByteBuffer key,
        int keyOffset,
        int keyBytes,
        long trailer,
        java.nio.ByteBuffer value,
        int valueOffset,
        int valueBytes) {
      int order = version.set(key, keyOffset, keyBytes, trailer, value, valueOffset, valueBytes);
      lastTimestamp = Math.max(lastTimestamp, Trailer.timestamp(trailer));
      try {
        if (order <= 0) {
          finish();
        }
        RunWriter to = writer;
        if (to == null) {
          to = writer();
          writer = to;
        }
        to.add(version, version.array(), keyBytes, version.isNewKey() || order <= 0, 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void rangeTombstone(byte[] from, byte[] to, long timestamp) {
      lastTimestamp = Math.max(lastTimestamp, timestamp);
      tombstones.add(from, to, timestamp, null, null);
    }

    void finish() throws IOException {
      RunWriter ending = writer;
      if (ending != null) {
        clean.addAll(ending.finish());
        close();
      }
      version.forget();
    }

    @Override
    public void close() throws IOException {
      RunWriter ending = writer;
      writer = null;
      if (ending != null) {
        written.addAll(ending.written());
        ending.close();
      }
    }
  }

  private RunWriter writer() {
    return new RunWriter(
        maker, numbers(), none(), new RunWriter.Cuts(options.fileBytes(), false, null), 0);
  }

  private static TombstoneFragments none() {
    return new TombstoneFragments.Builder(NEWEST).build(TombstoneFragments.Bottom.NOWHERE);
  }

  private LongSupplier numbers() {
    return () -> nextNumber++;
  }

  // ---- Log.

  private void takeLog(long after) throws IOException {
    try (ArenaPool arenas = PrivateArenas.create(options, budget);
        LogFollower log = LogFollower.open(files, damaged)) {
      LogTaker taker = new LogTaker(arenas, after);
      log.salvage(taker);
      taker.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Puts commits into memtables, and memtables into tables. */
  private final class LogTaker implements WalReader.Visitor {
    private final ArenaPool arenas;
    private final long after;
    private final OperationCursor cursor = new OperationCursor();
    private @Nullable MemTable active;

    LogTaker(ArenaPool arenas, long after) {
      this.arenas = arenas;
      this.after = after;
    }

    @Override
    public void commit(long timestamp, long end, byte[] data, int offset, int length) {
      if (timestamp <= after) {
        return;
      }
      long footprint = MemTable.footprint(data, offset, length, timestamp, cursor);
      MemTable into = active;
      if (into == null || !into.fits(footprint) || timestamp <= into.lastTimestamp()) {
        flush();
        into = take(MemTable.arenaBytes(footprint));
        active = into;
      }
      int count = 0;
      int rangeDeletes = 0;
      cursor.reset(data, offset, length);
      while (cursor.next()) {
        count++;
        rangeDeletes += cursor.kind() == Operations.DELETE_RANGE ? 1 : 0;
      }
      long place = into.reserve(footprint, timestamp);
      into.apply(
          place, footprint, timestamp, timestamp, data, offset, length, rangeDeletes, cursor);
      into.complete(place, footprint, timestamp, end, count);
      lastTimestamp = Math.max(lastTimestamp, timestamp);
      commits++;
    }

    private MemTable take(long bytes) {
      while (true) {
        MemTable taken = arenas.tryTake(bytes, 0, 0);
        if (taken != null) {
          return taken;
        }
        arenas.await(bytes);
      }
    }

    void flush() {
      MemTable full = active;
      if (full == null) {
        return;
      }
      FlushJob job =
          new FlushJob(List.of(full), Version.EMPTY, EVERYTHING, maker, numbers(), 0, bytes -> {});
      try {
        job.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        written.addAll(job.written());
        clean.addAll(job.tables());
      }
      full.rangeTombstones()
          .forEach((from, to, timestamp) -> tombstones.add(from, to, timestamp, null, null));
      arenas.recycle(full);
      active = null;
    }
  }

  // ---- Together.

  private List<FileMeta> merge() throws IOException {
    VersionIterator[] sources = new VersionIterator[clean.size()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = new RunIterator(new SortedRun(0, List.of(clean.get(i))), false);
    }
    TombstoneFragments all = tombstones.build((from, to) -> true);
    VersionSieve sieve =
        new VersionSieve(NEWEST, all, VersionSieve.Below.of(new SortedRun[0]), this::advance);
    RunWriter.Cuts cuts = new RunWriter.Cuts(options.fileBytes(), true, null);
    List<FileMeta> merged = new ArrayList<>();
    try (VersionIterator source = new MergingIterator(sources);
        RunWriter writer = new RunWriter(maker, numbers(), all, cuts, 0)) {
      source.seekToFirst();
      sieve.run(source, null, writer);
      for (TableFile each : writer.finish()) {
        merged.add(each.meta());
        each.close();
      }
    }
    return merged;
  }

  private void publish(List<FileMeta> merged) throws IOException {
    UUID id = UUID.randomUUID();
    List<ManifestState.PlacedMeta> placed = new ArrayList<>();
    for (FileMeta each : merged) {
      placed.add(new ManifestState.PlacedMeta(LAST_LEVEL, 0, each));
    }
    Manifest.write(
        files,
        target,
        new ManifestState(
            id, 0, nextNumber, 1, lastTimestamp, lastTimestamp, lastTimestamp, 0, placed));
    Manifest.writeIdentity(files, target, id);
    for (TableFile each : clean) {
      each.close();
    }
    clean.clear();
    for (long each : written) {
      files.delete(target.resolve(FileNames.table(each)));
    }
  }

  private void advance(long bytes) {
    doneBytes += bytes;
    progress.at(doneBytes, Math.max(doneBytes, totalBytes));
  }
}
