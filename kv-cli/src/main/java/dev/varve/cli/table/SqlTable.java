// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.table;

import dev.varve.Column;
import dev.varve.Row;
import dev.varve.Rows;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** INSERT statements that make the same rows again. */
public final class SqlTable implements TableFormat {
  private static final int ROWS_PER_STATEMENT = 100;

  private final String table;
  private final String overriding;

  /** Inserts into {@code table}. */
  public SqlTable(String table) {
    this(quoted(table), "");
  }

  /**
   * Inserts also into identity columns.
   *
   * @param table as it stands in SQL
   */
  public static SqlTable exact(String table) {
    return new SqlTable(table, " OVERRIDING SYSTEM VALUE");
  }

  private SqlTable(String table, String overriding) {
    this.table = table;
    this.overriding = overriding;
  }

  /** A name as it stands in SQL, in quotes; a plain one may have a schema before it. */
  public static String quoted(String name) {
    return name.matches("[a-z_][a-z0-9_]*\\.[a-z_][a-z0-9_]*")
        ? "\"" + name.replace(".", "\".\"") + "\""
        : "\"" + name.replace("\"", "\"\"") + "\"";
  }

  @Override
  public long print(Rows rows, PrintStream out) {
    List<Column> columns = rows.columns();
    String head =
        "INSERT INTO "
            + table
            + " ("
            + columns.stream()
                .map(column -> quoted(column.name()))
                .collect(Collectors.joining(", "))
            + ")"
            + overriding
            + " VALUES";
    long count = 0;
    for (Row row : rows) {
      boolean first = count % ROWS_PER_STATEMENT == 0;
      if (first && count > 0) {
        out.println(";");
      }
      out.print(first ? head + "\n  (" : ",\n  (");
      for (int i = 0; i < columns.size(); i++) {
        out.print(i == 0 ? "" : ", ");
        out.print(literal(columns.get(i), row.getString(i)));
      }
      out.print(")");
      count++;
    }
    if (count > 0) {
      out.println(";");
    }
    return count;
  }

  private static String literal(Column column, @org.jspecify.annotations.Nullable String text) {
    if (text == null) {
      return "NULL";
    }
    boolean plain =
        column.typeName().equals("boolean")
            || TableFormat.isNumeric(column) && !text.matches("-?(NaN|Infinity)");
    return plain ? text : "'" + text.replace("'", "''") + "'";
  }
}
