// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import dev.varve.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * All tables of the store at a moment. Immutable.
 *
 * <p>Invariants. V1: of two versions of one key in different runs, the one in the run that comes first
 * in {@link #runs()} is newer; range tombstones count as versions of every key they cover. V2: runs of
 * level 0 are disjoint in time, and stand newest first; an ingested commit may be two, its range
 * tombstones behind its points, which they do not hide. V3: below level 0 no table spans two keyspaces.
 */
public final class Version {
  /** The number of levels. */
  public static final int LEVELS = 7;

  /** Without tables. */
  public static final Version EMPTY = new Version(List.of(), emptyLevels());

  private final SortedRun[] newest;
  private final SortedRun[] levels;
  private final SortedRun[] runs;
  private final boolean hasRangeDeletes;
  private final int files;
  private final long bytes;

  /** Guarded by the version set's lock. */
  int references;

  /**
   * A version of the runs of level 0, in any order, and one run for each level; the one at index 0
   * is not used.
   */
  Version(List<SortedRun> level0, SortedRun[] levels) {
    this.newest = level0.toArray(new SortedRun[0]);
    Arrays.sort(
        newest,
        Comparator.comparingLong(SortedRun::maxTimestamp)
            .thenComparingLong(SortedRun::number)
            .reversed());
    this.levels = levels;
    List<SortedRun> all = new ArrayList<>(Arrays.asList(newest));
    for (int level = 1; level < LEVELS; level++) {
      if (!levels[level].isEmpty()) {
        all.add(levels[level]);
      }
    }
    this.runs = all.toArray(new SortedRun[0]);
    boolean anyRangeDelete = false;
    int countFiles = 0;
    long sumBytes = 0;
    for (SortedRun run : runs) {
      anyRangeDelete |= run.hasRangeDeletes();
      countFiles += run.size();
      sumBytes += run.bytes();
    }
    this.hasRangeDeletes = anyRangeDelete;
    this.files = countFiles;
    this.bytes = sumBytes;
  }

  private static SortedRun[] emptyLevels() {
    SortedRun[] levels = new SortedRun[LEVELS];
    Arrays.fill(levels, SortedRun.EMPTY);
    return levels;
  }

  /** The runs that hold something, newest first. The array is not to be changed. */
  public SortedRun[] runs() {
    return runs;
  }

  /** The runs of level 0, newest first. */
  public List<SortedRun> level0() {
    return List.of(newest);
  }

  /** How many runs level 0 has; they come first in {@link #runs()}. */
  public int level0Runs() {
    return newest.length;
  }

  /** The run of a level below 0. */
  public SortedRun level(int level) {
    assert level > 0 : level;
    return levels[level];
  }

  /** The size of a level on disk. */
  public long levelBytes(int level) {
    if (level > 0) {
      return levels[level].bytes();
    }
    long sum = 0;
    for (SortedRun run : newest) {
      sum += run.bytes();
    }
    return sum;
  }

  /** Whether any table has range tombstones. */
  public boolean hasRangeDeletes() {
    return hasRangeDeletes;
  }

  /** How many tables. */
  public int fileCount() {
    return files;
  }

  /** The tables' sizes on disk together. */
  public long bytes() {
    return bytes;
  }

  /** The deepest level that has tables, or 0. */
  public int deepestLevel() {
    for (int level = LEVELS - 1; level > 0; level--) {
      if (!levels[level].isEmpty()) {
        return level;
      }
    }
    return 0;
  }

  /** The tables of a run whose bounds overlap those of {@code with}. */
  public static List<TableFile> overlapping(SortedRun run, FileMeta with) {
    return overlapping(run, with.smallest(), with.largest(), with.largestExclusive());
  }

  /** The tables of a run that have a key in [from, to], or in [from, to) if so said. */
  public static List<TableFile> overlapping(
      SortedRun run, byte[] from, byte[] to, boolean toExclusive) {
    List<TableFile> found = new ArrayList<>();
    for (int i = run.find(from, 0, from.length); i < run.size(); i++) {
      int order = Arrays.compareUnsigned(run.file(i).meta().smallest(), to);
      if (order > 0 || order == 0 && toExclusive) {
        break;
      }
      found.add(run.file(i));
    }
    return found;
  }

  /** Whether a level deeper than {@code level} has a table that the bounds touch. */
  public boolean hasBelow(int level, byte[] from, byte[] to, boolean toExclusive) {
    for (int below = level + 1; below < LEVELS; below++) {
      SortedRun run = levels[below];
      int i = run.find(from, 0, from.length);
      if (i < run.size()) {
        int order = Arrays.compareUnsigned(run.file(i).meta().smallest(), to);
        if (order < 0 || order == 0 && !toExclusive) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the table's bounds touch the range. */
  public static boolean touches(FileMeta meta, KeyRange range) {
    byte[] from = range.from();
    byte[] to = range.to();
    return (from == null || !meta.endsBefore(from))
        && (to == null || Arrays.compareUnsigned(meta.smallest(), to) < 0);
  }

  /** Calls {@code visitor} with every table. */
  public void forEachFile(Consumer<TableFile> visitor) {
    for (SortedRun run : runs) {
      for (int i = 0; i < run.size(); i++) {
        visitor.accept(run.file(i));
      }
    }
  }
}
