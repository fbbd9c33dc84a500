// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change from one version to the next, and of what the manifest says besides. Not thread-safe. */
public final class VersionEdit {
  /** A table and where it stands; {@code run} has a meaning at level 0 only. */
  public record Placed(int level, long run, TableFile file) {}

  private final List<Placed> added = new ArrayList<>();
  private final Set<Long> removed = new HashSet<>();
  private long logStart = -1;
  private long flushedThrough = -1;
  private long collapsedBefore = -1;

  /** Changes nothing yet. */
  public VersionEdit() {}

  /** Adds a table. */
  public VersionEdit add(int level, long run, TableFile file) {
    added.add(new Placed(level, run, file));
    return this;
  }

  /** Removes a table; it may be added at another level by the same edit. */
  public VersionEdit remove(TableFile file) {
    removed.add(file.meta().number());
    return this;
  }

  /** Replay needs the log from this position on. */
  public VersionEdit logStart(long position) {
    logStart = position;
    return this;
  }

  /** All commits up to this timestamp are in tables. */
  public VersionEdit flushedThrough(long timestamp) {
    flushedThrough = timestamp;
    return this;
  }

  /** Between versions older than this only those of readers known at the time were kept. */
  public VersionEdit collapsedBefore(long timestamp) {
    collapsedBefore = timestamp;
    return this;
  }

  List<Placed> added() {
    return added;
  }

  /** The version after this change. */
  Version applyTo(Version base) {
    Map<Long, List<TableFile>> level0 = new HashMap<>();
    List<List<TableFile>> levels = new ArrayList<>();
    boolean[] changed = new boolean[Version.LEVELS];
    for (SortedRun run : base.level0()) {
      level0.put(run.number(), keep(run, null, 0));
    }
    levels.add(List.of());
    for (int level = 1; level < Version.LEVELS; level++) {
      levels.add(keep(base.level(level), changed, level));
    }
    for (Placed each : added) {
      if (each.level == 0) {
        level0.computeIfAbsent(each.run, number -> new ArrayList<>()).add(each.file);
      } else {
        levels.get(each.level).add(each.file);
        changed[each.level] = true;
      }
    }
    List<SortedRun> newest = new ArrayList<>();
    level0.forEach(
        (number, files) -> {
          if (!files.isEmpty()) {
            newest.add(new SortedRun(number, files));
          }
        });
    SortedRun[] below = new SortedRun[Version.LEVELS];
    Arrays.fill(below, SortedRun.EMPTY);
    for (int level = 1; level < Version.LEVELS; level++) {
      below[level] = changed[level] ? new SortedRun(0, levels.get(level)) : base.level(level);
    }
    return new Version(newest, below);
  }

  private List<TableFile> keep(
      SortedRun run, boolean @org.jspecify.annotations.Nullable [] changed, int level) {
    List<TableFile> kept = new ArrayList<>(run.size() + 1);
    for (int i = 0; i < run.size(); i++) {
      TableFile file = run.file(i);
      if (removed.contains(file.meta().number())) {
        if (changed != null) {
          changed[level] = true;
        }
      } else {
        kept.add(file);
      }
    }
    return kept;
  }

  /** What the manifest says after this change. */
  ManifestState applyTo(ManifestState base, Version after, long nextFile, long nextRun) {
    List<ManifestState.PlacedMeta> files = new ArrayList<>(after.fileCount());
    for (SortedRun run : after.level0()) {
      for (TableFile file : run.files()) {
        files.add(new ManifestState.PlacedMeta(0, run.number(), file.meta()));
      }
    }
    long last = base.lastTimestamp();
    for (int level = 1; level < Version.LEVELS; level++) {
      for (TableFile file : after.level(level).files()) {
        files.add(new ManifestState.PlacedMeta(level, 0, file.meta()));
      }
    }
    for (Placed each : added) {
      last = Math.max(last, each.file.meta().maxTimestamp());
    }
    long through = Math.max(base.flushedThrough(), flushedThrough);
    return new ManifestState(
        base.databaseId(),
        base.edits() + 1,
        nextFile,
        nextRun,
        Math.max(last, through),
        through,
        Math.max(base.collapsedBefore(), collapsedBefore),
        Math.max(base.logStart(), logStart),
        files);
  }
}
