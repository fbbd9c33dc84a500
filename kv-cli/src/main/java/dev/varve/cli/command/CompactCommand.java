// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** {@code varve compact}. */
final class CompactCommand implements Command {
  @Override
  public String name() {
    return "compact";
  }

  @Override
  public String summary() {
    return "move everything into its last level and free what is obsolete";
  }

  @Override
  public String synopsis() {
    return "varve compact DB";
  }

  @Override
  public List<String> examples() {
    return List.of("varve compact shop.varve");
  }

  @Override
  public int run(CommandLine line, Console console) {
    Arguments.words(line, 1, 1);
    try (Database database = Databases.existing(Arguments.database(line))) {
      database.flush();
      database.compact(console.progress("compact"));
      return 0;
    }
  }
}
