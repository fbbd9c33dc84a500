// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.table;

import dev.varve.Column;
import dev.varve.Row;
import dev.varve.Rows;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;

/**
 * Comma-separated values with a header line. NULL is an empty field, an empty string is quoted, so
 * that an import tells them apart.
 */
public final class CsvTable implements TableFormat {
  /** The format, the same for writing and reading. */
  public static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setRecordSeparator("\n")
          .setNullString("")
          .setQuoteMode(QuoteMode.ALL_NON_NULL)
          .get();

  /** At the default settings. */
  public CsvTable() {}

  @Override
  public long print(Rows rows, PrintStream out) throws IOException {
    CSVPrinter printer = new CSVPrinter(out, FORMAT);
    int columns = rows.columns().size();
    for (Column column : rows.columns()) {
      printer.print(column.name());
    }
    printer.println();
    long count = 0;
    for (Row row : rows) {
      for (int i = 0; i < columns; i++) {
        printer.print(row.getString(i));
      }
      printer.println();
      count++;
    }
    printer.flush();
    return count;
  }
}
