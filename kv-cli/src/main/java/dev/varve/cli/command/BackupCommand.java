// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Backup;
import dev.varve.BackupInfo;
import dev.varve.Database;
import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve backup}. */
final class BackupCommand implements Command {
  private static final long BYTES_PER_MEGABYTE = 1_000_000;

  @Override
  public String name() {
    return "backup";
  }

  @Override
  public String summary() {
    return "back a database up, list backups, verify them";
  }

  @Override
  public String synopsis() {
    return """
        varve backup DB DIR [--limit MB]   copy what is not in DIR yet
        varve backup list DIR              list the backups in DIR
        varve backup verify DIR            read every byte of them""";
  }

  @Override
  public List<String> examples() {
    return List.of("varve backup shop.varve backups", "varve backup verify backups");
  }

  @Override
  public Options options() {
    return new Options().addOption("l", "limit", true, "copy no faster than this many MB a second");
  }

  @Override
  public int run(CommandLine line, Console console) {
    List<String> words = Arguments.words(line, 2, 2);
    Path directory = Path.of(words.get(1));
    switch (words.get(0)) {
      case "list" -> {
        List<BackupInfo> backups = Backup.list(directory);
        console
            .out()
            .printf("%6s  %-24s %8s %14s %14s%n", "id", "created", "files", "bytes", "copied");
        backups.forEach(info -> print(info, console));
      }
      case "verify" -> {
        Backup.verify(directory, console.progress("verify"));
        console.out().println("all is well");
      }
      default -> {
        long limit = Arguments.number(line, "limit", 0, 1) * BYTES_PER_MEGABYTE;
        try (Database database = open(Path.of(words.get(0)))) {
          print(database.backup(directory, limit, console.progress("backup")), console);
        }
      }
    }
    return 0;
  }

  /** A backup flushes, so it belongs to the process that writes. */
  private static Database open(Path path) {
    try {
      return Databases.existing(path);
    } catch (VarveException failure) {
      if (failure.code() != ErrorCode.DATABASE_LOCKED) {
        throw failure;
      }
      throw ErrorCode.DATABASE_LOCKED
          .error("Another process has the database open, and only that one can back it up.")
          .fact("path", path)
          .hint("Call Database.backup(directory) there: it runs beside reads and writes.")
          .cause(failure)
          .build();
    }
  }

  private static void print(BackupInfo info, Console console) {
    console
        .out()
        .printf(
            Locale.ROOT,
            "%6d  %-24s %8d %,14d %,14d%n",
            info.id(),
            info.created(),
            info.files(),
            info.totalBytes(),
            info.copiedBytes());
  }
}
