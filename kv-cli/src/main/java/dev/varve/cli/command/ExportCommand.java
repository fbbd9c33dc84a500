// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Database;
import dev.varve.Rows;
import dev.varve.Snapshot;
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
import java.nio.file.StandardCopyOption;
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
    return """
        varve export DB TABLE|QUERY [--format csv|json|sql] [-o FILE]
        varve export DB --format sql [-o FILE]      all tables, as statements that make them again""";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "varve export shop.varve users -o users.csv",
        "varve export shop.varve --format sql -o shop.sql",
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
    List<String> words = Arguments.words(line, 1, 2);
    String format = line.getOptionValue("format", "csv");
    if (!format.matches("csv|json|sql")) {
      throw new UsageException("--format is csv, json or sql.");
    }
    if (words.size() == 1 && !format.equals("sql")) {
      throw new UsageException("Name a table or a query, or choose --format sql for all of it.");
    }
    try (Database database = Databases.reading(Arguments.database(line));
        Snapshot snapshot = database.snapshot()) {
      String output = line.getOptionValue("output");
      if (output == null) {
        write(snapshot, words, format, console.out());
        return 0;
      }
      Path part = Path.of(output + ".part");
      long count;
      try (PrintStream out =
          new PrintStream(
              new BufferedOutputStream(Files.newOutputStream(part)),
              false,
              StandardCharsets.UTF_8)) {
        count = write(snapshot, words, format, out);
        if (out.checkError()) {
          throw new IOException("the file could not be written: " + part);
        }
      } catch (IOException | RuntimeException failure) {
        Files.deleteIfExists(part);
        throw failure;
      }
      Files.move(
          part,
          Path.of(output),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
      console.out().println(count + " rows");
      return 0;
    }
  }

  private static long write(Snapshot snapshot, List<String> words, String format, PrintStream out)
      throws IOException {
    if (words.size() == 1) {
      return SqlDump.write(snapshot, out);
    }
    String what = words.get(1);
    boolean query = what.strip().contains(" ");
    TableFormat table =
        switch (format) {
          case "csv" -> new CsvTable();
          case "json" -> new JsonTable();
          default -> new SqlTable(query ? "result" : what);
        };
    try (Rows rows = snapshot.query(query ? what : "SELECT * FROM " + SqlTable.quoted(what))) {
      return table.print(rows, out);
    }
  }
}
