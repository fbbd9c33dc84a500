// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Cursor;
import dev.varve.Database;
import dev.varve.KeyRange;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.cli.UsageException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve scan}. */
final class ScanCommand implements Command {
  @Override
  public String name() {
    return "scan";
  }

  @Override
  public String summary() {
    return "print keys and values in order";
  }

  @Override
  public String synopsis() {
    return "varve scan DB [--prefix P | --from A --to B] [--limit N] [--reverse] [--keys-only] [--hex]"
        + " [--keyspace K]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "varve scan shop.varve --prefix user:", "varve scan shop.varve --reverse --limit 10");
  }

  @Override
  public Options options() {
    return Databases.keyOptions()
        .addOption("p", "prefix", true, "only keys that start so")
        .addOption(null, "from", true, "from this key on")
        .addOption(null, "to", true, "up to this key, exclusive")
        .addOption("n", "limit", true, "no more entries than this")
        .addOption("r", "reverse", false, "from the last to the first")
        .addOption(null, "keys-only", false, "without the values");
  }

  @Override
  public int run(CommandLine line, Console console) {
    Arguments.words(line, 1, 1);
    long limit = Arguments.number(line, "limit", Long.MAX_VALUE, 0);
    KeyRange range = range(line);
    try (Database database = Databases.reading(Arguments.database(line));
        Cursor cursor = Databases.keyspace(database, line).scan(range)) {
      for (long i = 0; i < limit && cursor.next() && !console.out().checkError(); i++) {
        String key = Arguments.shown(line, cursor.key());
        console
            .out()
            .println(
                line.hasOption("keys-only")
                    ? key
                    : key + "\t" + Arguments.shown(line, cursor.value()));
      }
      return 0;
    }
  }

  private static KeyRange range(CommandLine line) {
    boolean bounded = line.hasOption("from") || line.hasOption("to");
    if (line.hasOption("prefix") && bounded) {
      throw new UsageException("--prefix does not go with --from and --to.");
    }
    KeyRange range = KeyRange.all();
    if (line.hasOption("prefix")) {
      range = KeyRange.prefix(Arguments.bytes(line, line.getOptionValue("prefix")));
    } else if (line.hasOption("from") && line.hasOption("to")) {
      range =
          KeyRange.between(
              Arguments.bytes(line, line.getOptionValue("from")),
              Arguments.bytes(line, line.getOptionValue("to")));
    } else if (line.hasOption("from")) {
      range = KeyRange.atLeast(Arguments.bytes(line, line.getOptionValue("from")));
    } else if (line.hasOption("to")) {
      range = KeyRange.lessThan(Arguments.bytes(line, line.getOptionValue("to")));
    }
    return line.hasOption("reverse") ? range.reversed() : range;
  }
}
