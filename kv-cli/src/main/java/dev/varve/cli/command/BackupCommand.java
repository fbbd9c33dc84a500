// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Backup;
import dev.varve.BackupInfo;
import dev.varve.Database;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.cli.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;

/** {@code varve backup}. */
final class BackupCommand implements Command {
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
        varve backup DB DIR         copy what is not in DIR yet
        varve backup list DIR       list the backups in DIR
        varve backup verify DIR     read every byte of them""";
  }

  @Override
  public List<String> examples() {
    return List.of("varve backup shop.varve backups", "varve backup verify backups");
  }

  @Override
  public int run(CommandLine line, Console console) {
    List<String> words = Arguments.words(line, 2, 2);
    Path directory = Path.of(words.get(1));
    switch (words.get(0)) {
      case "list" -> {
        console
            .out()
            .printf("%6s  %-24s %8s %14s %14s%n", "id", "created", "files", "bytes", "copied");
        Backup.list(directory).forEach(info -> print(info, console));
      }
      case "verify" -> {
        Backup.verify(directory, console.progress("verify"));
        console.out().println("all is well");
      }
      default -> {
        if (!java.nio.file.Files.exists(Path.of(words.get(0)))) {
          throw new UsageException("There is no database '" + words.get(0) + "'.");
        }
        try (Database database = Databases.existing(Path.of(words.get(0)))) {
          print(database.backup(directory, console.progress("backup")), console);
        }
      }
    }
    return 0;
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
