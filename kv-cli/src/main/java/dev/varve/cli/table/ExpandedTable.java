// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.table;

import dev.varve.Column;
import dev.varve.Row;
import dev.varve.Rows;
import java.io.PrintStream;
import java.util.List;

/** One line a column, for rows too wide for the terminal. */
public final class ExpandedTable implements TableFormat {
  private final String nullText;

  /** Shows NULL as {@code nullText}. */
  public ExpandedTable(String nullText) {
    this.nullText = nullText;
  }

  @Override
  public long print(Rows rows, PrintStream out) {
    List<Column> columns = rows.columns();
    int width = columns.stream().mapToInt(column -> column.name().length()).max().orElse(0);
    long count = 0;
    for (Row row : rows) {
      count++;
      out.println("-[ RECORD " + count + " ]" + "-".repeat(Math.max(3, width)));
      for (int i = 0; i < columns.size(); i++) {
        String name = columns.get(i).name();
        out.println(
            name + " ".repeat(width - name.length()) + " | " + TableFormat.text(row, i, nullText));
      }
    }
    return count;
  }
}
