// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Backup;
import dev.varve.BackupInfo;
import dev.varve.ErrorCode;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve restore}. */
final class RestoreCommand implements Command {
  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String summary() {
    return "make a database from a backup";
  }

  @Override
  public String synopsis() {
    return "varve restore DIR DB [--id N] [--force]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "varve restore backups restored.varve", "varve restore backups old.varve --id 3");
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(null, "id", true, "the backup's number (default: the newest)")
        .addOption(null, "force", false, "replace the database that is there");
  }

  @Override
  public int run(CommandLine line, Console console) throws IOException {
    List<String> words = Arguments.words(line, 2, 2);
    Path directory = Path.of(words.get(0));
    Path target = Path.of(words.get(1));
    long id = Arguments.number(line, "id", 0, 1);
    Path aside = null;
    if (Files.exists(target)) {
      if (!line.hasOption("force")) {
        throw ErrorCode.ALREADY_EXISTS
            .error("There is something already where the backup was to be restored.")
            .fact("path", target)
            .hint("Name another path, or give --force to replace it.")
            .build();
      }
      try (var check = Databases.existing(target)) {
        check.sync();
      }
      aside = target.resolveSibling(target.getFileName() + ".replaced");
      Files.move(target, aside);
    }
    BackupInfo info;
    try {
      info = Backup.restore(directory, id, target, console.progress("restore"));
    } catch (RuntimeException failure) {
      if (aside != null) {
        Files.move(aside, target);
      }
      throw failure;
    }
    if (aside != null) {
      deleteTree(aside);
    }
    console.out().println("restored backup " + info.id() + " of " + info.created());
    return 0;
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
