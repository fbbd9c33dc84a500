// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve put}. */
final class PutCommand implements Command {
  @Override
  public String name() {
    return "put";
  }

  @Override
  public String summary() {
    return "set the value of a key";
  }

  @Override
  public String synopsis() {
    return "varve put DB KEY VALUE [--hex] [--keyspace K]";
  }

  @Override
  public List<String> examples() {
    return List.of("varve put shop.varve greeting hello");
  }

  @Override
  public Options options() {
    return Databases.keyOptions();
  }

  @Override
  public int run(CommandLine line, Console console) {
    List<String> words = Arguments.words(line, 3, 3);
    byte[] key = Arguments.bytes(line, words.get(1));
    byte[] value = Arguments.bytes(line, words.get(2));
    try (Database database = Databases.writing(Arguments.database(line))) {
      Databases.keyspace(database, line).put(key, value);
      return 0;
    }
  }
}
