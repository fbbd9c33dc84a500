// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.table;

import dev.varve.Column;
import dev.varve.Row;
import dev.varve.Rows;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** How rows are shown. */
public interface TableFormat {
  /** Shows all rows; returns how many there were. */
  long print(Rows rows, PrintStream out) throws IOException;

  /** Whether the column holds numbers, which are shown flush right. */
  static boolean isNumeric(Column column) {
    String type = column.typeName();
    return type.startsWith("numeric")
        || List.of("smallint", "integer", "bigint", "real", "double precision").contains(type);
  }

  /** The text of a column as PostgreSQL prints it, or {@code nullText}. */
  static String text(Row row, int column, String nullText) {
    String text = row.getString(column);
    return text == null ? nullText : text;
  }
}
