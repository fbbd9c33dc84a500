// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.inspect;

import dev.varve.lsm.inspect.MemTableInfo;
import dev.varve.lsm.inspect.TableInfo;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Draws the tree with characters: a bar for each level, as long as its share of the bytes. */
public final class LevelDrawing {
  private static final int LEVELS = 7;
  private static final int WIDTH = 40;

  private LevelDrawing() {}

  /** Prints the drawing. */
  public static void print(List<TableInfo> tables, List<MemTableInfo> memTables, PrintStream out) {
    out.printf(
        "%-9s %6s %12s %12s %9s %9s  %s%n",
        "", "files", "MB", "versions", "garbage", "oldest", "share of bytes");
    for (MemTableInfo each : memTables) {
      out.printf(
          Locale.ROOT,
          "%-9s %6s %,12.1f %,12d %9s %9s  %s%n",
          "memtable",
          "",
          each.usedBytes() / 1e6,
          each.entries(),
          "",
          "",
          "~".repeat((int) (WIDTH * each.usedBytes() / Math.max(1, each.capacityBytes()))));
    }
    long total = Math.max(1, tables.stream().mapToLong(TableInfo::fileBytes).sum());
    for (int level = 0; level < LEVELS; level++) {
      int wanted = level;
      List<TableInfo> here = tables.stream().filter(table -> table.level() == wanted).toList();
      if (!here.isEmpty()) {
        level(level, here, total, out);
      }
    }
    long live = tables.stream().mapToLong(table -> table.entries() - table.garbage()).sum();
    long entries = tables.stream().mapToLong(TableInfo::entries).sum();
    int runs =
        (int) tables.stream().filter(t -> t.level() == 0).map(TableInfo::run).distinct().count();
    long deeper =
        tables.stream().filter(t -> t.level() > 0).map(TableInfo::level).distinct().count();
    out.printf(
        Locale.ROOT,
        "%nA read looks into %d memtable(s) and at most %d table(s); %.1f %% of the versions are"
            + " garbage.%n",
        memTables.size(),
        runs + deeper,
        entries == 0 ? 0.0 : 100.0 * (entries - live) / entries);
  }

  private static void level(int level, List<TableInfo> tables, long total, PrintStream out) {
    long bytes = tables.stream().mapToLong(TableInfo::fileBytes).sum();
    long oldest = tables.stream().mapToLong(TableInfo::createdMillis).min().orElse(0);
    out.printf(
        Locale.ROOT,
        "%-9s %6d %,12.1f %,12d %,9d %9s  %s%n",
        "level " + level,
        tables.size(),
        bytes / 1e6,
        tables.stream().mapToLong(TableInfo::entries).sum(),
        tables.stream().mapToLong(TableInfo::garbage).sum(),
        age(oldest),
        "#".repeat((int) Math.max(1, WIDTH * bytes / total)));
  }

  private static String age(long createdMillis) {
    Duration age = Duration.between(Instant.ofEpochMilli(createdMillis), Instant.now());
    if (age.toDays() > 0) {
      return age.toDays() + " d";
    }
    return age.toHours() > 0 ? age.toHours() + " h" : age.toMinutes() + " min";
  }
}
