// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Column;
import dev.varve.Database;
import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.Rows;
import dev.varve.Statement;
import dev.varve.Transaction;
import dev.varve.VarveException;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.cli.UsageException;
import dev.varve.cli.record.BadRecordException;
import dev.varve.cli.record.CsvRecords;
import dev.varve.cli.record.JsonRecords;
import dev.varve.cli.record.RecordSource;
import dev.varve.cli.record.TableDesign;
import dev.varve.cli.table.CsvTable;
import dev.varve.cli.table.SqlTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** {@code varve import}. */
final class ImportCommand implements Command {
  private static final int ROWS_PER_COMMIT = 10_000;
  private static final int ROWS_PER_STATEMENT = 50;

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String summary() {
    return "load a file into a table";
  }

  @Override
  public String synopsis() {
    return "varve import DB TABLE FILE [--format csv|json] [--on-error stop|skip] [--bad-rows FILE]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "varve import shop.varve users users.csv",
        "varve import shop.varve events events.jsonl --on-error skip --bad-rows bad.jsonl");
  }

  @Override
  public Options options() {
    return new Options()
        .addOption("f", "format", true, "csv (header line) or json (one object a line)")
        .addOption(null, "on-error", true, "stop (default: nothing is imported) or skip the row")
        .addOption(null, "bad-rows", true, "where to write the rows that were skipped");
  }

  @Override
  public int run(CommandLine line, Console console) throws IOException {
    List<String> words = Arguments.words(line, 3, 3);
    Path file = Path.of(words.get(2));
    boolean json = isJson(line, file);
    boolean skip =
        switch (line.getOptionValue("on-error", "stop")) {
          case "stop" -> false;
          case "skip" -> true;
          default -> throw new UsageException("--on-error is stop or skip.");
        };
    Arguments.requireReadable(file);
    try (Database database = Databases.writing(Arguments.database(line));
        RecordSource records = json ? new JsonRecords(file) : new CsvRecords(file);
        PrintStream bad = badRows(line)) {
      Import work = new Import(database, words.get(1), records, skip, bad, console);
      boolean created = work.createTableIfMissing(file, json);
      try {
        work.run(console.progress("import"), Files.size(file));
      } catch (VarveException | IOException failure) {
        if (created && !skip) {
          database.execute("DROP TABLE " + SqlTable.quoted(words.get(1)));
        }
        throw failure;
      }
      console.out().println(work.imported + " rows imported, " + work.skipped + " skipped");
      return work.skipped == 0 ? 0 : 1;
    }
  }

  private static boolean isJson(CommandLine line, Path file) {
    String format = line.getOptionValue("format");
    if (format == null) {
      String name = file.getFileName().toString();
      return name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson");
    }
    return switch (format) {
      case "csv" -> false;
      case "json" -> true;
      default -> throw new UsageException("--format is csv or json.");
    };
  }

  private static @Nullable PrintStream badRows(CommandLine line) throws IOException {
    String path = line.getOptionValue("bad-rows");
    return path == null
        ? null
        : new PrintStream(Files.newOutputStream(Path.of(path)), false, StandardCharsets.UTF_8);
  }

  /** One import: rows go in in transactions of bounded size, or in one if errors stop it. */
  private static final class Import {
    private final Database database;
    private final String table;
    private final RecordSource records;
    private final boolean skip;
    private final @Nullable PrintStream bad;
    private final Console console;
    private Map<String, String> types = Map.of();
    private long imported;
    private long skipped;

    Import(
        Database database,
        String table,
        RecordSource records,
        boolean skip,
        @Nullable PrintStream bad,
        Console console) {
      this.database = database;
      this.table = table;
      this.records = records;
      this.skip = skip;
      this.bad = bad;
      this.console = console;
    }

    boolean createTableIfMissing(Path file, boolean json) throws IOException {
      try {
        database.query("SELECT * FROM " + SqlTable.quoted(table) + " LIMIT 0").close();
        return false;
      } catch (VarveException missing) {
        if (missing.code() != ErrorCode.UNDEFINED_TABLE) {
          throw missing;
        }
      }
      try (RecordSource sample = json ? new JsonRecords(file) : new CsvRecords(file)) {
        String sql = TableDesign.of(sample).createTable(table);
        database.execute(sql);
        console.out().println(sql);
        return true;
      }
    }

    void run(Progress progress, long totalBytes) throws IOException {
      types = columnTypes();
      while (true) {
        boolean more;
        try (Transaction tx = database.begin()) {
          more = importChunk(tx, progress, totalBytes);
          tx.commit();
        }
        if (!more) {
          break;
        }
      }
      progress.at(totalBytes, totalBytes);
    }

    /** With --on-error stop everything is one chunk, so that a bad row leaves nothing behind. */
    private boolean importChunk(Transaction tx, Progress progress, long totalBytes)
        throws IOException {
      List<Held> batch = new ArrayList<>();
      try (Inserts inserts = new Inserts(tx)) {
        for (long rows = 0; !skip || rows < ROWS_PER_COMMIT; rows++) {
          try {
            if (!records.next()) {
              insert(batch, inserts);
              return false;
            }
            if (!batch.isEmpty() && !batch.get(0).columns.equals(records.columns())) {
              insert(batch, inserts);
            }
            batch.add(held());
            if (batch.size() == ROWS_PER_STATEMENT) {
              insert(batch, inserts);
            }
          } catch (BadRecordException wrong) {
            insert(batch, inserts);
            reject(wrong, held());
          }
          progress.at(Math.min(totalBytes, records.position()), totalBytes);
        }
        insert(batch, inserts);
        return true;
      }
    }

    private Held held() {
      String text = records instanceof CsvRecords ? null : records.text();
      return new Held(records.line(), records.columns(), records.values(), text);
    }

    private static String text(Held row) {
      return row.text == null ? CsvTable.FORMAT.format(row.values.toArray()) : row.text;
    }

    /** All in one statement; if that fails, one after another, to find out which is to blame. */
    private void insert(List<Held> batch, Inserts inserts) {
      if (batch.size() == ROWS_PER_STATEMENT) {
        try {
          inserts.execute(batch);
          imported += batch.size();
          batch.clear();
        } catch (BadRecordException | VarveException oneIsWrong) {
          each(batch, inserts);
        }
      } else {
        each(batch, inserts);
      }
    }

    private void each(List<Held> batch, Inserts inserts) {
      for (Held row : batch) {
        try {
          inserts.execute(List.of(row));
          imported++;
        } catch (BadRecordException | VarveException wrong) {
          reject(wrong, row);
        }
      }
      batch.clear();
    }

    private void reject(RuntimeException wrong, Held row) {
      String reason = wrong instanceof VarveException e ? e.sentence() : wrong.getMessage();
      String column = wrong instanceof VarveException ? misfit(row) : null;
      if (column != null) {
        reason = "Column '" + column + "': " + reason;
      }
      if (!skip) {
        throw ErrorCode.INVALID_TEXT_REPRESENTATION
            .error("A row cannot be imported: " + reason)
            .fact("line", row.line)
            .fact("row", text(row))
            .hint("Nothing was imported. With --on-error skip the other rows are.")
            .cause(wrong)
            .build();
      }
      skipped++;
      console.err().println("varve: line " + row.line + ": " + reason);
      if (bad != null) {
        if (skipped == 1 && records instanceof CsvRecords csv) {
          bad.println(csv.header());
        }
        bad.println(text(row));
      }
    }

    /** The first column whose value does not fit its type, or null if that is not what is wrong. */
    private @Nullable String misfit(Held row) {
      List<String> columns = row.columns;
      for (int i = 0; i < columns.size(); i++) {
        String type = types.get(columns.get(i));
        if (type == null) {
          return columns.get(i);
        }
        try {
          database.query("SELECT CAST(? AS " + type + ")", row.values.get(i)).close();
        } catch (VarveException wrong) {
          return columns.get(i);
        }
      }
      return null;
    }

    private Map<String, String> columnTypes() {
      try (Rows rows = database.query("SELECT * FROM " + SqlTable.quoted(table) + " LIMIT 0")) {
        return rows.columns().stream().collect(Collectors.toMap(Column::name, Column::typeName));
      }
    }

    private String insertSql(List<String> columns, int rows) {
      List<String> values = new ArrayList<>();
      for (String column : columns) {
        String type = types.get(column);
        if (type == null) {
          throw new BadRecordException("The table has no column '" + column + "'.");
        }
        values.add("CAST(? AS " + type + ")");
      }
      String row = "(" + String.join(", ", values) + ")";
      return "INSERT INTO "
          + SqlTable.quoted(table)
          + " ("
          + columns.stream().map(SqlTable::quoted).collect(Collectors.joining(", "))
          + ") VALUES "
          + String.join(", ", Collections.nCopies(rows, row));
    }

    /** A record that waits for others to go in with. */
    private record Held(
        long line, List<String> columns, List<@Nullable String> values, @Nullable String text) {}

    /** The statements of one transaction: for a full batch and for one row. */
    private final class Inserts implements AutoCloseable {
      private final Transaction tx;
      private final Map<Integer, Statement> prepared = new HashMap<>();
      private List<String> columns = List.of();

      Inserts(Transaction tx) {
        this.tx = tx;
      }

      void execute(List<Held> rows) {
        if (!rows.get(0).columns.equals(columns)) {
          close();
          columns = rows.get(0).columns;
        }
        Statement insert =
            prepared.computeIfAbsent(
                rows.size(), size -> tx.prepareStatement(insertSql(columns, size)));
        List<@Nullable String> values = new ArrayList<>(rows.size() * columns.size());
        rows.forEach(row -> values.addAll(row.values));
        insert.execute(values.toArray());
      }

      @Override
      public void close() {
        prepared.values().forEach(Statement::close);
        prepared.clear();
      }
    }
  }
}
