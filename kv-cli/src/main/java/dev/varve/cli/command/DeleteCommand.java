// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve delete}. */
final class DeleteCommand implements Command {
  @Override
  public String name() {
    return "delete";
  }

  @Override
  public String summary() {
    return "remove a key";
  }

  @Override
  public String synopsis() {
    return "varve delete DB KEY [--hex] [--keyspace K]";
  }

  @Override
  public List<String> examples() {
    return List.of("varve delete shop.varve greeting");
  }

  @Override
  public Options options() {
    return Databases.keyOptions();
  }

  @Override
  public int run(CommandLine line, Console console) {
    byte[] key = Arguments.bytes(line, Arguments.words(line, 2, 2).get(1));
    try (Database database = Databases.existing(Arguments.database(line))) {
      Databases.keyspace(database, line).delete(key);
      return 0;
    }
  }
}
