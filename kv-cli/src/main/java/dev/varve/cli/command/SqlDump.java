// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.Row;
import dev.varve.Rows;
import dev.varve.Snapshot;
import dev.varve.cli.table.SqlTable;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All tables of a database as one script: schemas, sequences and tables; the rows; values of
 * sequences, indexes, foreign keys and views.
 */
final class SqlDump {
  private SqlDump() {}

  /** Writes the script; returns how many rows are in it. */
  static long write(Snapshot snapshot, PrintStream out) throws IOException {
    out.println("-- Made by varve export. Run it with: varve sql NEW_DATABASE -f FILE");
    statements(snapshot, "phase IN ('SCHEMA', 'SEQUENCE', 'TABLE')", out);
    long rows = 0;
    for (String[] table : tables(snapshot)) {
      rows += rows(snapshot, table[0], table[1], out);
    }
    statements(snapshot, "phase NOT IN ('SCHEMA', 'SEQUENCE', 'TABLE')", out);
    return rows;
  }

  private static void statements(Snapshot snapshot, String which, PrintStream out) {
    String sql =
        "SELECT definition FROM information_schema.definitions WHERE "
            + which
            + " ORDER BY ordinal_position";
    try (Rows rows = snapshot.query(sql)) {
      for (Row row : rows) {
        out.println(row.getString(0) + ";");
      }
    }
  }

  private static List<String[]> tables(Snapshot snapshot) {
    List<String[]> tables = new ArrayList<>();
    String sql =
        "SELECT object_schema, object_name FROM information_schema.definitions"
            + " WHERE phase = 'TABLE' ORDER BY ordinal_position";
    try (Rows rows = snapshot.query(sql)) {
      for (Row row : rows) {
        tables.add(new String[] {row.getString(0), row.getString(1)});
      }
    }
    return tables;
  }

  private static long rows(Snapshot snapshot, String schema, String table, PrintStream out)
      throws IOException {
    List<String> columns = new ArrayList<>();
    String sql =
        "SELECT column_name FROM information_schema.columns WHERE table_schema = ?"
            + " AND table_name = ? AND is_generated = 'NEVER' ORDER BY ordinal_position";
    try (Rows rows = snapshot.query(sql, schema, table)) {
      for (Row row : rows) {
        columns.add(row.getString(0));
      }
    }
    String name = quoted(schema) + "." + quoted(table);
    String list = columns.stream().map(SqlDump::quoted).collect(Collectors.joining(", "));
    try (Rows rows = snapshot.query("SELECT " + list + " FROM " + name)) {
      return SqlTable.exact(name).print(rows, out);
    }
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
