// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.shell;

import dev.varve.Database;
import dev.varve.ErrorCode;
import dev.varve.Result;
import dev.varve.Rows;
import dev.varve.Session;
import dev.varve.cli.Console;
import dev.varve.cli.UsageException;
import dev.varve.cli.table.CsvTable;
import dev.varve.cli.table.ExpandedTable;
import dev.varve.cli.table.FittedTable;
import dev.varve.cli.table.JsonTable;
import dev.varve.cli.table.TableFormat;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A shell's session, settings and output. One thread. */
public final class ShellState implements AutoCloseable {
  private static final int PIPE_WIDTH = Integer.MAX_VALUE / 4;
  private static final String TABLES =
      "SELECT table_schema AS schema, table_name AS name, table_type AS type"
          + " FROM information_schema.tables"
          + " WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1, 2";
  private static final String COLUMNS =
      "SELECT column_name AS column, data_type AS type, is_nullable AS nullable,"
          + " column_default AS default FROM information_schema.columns"
          + " WHERE table_name = ? ORDER BY ordinal_position";
  private static final String INDEXES =
      "SELECT table_schema AS schema, table_name AS table, index_name AS name, is_unique AS unique,"
          + " index_type AS type, string_agg(column_name"
          + " || CASE direction WHEN 'D' THEN ' DESC' ELSE '' END, ', ' ORDER BY ordinal_position)"
          + " AS keys, max(filter_condition) AS condition FROM information_schema.indexes"
          + " WHERE table_name LIKE ? GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3";

  private final Session session;
  private final Console console;
  private PrintStream out;
  private @Nullable PrintStream file;
  private String format = "table";
  private boolean expanded;
  private boolean timing;
  private boolean quitting;
  private int width = PIPE_WIDTH;

  /** A state over a session of its own. */
  public ShellState(Database database, Console console) {
    this.session = database.session();
    this.console = console;
    this.out = console.out();
  }

  /** Chooses how results are shown: table, csv or json. */
  public void format(String name) {
    requireFormat(name);
    format = name;
  }

  /** Throws unless it is the name of a format. */
  public static void requireFormat(String name) {
    if (!name.matches("table|csv|json")) {
      throw new UsageException("'" + name + "' is no format: table, csv or json.");
    }
  }

  Console console() {
    return console;
  }

  Session session() {
    return session;
  }

  boolean isQuitting() {
    return quitting;
  }

  /** How many characters the terminal has in a line. */
  void width(int columns) {
    width = Math.max(20, columns);
  }

  /** Runs a statement and shows what it gives. */
  void execute(String sql) throws IOException {
    long start = System.nanoTime();
    try (Result result = session.run(sql)) {
      Rows rows = result.rows();
      if (rows != null) {
        table().print(rows, out);
      } else if (result.command().matches("INSERT|UPDATE|DELETE|MERGE|COPY")) {
        out.println(result.command() + " " + result.changed());
      } else {
        out.println(result.command());
      }
    }
    if (timing) {
      console.out().printf(Locale.ROOT, "Time: %.3f ms%n", (System.nanoTime() - start) / 1e6);
    }
    out.flush();
    console.out().flush();
  }

  /** Runs a backslash command. */
  void backslash(String line) throws IOException {
    String[] words = line.strip().split("\\s+", 2);
    String argument = words.length > 1 ? words[1].strip() : "";
    switch (words[0]) {
      case "\\q" -> quitting = true;
      case "\\d" -> {
        if (argument.isEmpty()) {
          show(TABLES);
        } else {
          describe(argument);
        }
      }
      case "\\dt" -> show(TABLES);
      case "\\di" -> show(INDEXES, argument.isEmpty() ? "%" : argument);
      case "\\timing" -> {
        timing = !timing;
        out.println("Timing is " + (timing ? "on." : "off."));
      }
      case "\\x" -> {
        expanded = !expanded;
        out.println("Expanded display is " + (expanded ? "on." : "off."));
      }
      case "\\format" -> format(argument);
      case "\\i" -> include(argument);
      case "\\o" -> redirect(argument);
      case "\\?", "\\h", "\\help" -> help();
      default -> throw new UsageException("'" + words[0] + "' is no command; \\? lists them.");
    }
    out.flush();
  }

  private void show(String sql, Object... parameters) throws IOException {
    try (Rows rows = session.query(sql, parameters)) {
      table().print(rows, out);
    }
  }

  private void describe(String table) throws IOException {
    try (Rows rows = session.query(COLUMNS, table)) {
      if (table().print(rows, out) == 0) {
        throw ErrorCode.UNDEFINED_TABLE
            .error("There is no table of this name.")
            .fact("name", table)
            .build();
      }
    }
    show(INDEXES, table);
  }

  private void include(String path) throws IOException {
    if (path.isEmpty()) {
      throw new UsageException("Say which file.");
    }
    try (Reader reader = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
      if (Script.run(reader, this) != 0) {
        throw new UsageException("The file was not run to its end: " + path);
      }
    } catch (NoSuchFileException missing) {
      throw ErrorCode.NOT_FOUND.error("There is no such file.").fact("file", path).build();
    }
  }

  private void redirect(String path) throws FileNotFoundException {
    if (file != null) {
      file.close();
      file = null;
      out = console.out();
    }
    if (!path.isEmpty()) {
      file = new PrintStream(new java.io.FileOutputStream(path), false, StandardCharsets.UTF_8);
      out = file;
    }
  }

  private void help() {
    out.println(
        """
        \\d [TABLE]   tables, or the columns of one     \\dt  tables     \\di  indexes
        \\timing      show how long statements take     \\x   one line a column
        \\format F    table, csv or json                \\i FILE  run a file
        \\o [FILE]    write results to a file           \\q   leave""");
  }

  private TableFormat table() {
    return switch (format) {
      case "csv" -> new CsvTable();
      case "json" -> new JsonTable();
      default -> expanded ? new ExpandedTable("") : new FittedTable(width, "");
    };
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
    session.close();
  }
}
