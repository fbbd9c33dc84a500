// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve get}. */
final class GetCommand implements Command {
  @Override
  public String name() {
    return "get";
  }

  @Override
  public String summary() {
    return "print the value of a key";
  }

  @Override
  public String synopsis() {
    return "varve get DB KEY [--hex] [--keyspace K]";
  }

  @Override
  public List<String> examples() {
    return List.of("varve get shop.varve greeting", "varve get shop.varve 0x00ff --hex");
  }

  @Override
  public Options options() {
    return Databases.keyOptions();
  }

  @Override
  public int run(CommandLine line, Console console) {
    String key = Arguments.words(line, 2, 2).get(1);
    try (Database database = Databases.reading(Arguments.database(line))) {
      byte[] value = Databases.keyspace(database, line).get(Arguments.bytes(line, key));
      if (value == null) {
        console.err().println("varve: the key has no value");
        return 1;
      }
      console.out().println(Arguments.shown(line, value));
      return 0;
    }
  }
}
