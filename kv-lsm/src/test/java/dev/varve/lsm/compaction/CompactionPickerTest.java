// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.version.VersionEdit;
import dev.varve.lsm.version.VersionSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is planned for which version; nothing is read or written. */
final class CompactionPickerTest {
  private static final long MIB = 1 << 20;
  private static final long NOW = 1_000_000_000L;

  private final CompactionPicker picker =
      new CompactionPicker(new CompactionPicker.Aims(4, 64 * MIB, 10, 16 * MIB, 1_000_000));
  private final List<VersionEdit.Placed> tables = new ArrayList<>();
  private long number = 1;

  @Test
  void fewRunsOfLevel0AreLeftAlone() {
    level0("a", "z", 10);
    level0("a", "z", 20);
    assertNull(picker.pick(version(), situation(100)));
  }

  @Test
  void manyOverlappingRunsOfLevel0GoToTheBaseLevelTogether() {
    TableFile lower = place(6, "c", "d", 1, 32 * MIB);
    place(6, "x", "y", 1, MIB);
    for (int i = 0; i < 4; i++) {
      level0("a", "m", 10 + i);
    }
    CompactionPlan plan = picker.pick(version(), situation(100));
    assertNotNull(plan);
    assertEquals(CompactionPlan.Kind.MERGE, plan.kind());
    assertEquals(CompactionPlan.Reason.LEVEL0_RUNS, plan.reason());
    assertEquals(4, plan.runs().size());
    assertEquals(6, plan.outputLevel());
    assertEquals(List.of(lower), plan.lower());
  }

  @Test
  void runsThatOverlapNothingAreMoved() {
    place(6, "k-a", "k-b", 1, 16 * MIB);
    level0("k-c", "k-d", 10);
    level0("k-e", "k-f", 11);
    level0("k-g", "k-h", 12);
    level0("k-i", "k-j", 13);
    CompactionPlan plan = picker.pick(version(), situation(100));
    assertNotNull(plan);
    assertEquals(CompactionPlan.Kind.MOVE, plan.kind());
    assertEquals(4, plan.inputs().size());
  }

  @Test
  void runsNewerThanMemoryStay() {
    for (int i = 0; i < 6; i++) {
      level0("a", "m", 10 * (i + 1));
    }
    CompactionPlan plan =
        picker.pick(
            version(), new CompactionPicker.Situation(points(100), 35, Set.of(), false, NOW));
    assertNotNull(plan);
    assertEquals(3, plan.runs().size());
    assertTrue(plan.inputs().stream().allMatch(each -> each.meta().maxTimestamp() < 35));
  }

  @Test
  void nothingIsTakenTwice() {
    for (int i = 0; i < 5; i++) {
      level0("a", "m", 10 + i);
    }
    Set<Long> busy = Set.of(tables.get(0).file().meta().number());
    assertNull(
        picker.pick(
            version(),
            new CompactionPicker.Situation(points(100), Long.MAX_VALUE, busy, false, NOW)));
  }

  @Test
  void theTableThatCostsLeastLeavesAFullLevel() {
    place(6, "a", "k", 1, 900 * MIB);
    place(6, "l", "z", 1, 100 * MIB);
    place(5, "b", "c", 2, 100 * MIB);
    TableFile cheap = place(5, "m", "n", 2, 100 * MIB);
    CompactionPlan plan = picker.pick(version(), situation(100));
    assertNotNull(plan);
    assertEquals(CompactionPlan.Reason.LEVEL_SIZE, plan.reason());
    assertEquals(List.of(List.of(cheap)), plan.runs());
    assertEquals(6, plan.outputLevel());
  }

  @Test
  void tombstonesGoDownOnceNobodyNeedsWhatTheyHide() {
    place(6, "a", "z", 1, 90 * MIB);
    TableFile rich = place(5, "b", "c", 50, 4 * MIB, 80, 0, 0);
    assertNull(picker.pick(version(), situation(40)));
    CompactionPlan plan = picker.pick(version(), situation(100));
    assertNotNull(plan);
    assertEquals(CompactionPlan.Reason.TOMBSTONES, plan.reason());
    assertEquals(List.of(List.of(rich)), plan.runs());
  }

  @Test
  void garbageIsRewrittenWhenItsReadersAreGone() {
    TableFile full = place(6, "a", "z", 50, 40 * MIB, 0, 30, 45);
    assertNull(picker.pick(version(), situation(40)));
    CompactionPlan plan = picker.pick(version(), situation(45));
    assertNotNull(plan);
    assertEquals(CompactionPlan.Reason.GARBAGE, plan.reason());
    assertEquals(6, plan.outputLevel());
    assertEquals(List.of(full), plan.inputs());
  }

  @Test
  void littleGarbageWaitsForItsAge() {
    place(6, "a", "z", 50, 40 * MIB, 0, 1, 45);
    assertNull(picker.pick(version(), situation(45)));
    CompactionPlan plan =
        picker.pick(
            version(),
            new CompactionPicker.Situation(
                points(45), Long.MAX_VALUE, Set.of(), false, NOW + 2_000_000));
    assertNotNull(plan);
  }

  @Test
  void anIdleStoreGivesSpaceBack() {
    place(6, "a", "z", 1, 40 * MIB);
    level0("a", "z", 10);
    level0("a", "z", 11);
    assertNull(picker.pick(version(), situation(100)));
    CompactionPlan plan =
        picker.pick(
            version(),
            new CompactionPicker.Situation(points(100), Long.MAX_VALUE, Set.of(), true, NOW));
    assertNotNull(plan);
    assertEquals(CompactionPlan.Reason.SPACE, plan.reason());
  }

  @Test
  void aManualCompactionEndsWithEverythingInOneLevel() {
    place(4, "a", "m", 3, 10 * MIB);
    place(5, "a", "m", 2, 10 * MIB);
    place(6, "a", "z", 1, 40 * MIB);
    level0("a", "z", 10);
    Version version = version();
    int steps = 0;
    while (true) {
      CompactionPlan plan = picker.pickManual(version, situation(100));
      if (plan == null) {
        break;
      }
      version = carriedOut(version, plan);
      assertTrue(++steps < 20);
    }
    assertEquals(version.fileCount(), version.level(6).size());
    assertEquals(0, version.level0Runs());
  }

  private Version carriedOut(Version version, CompactionPlan plan) {
    Set<Long> gone = new java.util.HashSet<>();
    plan.inputs().forEach(each -> gone.add(each.meta().number()));
    List<VersionEdit.Placed> after = new ArrayList<>();
    for (VersionEdit.Placed each : tables) {
      if (!gone.contains(each.file().meta().number())) {
        after.add(each);
      }
    }
    tables.clear();
    tables.addAll(after);
    long bytes = plan.inputBytes();
    String from = null;
    String to = null;
    for (TableFile each : plan.inputs()) {
      String low = new String(each.meta().smallest(), StandardCharsets.US_ASCII);
      String high = new String(each.meta().largest(), StandardCharsets.US_ASCII);
      from = from == null || low.compareTo(from) < 0 ? low : from;
      to = to == null || high.compareTo(to) > 0 ? high : to;
    }
    place(plan.outputLevel(), from, to, 1, bytes);
    return version();
  }

  private Version version() {
    return VersionSet.version(tables);
  }

  private static CompactionPicker.Situation situation(long floor) {
    return new CompactionPicker.Situation(points(floor), Long.MAX_VALUE, Set.of(), false, NOW);
  }

  private static ReadPoints points(long floor) {
    return new ReadPoints(floor, new long[0]);
  }

  private void level0(String from, String to, long timestamp) {
    TableFile file = file(from, to, timestamp, 4 * MIB, 0, 0, 0);
    tables.add(new VersionEdit.Placed(0, number, file));
  }

  private TableFile place(int level, String from, String to, long timestamp, long bytes) {
    return place(level, from, to, timestamp, bytes, 0, 0, 0);
  }

  private TableFile place(
      int level,
      String from,
      String to,
      long timestamp,
      long bytes,
      long deletes,
      long garbage,
      long garbageUntil) {
    TableFile file = file(from, to, timestamp, bytes, deletes, garbage, garbageUntil);
    tables.add(new VersionEdit.Placed(level, 0, file));
    return file;
  }

  private TableFile file(
      String from,
      String to,
      long timestamp,
      long bytes,
      long deletes,
      long garbage,
      long garbageUntil) {
    FileMeta meta =
        new FileMeta(
            number++,
            bytes,
            2 * bytes,
            100,
            deletes,
            0,
            garbage,
            garbageUntil,
            from.getBytes(StandardCharsets.US_ASCII),
            to.getBytes(StandardCharsets.US_ASCII),
            false,
            timestamp,
            timestamp,
            0,
            NOW);
    return new TableFile(meta, null);
  }
}
