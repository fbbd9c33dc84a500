// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;

/** {@code varve stats}. */
final class StatsCommand implements Command {
  @Override
  public String name() {
    return "stats";
  }

  @Override
  public String summary() {
    return "print figures about a database";
  }

  @Override
  public String synopsis() {
    return "varve stats DB";
  }

  @Override
  public List<String> examples() {
    return List.of("varve stats shop.varve");
  }

  @Override
  public int run(CommandLine line, Console console) {
    Arguments.words(line, 1, 1);
    try (Database database = Databases.reading(Arguments.database(line))) {
      database
          .statistics()
          .forEach(
              (name, value) -> console.out().printf(Locale.ROOT, "%-36s %,20d%n", name, value));
      return 0;
    }
  }
}
