// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.ErrorCode;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import dev.varve.lsm.SalvageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;

/** {@code varve salvage}. */
final class SalvageCommand implements Command {
  private static final Pattern FILES = Pattern.compile("MANIFEST|IDENTITY|.*\\.(sst|log|arena)");

  @Override
  public String name() {
    return "salvage";
  }

  @Override
  public String summary() {
    return "make a new database of what can still be read in a damaged one";
  }

  @Override
  public String synopsis() {
    return "varve salvage DB OUT";
  }

  @Override
  public List<String> examples() {
    return List.of("varve salvage damaged.varve salvaged.varve");
  }

  @Override
  public int run(CommandLine line, Console console) throws IOException {
    List<String> words = Arguments.words(line, 2, 2);
    Path damaged = Path.of(words.get(0)).toAbsolutePath();
    Path target = Path.of(words.get(1)).toAbsolutePath();
    if (!Files.isDirectory(damaged)) {
      throw ErrorCode.DATABASE_NOT_FOUND
          .error("There is no database to salvage.")
          .fact("path", damaged)
          .build();
    }
    requireDatabaseFiles(damaged);
    if (Files.exists(target)) {
      throw ErrorCode.ALREADY_EXISTS
          .error("There is something already where the salvaged data was to go.")
          .fact("path", target)
          .build();
    }
    SalvageReport report =
        LsmStore.salvage(new LocalFileSystem(), damaged, target, LsmOptions.defaults());
    console
        .out()
        .printf(
            Locale.ROOT,
            "manifest %s, %,d tables (%,d unreadable), %,d versions, %,d commits from the log,"
                + " %,d bytes left out%n%,d entries salvaged%n",
            report.manifestRead() ? "read" : "lost",
            report.tables(),
            report.unreadableTables(),
            report.versions(),
            report.logCommits(),
            report.damagedBytes(),
            report.entries());
    return report.damagedBytes() == 0 && report.unreadableTables() == 0 ? 0 : 1;
  }

  private static void requireDatabaseFiles(Path damaged) throws IOException {
    try (Stream<Path> files = Files.list(damaged)) {
      if (files.noneMatch(file -> FILES.matcher(file.getFileName().toString()).matches())) {
        throw ErrorCode.DATABASE_NOT_FOUND
            .error("The directory holds no file of a database.")
            .fact("path", damaged)
            .build();
      }
    }
  }
}
