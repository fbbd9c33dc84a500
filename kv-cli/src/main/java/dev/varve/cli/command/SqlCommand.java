// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.cli.UsageException;
import dev.varve.cli.shell.InteractiveShell;
import dev.varve.cli.shell.Script;
import dev.varve.cli.shell.ShellState;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve sql}. */
final class SqlCommand implements Command {
  @Override
  public String name() {
    return "sql";
  }

  @Override
  public String summary() {
    return "run SQL, or open a shell";
  }

  @Override
  public String synopsis() {
    return "varve sql DB [-c SQL | -f FILE] [--format table|csv|json] [--read-only]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "varve sql shop.varve",
        "varve sql shop.varve -c 'SELECT count(*) FROM users'",
        "varve sql shop.varve -f schema.sql",
        "echo 'SELECT 1' | varve sql shop.varve --format csv");
  }

  @Override
  public Options options() {
    return new Options()
        .addOption("c", "command", true, "run these statements and leave")
        .addOption("f", "file", true, "run the statements in this file and leave")
        .addOption(null, "format", true, "how results are shown: table (default), csv, json")
        .addOption(null, "read-only", false, "read beside another process that has it open");
  }

  @Override
  public int run(CommandLine line, Console console) throws IOException {
    Arguments.words(line, 1, 1);
    if (line.hasOption("command") && line.hasOption("file")) {
      throw new UsageException("-c does not go with -f.");
    }
    String format = line.getOptionValue("format", "table");
    ShellState.requireFormat(format);
    if (line.hasOption("file")) {
      Arguments.requireReadable(Path.of(line.getOptionValue("file")));
    }
    Path path = Arguments.database(line);
    try (Database database =
            line.hasOption("read-only") ? Databases.reading(path) : Databases.writing(path);
        ShellState state = new ShellState(database, console)) {
      state.format(format);
      if (line.hasOption("command")) {
        return Script.run(new StringReader(line.getOptionValue("command")), state);
      }
      if (line.hasOption("file")) {
        try (Reader reader =
            Files.newBufferedReader(Path.of(line.getOptionValue("file")), StandardCharsets.UTF_8)) {
          return Script.run(reader, state);
        }
      }
      if (!console.isTerminal()) {
        return Script.run(new InputStreamReader(console.in(), StandardCharsets.UTF_8), state);
      }
      return InteractiveShell.run(state, path);
    }
  }
}
