// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.cli.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All verbs, in the order of the help. */
public final class Verbs {
  private static final List<Command> ALL =
      List.of(
          new DemoCommand(),
          new SqlCommand(),
          new GetCommand(),
          new PutCommand(),
          new DeleteCommand(),
          new ScanCommand(),
          new InspectCommand(),
          new StatsCommand(),
          new VerifyCommand(),
          new CompactCommand(),
          new SalvageCommand(),
          new BackupCommand(),
          new RestoreCommand(),
          new ImportCommand(),
          new ExportCommand(),
          new CompletionCommand());

  private Verbs() {}

  /** All of them. */
  public static List<Command> all() {
    return ALL;
  }

  /** Their names. */
  public static List<String> names() {
    return ALL.stream().map(Command::name).toList();
  }

  /** The verb {@code name}, or null. */
  public static @Nullable Command find(String name) {
    return ALL.stream().filter(command -> command.name().equals(name)).findFirst().orElse(null);
  }
}
