// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to compact next: a version in, a plan out, nothing else touched.
 *
 * <p>In this order: tables that a range tombstone hides whole are dropped unread; the level that
 * exceeds its target most, level 0 counted by runs, gives up the table that costs least to merge;
 * tables rich in tombstones go down, and tables of the last level whose garbage nobody needs any more
 * are rewritten; and when the store is idle, what lies above the last level is merged into it until
 * the store takes little more than its live data.
 */
public final class CompactionPicker {
  private static final double MOVE_FRACTION = 0.25;
  private static final double TOMBSTONE_FRACTION = 0.5;
  private static final double GARBAGE_FRACTION = 0.1;
  private static final double IDLE_SPACE_FRACTION = 0.1;

  /** What plans aim at. */
  public record Aims(
      int level0Runs,
      long baseLevelBytes,
      int levelMultiplier,
      long fileBytes,
      long garbageAgeMillis) {}

  /**
   * What a plan has to heed besides the version.
   *
   * @param points who may still read what
   * @param unflushedFrom runs of level 0 that are not older than this stay where they are, for
   *     something in memory is older than they are
   * @param busy tables that other plans have taken
   * @param idle whether the store has had little to do lately
   * @param nowMillis the time, in milliseconds since 1970
   */
  public record Situation(
      ReadPoints points, long unflushedFrom, Set<Long> busy, boolean idle, long nowMillis) {
    boolean isBusy(TableFile file) {
      return busy.contains(file.meta().number());
    }
  }

  private final Aims aims;

  /** Plans for {@code aims}. */
  public CompactionPicker(Aims aims) {
    this.aims = aims;
  }

  /** What to do next, or null when nothing needs to be done or can be. */
  public @Nullable CompactionPlan pick(Version version, Situation now) {
    CompactionPlan plan = pickDrop(version, now);
    if (plan == null) {
      plan = pickByScore(version, now);
    }
    if (plan == null) {
      plan = pickTombstones(version, now);
    }
    if (plan == null) {
      plan = pickGarbage(version, now);
    }
    if (plan == null && now.idle) {
      plan = pickSpace(version, now);
    }
    return plan;
  }

  /** The next step towards everything being in its last level; null at the end. */
  public @Nullable CompactionPlan pickManual(Version version, Situation now) {
    CompactionPlan plan = pickDrop(version, now);
    if (plan != null) {
      return plan;
    }
    int base = targets(version).baseLevel();
    plan = planLevel0(version, now, base, CompactionPlan.Reason.MANUAL);
    if (plan != null) {
      return plan;
    }
    int deepest = version.deepestLevel();
    for (int level = 1; level < deepest; level++) {
      for (TableFile file : version.level(level).files()) {
        plan = planFile(version, now, level, file, CompactionPlan.Reason.MANUAL);
        if (plan != null) {
          return plan;
        }
      }
    }
    for (TableFile file : version.level(Math.max(1, deepest)).files()) {
      if (hasReclaimable(file.meta(), now.points)) {
        plan = rewrite(version, now, deepest, file, CompactionPlan.Reason.MANUAL);
        if (plan != null) {
          return plan;
        }
      }
    }
    return null;
  }

  /** How far the store is from its shape, in bytes that wait to be merged; for back-pressure. */
  public long debtBytes(Version version) {
    LevelTargets targets = targets(version);
    long debt = version.level0Runs() > aims.level0Runs ? version.levelBytes(0) : 0;
    for (int level = targets.baseLevel(); level < Version.LEVELS - 1; level++) {
      long excess = version.levelBytes(level) - targets.targetBytes(level);
      if (excess > 0) {
        debt += excess;
      }
    }
    return debt;
  }

  private LevelTargets targets(Version version) {
    return new LevelTargets(version, aims.baseLevelBytes, aims.levelMultiplier);
  }

  private @Nullable CompactionPlan pickByScore(Version version, Situation now) {
    LevelTargets targets = targets(version);
    double[] scores = new double[Version.LEVELS];
    scores[0] = level0Score(version, targets);
    for (int level = 1; level < Version.LEVELS - 1; level++) {
      long bytes = version.levelBytes(level);
      scores[level] =
          level < targets.baseLevel()
              ? (bytes > 0 ? 2 : 0)
              : (double) bytes / targets.targetBytes(level);
    }
    for (int tried = 0; tried < Version.LEVELS; tried++) {
      int best = 0;
      for (int level = 1; level < Version.LEVELS - 1; level++) {
        best = scores[level] > scores[best] ? level : best;
      }
      if (scores[best] < 1) {
        return null;
      }
      CompactionPlan plan =
          best == 0
              ? planLevel0(version, now, targets.baseLevel(), CompactionPlan.Reason.LEVEL0_RUNS)
              : planCheapest(version, now, best, CompactionPlan.Reason.LEVEL_SIZE);
      if (plan != null) {
        return plan;
      }
      scores[best] = 0;
    }
    return null;
  }

  private double level0Score(Version version, LevelTargets targets) {
    double byRuns = (double) version.level0Runs() / aims.level0Runs;
    double byBytes = (double) version.levelBytes(0) / Math.max(aims.baseLevelBytes, 1) / 2;
    return Math.max(byRuns, byBytes);
  }

  /** All runs of level 0 that may go, into {@code base}. */
  private @Nullable CompactionPlan planLevel0(
      Version version, Situation now, int base, CompactionPlan.Reason reason) {
    List<SortedRun> runs = movableRuns(version, now);
    if (runs.isEmpty()) {
      return null;
    }
    CompactionPlan move = planMove(version, runs, base, reason);
    if (move != null) {
      return move;
    }
    List<List<TableFile>> inputs = new ArrayList<>();
    byte[] from = null;
    byte[] to = null;
    for (SortedRun run : runs) {
      inputs.add(run.files());
      for (TableFile file : run.files()) {
        from = lesser(from, file.meta().smallest());
        to = greater(to, file.meta().largest());
      }
    }
    List<TableFile> lower = widened(version.level(base), from, to);
    for (TableFile file : lower) {
      if (now.isBusy(file)) {
        return null;
      }
    }
    return new CompactionPlan(CompactionPlan.Kind.MERGE, reason, 0, inputs, base, lower);
  }

  /** The oldest runs of level 0 that nothing in memory is older than; none if one is taken. */
  private static List<SortedRun> movableRuns(Version version, Situation now) {
    List<SortedRun> runs = new ArrayList<>();
    for (SortedRun run : version.level0()) {
      for (TableFile file : run.files()) {
        if (now.isBusy(file)) {
          return List.of();
        }
      }
      if (run.maxTimestamp() < now.unflushedFrom) {
        runs.add(run);
      }
    }
    return runs;
  }

  /** The oldest runs as they are, as far as they overlap neither each other nor the base level. */
  private @Nullable CompactionPlan planMove(
      Version version, List<SortedRun> runs, int base, CompactionPlan.Reason reason) {
    List<List<TableFile>> moved = new ArrayList<>();
    for (int i = runs.size() - 1; i >= 0; i--) {
      SortedRun run = runs.get(i);
      for (TableFile file : run.files()) {
        if (!isMovable(version, file.meta(), base) || overlapsAny(moved, file.meta())) {
          return moved.isEmpty() ? null : move(moved, 0, base, reason);
        }
      }
      moved.add(0, run.files());
    }
    return move(moved, 0, base, reason);
  }

  private boolean isMovable(Version version, FileMeta meta, int to) {
    return meta.fileBytes() >= MOVE_FRACTION * aims.fileBytes
        && meta.deletes() == 0
        && meta.rangeDeletes() == 0
        && meta.garbage() == 0
        && isOneKeyspace(meta)
        && Version.overlapping(version.level(to), meta).isEmpty();
  }

  private static CompactionPlan move(
      List<List<TableFile>> runs, int from, int to, CompactionPlan.Reason reason) {
    return new CompactionPlan(CompactionPlan.Kind.MOVE, reason, from, runs, to, List.of());
  }

  private static boolean overlapsAny(List<List<TableFile>> runs, FileMeta meta) {
    for (List<TableFile> run : runs) {
      for (TableFile file : run) {
        if (file.meta().overlaps(meta)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The table of a level that takes fewest bytes of the next with it, for its size. */
  private @Nullable CompactionPlan planCheapest(
      Version version, Situation now, int level, CompactionPlan.Reason reason) {
    SortedRun next = version.level(level + 1);
    TableFile best = null;
    double bestCost = Double.MAX_VALUE;
    for (TableFile file : version.level(level).files()) {
      if (now.isBusy(file)) {
        continue;
      }
      long overlap = 0;
      boolean free = true;
      for (TableFile below : Version.overlapping(next, file.meta())) {
        overlap += below.meta().fileBytes();
        free &= !now.isBusy(below);
      }
      double cost = (double) overlap / Math.max(1, file.meta().fileBytes());
      if (free && cost < bestCost) {
        best = file;
        bestCost = cost;
      }
    }
    return best == null ? null : planFile(version, now, level, best, reason);
  }

  /** One table, with those of its level it shares a key with, into the next level. */
  private @Nullable CompactionPlan planFile(
      Version version, Situation now, int level, TableFile file, CompactionPlan.Reason reason) {
    if (now.isBusy(file)) {
      return null;
    }
    int to = level + 1;
    List<TableFile> upper = widened(version.level(level), file.meta());
    FileMeta meta = file.meta();
    boolean bottom =
        !version.hasBelow(to, meta.smallest(), meta.largest(), meta.largestExclusive());
    boolean clean = meta.deletes() == 0 && meta.rangeDeletes() == 0 && meta.garbage() == 0;
    if (upper.size() == 1
        && (clean || !bottom)
        && Version.overlapping(version.level(to), meta).isEmpty()) {
      return move(List.of(upper), level, to, reason);
    }
    byte[] from = null;
    byte[] end = null;
    for (TableFile each : upper) {
      from = lesser(from, each.meta().smallest());
      end = greater(end, each.meta().largest());
    }
    List<TableFile> lower = widened(version.level(to), from, end);
    for (TableFile each : upper) {
      if (now.isBusy(each)) {
        return null;
      }
    }
    for (TableFile each : lower) {
      if (now.isBusy(each)) {
        return null;
      }
    }
    return new CompactionPlan(CompactionPlan.Kind.MERGE, reason, level, List.of(upper), to, lower);
  }

  /** Tables of a run that have a key in common with the bounds, and those that go on from them. */
  private static List<TableFile> widened(SortedRun run, byte[] from, byte[] to) {
    List<TableFile> files = Version.overlapping(run, from, to, false);
    if (files.isEmpty()) {
      return files;
    }
    byte[] least = files.get(0).meta().smallest();
    byte[] most = files.get(files.size() - 1).meta().largest();
    List<TableFile> wider = Version.overlapping(run, lesser(from, least), greater(to, most), false);
    return wider.size() == files.size()
        ? files
        : widened(run, lesser(from, least), greater(to, most));
  }

  private static List<TableFile> widened(SortedRun run, FileMeta meta) {
    return widened(run, meta.smallest(), meta.largest());
  }

  /** Tables of older runs that a range tombstone hides whole from everyone who may still read. */
  private static @Nullable CompactionPlan pickDrop(Version version, Situation now) {
    if (!version.hasRangeDeletes()) {
      return null;
    }
    SortedRun[] runs = version.runs();
    for (int upper = 0; upper < runs.length; upper++) {
      if (!runs[upper].hasRangeDeletes()) {
        continue;
      }
      for (TableFile file : runs[upper].files()) {
        if (file.meta().rangeDeletes() > 0) {
          CompactionPlan plan = planDrop(version, now, upper, file);
          if (plan != null) {
            return plan;
          }
        }
      }
    }
    return null;
  }

  private static @Nullable CompactionPlan planDrop(
      Version version, Situation now, int upper, TableFile file) {
    SortedRun[] runs = version.runs();
    List<TableFile> hidden = new ArrayList<>();
    int[] level = new int[1];
    file.reader()
        .rangeTombstones()
        .forEach(
            (from, to, timestamp) -> {
              for (int i = upper + 1; i < runs.length && hidden.isEmpty(); i++) {
                for (TableFile below : Version.overlapping(runs[i], from, to, true)) {
                  if (isHidden(below.meta(), from, to, timestamp, now.points)
                      && !now.isBusy(below)) {
                    hidden.add(below);
                  }
                }
                level[0] = levelOf(version, i);
              }
            });
    return hidden.isEmpty()
        ? null
        : new CompactionPlan(
            CompactionPlan.Kind.DROP,
            CompactionPlan.Reason.RANGE_DELETED,
            level[0],
            List.of(hidden),
            level[0],
            List.of());
  }

  private static boolean isHidden(
      FileMeta meta, byte[] from, byte[] to, long timestamp, ReadPoints points) {
    return meta.maxTimestamp() < timestamp
        && Arrays.compareUnsigned(from, meta.smallest()) <= 0
        && (meta.endsBefore(to) || meta.largestExclusive() && Arrays.equals(meta.largest(), to))
        && !points.anyWithin(meta.minTimestamp(), timestamp);
  }

  private static int levelOf(Version version, int runIndex) {
    if (runIndex < version.level0Runs()) {
      return 0;
    }
    SortedRun run = version.runs()[runIndex];
    for (int level = 1; level < Version.LEVELS; level++) {
      if (version.level(level) == run) {
        return level;
      }
    }
    throw new IllegalStateException("run=" + runIndex);
  }

  /** A table above the last level that is mostly tombstones, or has range tombstones, goes down. */
  private @Nullable CompactionPlan pickTombstones(Version version, Situation now) {
    int deepest = version.deepestLevel();
    for (SortedRun run : version.level0()) {
      for (TableFile file : run.files()) {
        if (isRichInTombstones(file.meta(), now)) {
          CompactionPlan plan =
              planLevel0(
                  version, now, targets(version).baseLevel(), CompactionPlan.Reason.TOMBSTONES);
          if (plan != null) {
            return plan;
          }
        }
      }
    }
    for (int level = 1; level < deepest; level++) {
      for (TableFile file : version.level(level).files()) {
        if (isRichInTombstones(file.meta(), now)) {
          CompactionPlan plan =
              planFile(version, now, level, file, CompactionPlan.Reason.TOMBSTONES);
          if (plan != null) {
            return plan;
          }
        }
      }
    }
    return null;
  }

  private boolean isRichInTombstones(FileMeta meta, Situation now) {
    boolean old = now.nowMillis - meta.createdMillis() > aims.garbageAgeMillis;
    boolean rich =
        meta.rangeDeletes() > 0
            || meta.deletes() > TOMBSTONE_FRACTION * meta.entries()
            || old && meta.deletes() > 0;
    return rich && meta.maxTimestamp() <= now.points.oldest();
  }

  /** A table with nothing below it whose garbage nobody needs any more is written anew. */
  private @Nullable CompactionPlan pickGarbage(Version version, Situation now) {
    for (int level = 1; level < Version.LEVELS; level++) {
      for (TableFile file : version.level(level).files()) {
        FileMeta meta = file.meta();
        boolean old = now.nowMillis - meta.createdMillis() > aims.garbageAgeMillis;
        boolean much =
            meta.garbage() > GARBAGE_FRACTION * meta.entries() || meta.rangeDeletes() > 0;
        if ((much || old)
            && hasReclaimable(meta, now.points)
            && !version.hasBelow(level, meta.smallest(), meta.largest(), meta.largestExclusive())) {
          CompactionPlan plan = rewrite(version, now, level, file, CompactionPlan.Reason.GARBAGE);
          if (plan != null) {
            return plan;
          }
        }
      }
    }
    return null;
  }

  private static boolean hasReclaimable(FileMeta meta, ReadPoints points) {
    return meta.garbage() > 0 && meta.garbageUntil() <= points.oldest()
        || meta.rangeDeletes() > 0 && meta.maxTimestamp() <= points.oldest()
        || meta.deletes() > 0 && meta.maxTimestamp() <= points.oldest();
  }

  /** A table, with those of its level it shares a key with, at the same level. */
  private static @Nullable CompactionPlan rewrite(
      Version version, Situation now, int level, TableFile file, CompactionPlan.Reason reason) {
    List<TableFile> files = widened(version.level(level), file.meta());
    for (TableFile each : files) {
      if (now.isBusy(each)) {
        return null;
      }
    }
    return new CompactionPlan(
        CompactionPlan.Kind.MERGE, reason, level, List.of(files), level, List.of());
  }

  /** While there is nothing else to do: what is above the last level, if it is more than a little. */
  private @Nullable CompactionPlan pickSpace(Version version, Situation now) {
    int deepest = version.deepestLevel();
    long below = deepest == 0 ? 0 : version.levelBytes(deepest);
    long above = version.bytes() - below;
    if (above <= IDLE_SPACE_FRACTION * below) {
      return null;
    }
    int base = targets(version).baseLevel();
    if (version.level0Runs() > 0
        && (version.level0Runs() > 1 || version.levelBytes(0) > IDLE_SPACE_FRACTION * below)) {
      CompactionPlan plan = planLevel0(version, now, base, CompactionPlan.Reason.SPACE);
      if (plan != null) {
        return plan;
      }
    }
    for (int level = deepest - 1; level > 0; level--) {
      if (version.levelBytes(level) > 0) {
        CompactionPlan plan = planCheapest(version, now, level, CompactionPlan.Reason.SPACE);
        if (plan != null) {
          return plan;
        }
      }
    }
    return null;
  }

  private static boolean isOneKeyspace(FileMeta meta) {
    byte[] smallest = meta.smallest();
    byte[] largest = meta.largest();
    if (smallest.length == 0 || largest.length == 0) {
      return false;
    }
    int bytes = KeyspacePrefix.lengthFrom(smallest[0]);
    return bytes <= smallest.length
        && bytes <= largest.length
        && Arrays.equals(smallest, 0, bytes, largest, 0, bytes);
  }

  private static byte[] lesser(byte @Nullable [] a, byte[] b) {
    return a == null || Arrays.compareUnsigned(b, a) < 0 ? b : a;
  }

  private static byte[] greater(byte @Nullable [] a, byte[] b) {
    return a == null || Arrays.compareUnsigned(b, a) > 0 ? b : a;
  }
}
