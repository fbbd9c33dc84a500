// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Backup;
import dev.varve.BackupInfo;
import dev.varve.ErrorCode;
import dev.varve.VarveException;
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
    boolean replaces = Files.exists(target);
    if (replaces && !line.hasOption("force")) {
      throw ErrorCode.ALREADY_EXISTS
          .error("There is something already where the backup was to be restored.")
          .fact("path", target)
          .hint("Name another path, or give --force to replace it.")
          .build();
    }
    BackupInfo info =
        replaces
            ? replace(directory, id, target, console)
            : Backup.restore(directory, id, target, console.progress("restore"));
    console.out().println("restored backup " + info.id() + " of " + info.created());
    return 0;
  }

  /** The old database stays in place until the new one is whole beside it. */
  private static BackupInfo replace(Path directory, long id, Path target, Console console)
      throws IOException {
    requireUnusedDatabase(target);
    Path absolute = target.toAbsolutePath();
    Path fresh = absolute.resolveSibling(absolute.getFileName() + ".restored");
    Path old = absolute.resolveSibling(absolute.getFileName() + ".replaced");
    for (Path leftover : List.of(fresh, old)) {
      if (Files.exists(leftover)) {
        throw ErrorCode.ALREADY_EXISTS
            .error("An earlier restore was interrupted and left a directory behind.")
            .fact("path", leftover)
            .hint("Look at it, and remove it.")
            .build();
      }
    }
    BackupInfo info = Backup.restore(directory, id, fresh, console.progress("restore"));
    Files.move(target, old);
    Files.move(fresh, target);
    deleteTree(old);
    return info;
  }

  /** A damaged database may be replaced; one in use, or a directory of something else, may not. */
  private static void requireUnusedDatabase(Path target) {
    try {
      Databases.existing(target).close();
    } catch (VarveException failure) {
      if (failure.code() != ErrorCode.CORRUPTION) {
        throw failure;
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
