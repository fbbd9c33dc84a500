// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.lsm.iterator.MergingIterator;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.lsm.version.RunIterator;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.version.VersionEdit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes a plan against the version it was made for, which the caller retains. The result is an
 * edit; installing it, and removing the new tables if that fails, is up to the caller.
 */
public final class CompactionJob {
  private static final int GRANDPARENT_FACTOR = 10;

  private final CompactionPlan plan;
  private final Version version;
  private final ReadPoints points;
  private final TableMaker maker;
  private final LongSupplier numbers;
  private final long tableBytes;
  private final VersionSieve.Pace pace;

  private final List<SortedRun> inputs = new ArrayList<>();
  private final List<Long> written = new ArrayList<>();
  private final List<TableFile> opened = new ArrayList<>();

  /** A job for {@code plan}. */
  public CompactionJob(
      CompactionPlan plan,
      Version version,
      ReadPoints points,
      TableMaker maker,
      LongSupplier numbers,
      long tableBytes,
      VersionSieve.Pace pace) {
    this.plan = plan;
    this.version = version;
    this.points = points;
    this.maker = maker;
    this.numbers = numbers;
    this.tableBytes = tableBytes;
    this.pace = pace;
    for (List<TableFile> run : plan.runs()) {
      inputs.add(new SortedRun(0, run));
    }
    if (!plan.lower().isEmpty()) {
      inputs.add(new SortedRun(0, plan.lower()));
    }
  }

  /** Does what the plan says. */
  public VersionEdit run() throws IOException {
    VersionEdit edit = new VersionEdit();
    for (TableFile file : plan.inputs()) {
      edit.remove(file);
    }
    switch (plan.kind()) {
      case DROP -> {}
      case MOVE -> {
        for (TableFile file : plan.inputs()) {
          edit.add(plan.outputLevel(), 0, file);
        }
      }
      case MERGE -> {
        edit.collapsedBefore(points.floor());
        for (TableFile file : merge()) {
          edit.add(plan.outputLevel(), 0, file);
        }
      }
      default -> throw new IllegalStateException(plan.kind().name());
    }
    return edit;
  }

  /** The numbers of the tables begun so far. */
  public List<Long> written() {
    return written;
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

  private List<TableFile> merge() throws IOException {
    TombstoneFragments tombstones = tombstones();
    RunWriter.Cuts cuts = new RunWriter.Cuts(tableBytes, true, grandparents());
    VersionSieve sieve = new VersionSieve(points, tombstones, VersionSieve.Below.of(below()), pace);
    try (VersionIterator source = source();
        RunWriter writer = new RunWriter(maker, numbers, tombstones, cuts, 0)) {
      try {
        source.seekToFirst();
        sieve.run(source, null, writer);
        return writer.finish();
      } finally {
        written.addAll(writer.written());
        opened.addAll(writer.finished());
      }
    }
  }

  private SortedRun[] below() {
    SortedRun[] runs = new SortedRun[Version.LEVELS - 1 - plan.outputLevel()];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = version.level(plan.outputLevel() + 1 + i);
    }
    return runs;
  }

  private VersionIterator source() {
    VersionIterator[] sources = new VersionIterator[inputs.size()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = new RunIterator(inputs.get(i), false);
    }
    return sources.length == 1 ? sources[0] : new MergingIterator(sources);
  }

  /** Those of all inputs; pieces that have nothing below and are old enough are left out. */
  private TombstoneFragments tombstones() {
    TombstoneFragments.Builder builder = new TombstoneFragments.Builder(points);
    for (SortedRun run : inputs) {
      for (TableFile file : run.files()) {
        if (file.meta().rangeDeletes() > 0) {
          file.reader()
              .rangeTombstones()
              .forEach((from, to, timestamp) -> builder.add(from, to, timestamp, null, null));
        }
      }
    }
    return builder.build((from, to) -> !version.hasBelow(plan.outputLevel(), from, to, true));
  }

  private RunWriter.@Nullable CutHints grandparents() {
    int level = plan.outputLevel() + 1;
    if (level >= Version.LEVELS || version.level(level).isEmpty()) {
      return null;
    }
    return new GrandparentCuts(version.level(level), GRANDPARENT_FACTOR * tableBytes);
  }

  /** Cuts tables so that none overlaps too much of the level that it will be merged into next. */
  private static final class GrandparentCuts implements RunWriter.CutHints {
    private final SortedRun run;
    private final long mostBytes;
    private int at;
    private long overlapped;

    GrandparentCuts(SortedRun run, long mostBytes) {
      this.run = run;
      this.mostBytes = mostBytes;
    }

    @Override
    public boolean before(byte[] key, int keyBytes, long tableBytes) {
      while (at < run.size()) {
        byte[] end = run.file(at).meta().largest();
        if (Arrays.compareUnsigned(end, 0, end.length, key, 0, keyBytes) >= 0) {
          break;
        }
        overlapped += run.file(at++).meta().fileBytes();
      }
      if (overlapped <= mostBytes) {
        return false;
      }
      overlapped = 0;
      return true;
    }
  }
}
