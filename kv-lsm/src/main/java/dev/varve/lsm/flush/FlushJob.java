// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.flush;

import dev.varve.lsm.compaction.RunWriter;
import dev.varve.lsm.compaction.TableMaker;
import dev.varve.lsm.compaction.TombstoneFragments;
import dev.varve.lsm.compaction.VersionSieve;
import dev.varve.lsm.iterator.MergingIterator;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.version.VersionEdit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Writes the oldest memtables, which nobody writes any more, as one run of level 0. The result is an
 * edit; installing it, and removing the new tables if that fails, is up to the caller.
 */
public final class FlushJob {
  private static final long TABLE_BYTES = 1L << 30;

  private final List<MemTable> memTables;
  private final Version version;
  private final ReadPoints points;
  private final TableMaker maker;
  private final LongSupplier numbers;
  private final long run;
  private final VersionSieve.Pace pace;

  private final List<Long> written = new ArrayList<>();
  private final List<TableFile> opened = new ArrayList<>();

  /**
   * A job for {@code memTables}.
   *
   * @param version the current one, retained by the caller
   * @param run the number of the run
   */
  public FlushJob(
      List<MemTable> memTables,
      Version version,
      ReadPoints points,
      TableMaker maker,
      LongSupplier numbers,
      long run,
      VersionSieve.Pace pace) {
    this.memTables = memTables;
    this.version = version;
    this.points = points;
    this.maker = maker;
    this.numbers = numbers;
    this.run = run;
    this.pace = pace;
  }

  /** Writes the tables; the edit says nothing of the log yet. */
  public VersionEdit run() throws IOException {
    TombstoneFragments.Builder builder = new TombstoneFragments.Builder(points);
    VersionIterator[] sources = new VersionIterator[memTables.size()];
    long flushedThrough = 0;
    for (int i = 0; i < sources.length; i++) {
      MemTable each = memTables.get(i);
      sources[i] = each.iterator();
      flushedThrough = Math.max(flushedThrough, each.lastTimestamp());
      if (!each.rangeTombstones().isEmpty()) {
        each.rangeTombstones()
            .forEach((from, to, timestamp) -> builder.add(from, to, timestamp, null, null));
      }
    }
    TombstoneFragments tombstones = builder.build((from, to) -> !holdsAny(from, to));
    VersionEdit edit = new VersionEdit().flushedThrough(flushedThrough);
    edit.collapsedBefore(points.floor());
    VersionSieve sieve =
        new VersionSieve(points, tombstones, VersionSieve.Below.of(version.runs()), pace);
    RunWriter.Cuts cuts = new RunWriter.Cuts(TABLE_BYTES, false, null);
    try (VersionIterator source = sources.length == 1 ? sources[0] : new MergingIterator(sources);
        RunWriter writer = new RunWriter(maker, numbers, tombstones, cuts, 0)) {
      try {
        source.seekToFirst();
        sieve.run(source, null, writer);
        for (TableFile file : writer.finish()) {
          edit.add(0, run, file);
        }
      } finally {
        written.addAll(writer.written());
        opened.addAll(writer.finished());
      }
    }
    return edit;
  }

  /** The numbers of the tables begun so far. */
  public List<Long> written() {
    return written;
  }

  /** The tables written, open. */
  public List<TableFile> tables() {
    return opened;
  }

  /** The size of the tables written. */
  public long writtenBytes() {
    long sum = 0;
    for (TableFile each : opened) {
      sum += each.meta().fileBytes();
    }
    return sum;
  }

  /** Closes the tables written, when they do not become part of the store. */
  public void abandon() {
    opened.forEach(TableFile::close);
    opened.clear();
  }

  private boolean holdsAny(byte[] from, byte[] to) {
    for (var each : version.runs()) {
      if (!Version.overlapping(each, from, to, true).isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
