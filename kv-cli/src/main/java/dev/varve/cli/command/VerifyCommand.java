// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** {@code varve verify}. */
final class VerifyCommand implements Command {
  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String summary() {
    return "check every structure and checksum of a database";
  }

  @Override
  public String synopsis() {
    return "varve verify DB";
  }

  @Override
  public List<String> examples() {
    return List.of("varve verify shop.varve");
  }

  @Override
  public int run(CommandLine line, Console console) {
    Arguments.words(line, 1, 1);
    try (Database database = Databases.reading(Arguments.database(line))) {
      List<String> faults = database.verify(console.progress("verify"));
      faults.forEach(console.out()::println);
      console.out().println(faults.isEmpty() ? "all is well" : faults.size() + " fault(s)");
      return faults.isEmpty() ? 0 : 1;
    }
  }
}
