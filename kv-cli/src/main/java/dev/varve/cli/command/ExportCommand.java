// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.Rows;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.cli.UsageException;
import dev.varve.cli.table.CsvTable;
import dev.varve.cli.table.JsonTable;
import dev.varve.cli.table.SqlTable;
import dev.varve.cli.table.TableFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve export}. */
final class ExportCommand implements Command {
  @Override
  public String name() {
    return "export";
  }

  @Override
  public String summary() {
    return "write a table or the result of a query to a file";
  }

  @Override
  public String synopsis() {
    return "varve export DB TABLE|QUERY [--format csv|json|sql] [-o FILE]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "varve export shop.varve users -o users.csv",
        "varve export shop.varve 'SELECT city, count(*) FROM users GROUP BY city' --format json");
  }

  @Override
  public Options options() {
    return new Options()
        .addOption("f", "format", true, "csv (default), json (one object a line) or sql (INSERTs)")
        .addOption("o", "output", true, "the file to write (default: standard output)");
  }

  @Override
  public int run(CommandLine line, Console console) throws IOException {
    String what = Arguments.words(line, 2, 2).get(1);
    boolean query = what.strip().contains(" ");
    TableFormat format =
        switch (line.getOptionValue("format", "csv")) {
          case "csv" -> new CsvTable();
          case "json" -> new JsonTable();
          case "sql" -> new SqlTable(query ? "result" : what);
          default -> throw new UsageException("--format is csv, json or sql.");
        };
    String sql = query ? what : "SELECT * FROM " + SqlTable.quoted(what);
    try (Database database = Databases.reading(Arguments.database(line));
        Rows rows = database.query(sql)) {
      String output = line.getOptionValue("output");
      if (output == null) {
        format.print(rows, console.out());
        return 0;
      }
      Path part = Path.of(output + ".part");
      long count;
      try (PrintStream out =
          new PrintStream(
              new BufferedOutputStream(Files.newOutputStream(part)),
              false,
              StandardCharsets.UTF_8)) {
        count = format.print(rows, out);
        if (out.checkError()) {
          throw new IOException("the file could not be written: " + part);
        }
      }
      Files.move(
          part,
          Path.of(output),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      console.out().println(count + " rows");
      return 0;
    }
  }
}
