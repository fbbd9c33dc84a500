// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.KeyValues;
import dev.varve.Options;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;

/** Opens the database a verb works on. */
final class Databases {
  private Databases() {}

  /** For reading: beside another process that has it open, or alone. Never creates one. */
  static Database reading(Path path) {
    return Database.open(path, Options.defaults().createIfMissing(false).readOnly(true));
  }

  /** For writing; created if absent. */
  static Database writing(Path path) {
    return Database.open(path);
  }

  /** For writing; must be there. */
  static Database existing(Path path) {
    return Database.open(path, Options.defaults().createIfMissing(false));
  }

  /** The keyspace that {@code --keyspace} names, or the unnamed one. */
  static KeyValues keyspace(Database database, CommandLine line) {
    String name = line.getOptionValue("keyspace");
    return name == null ? database : database.keyspace(name);
  }

  /** The options of verbs that work on keys. */
  static org.apache.commons.cli.Options keyOptions() {
    return new org.apache.commons.cli.Options()
        .addOption(null, "hex", false, "keys and values in hexadecimal")
        .addOption("k", "keyspace", true, "the named map to work on");
  }
}
