// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.record;

import dev.varve.cli.table.CsvTable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/** CSV with a header line. An empty field is NULL, a quoted empty one the empty string. */
public final class CsvRecords implements RecordSource {
  private final CSVParser parser;
  private final Iterator<CSVRecord> iterator;
  private final List<String> columns;
  private List<@Nullable String> values = List.of();
  private long line = 1;
  private long position;

  /** Reads {@code file}. */
  public CsvRecords(Path file) throws IOException {
    Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    CSVFormat format =
        CsvTable.FORMAT
            .builder()
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .setRecordSeparator("\n")
            .setIgnoreEmptyLines(true)
            .get();
    parser = CSVParser.builder().setReader(reader).setFormat(format).get();
    iterator = parser.iterator();
    columns = iterator.hasNext() ? List.copyOf(iterator.next().toList()) : List.of();
  }

  @Override
  public boolean next() throws IOException {
    line = parser.getCurrentLineNumber() + 1;
    try {
      if (!iterator.hasNext()) {
        return false;
      }
      CSVRecord record = iterator.next();
      position = record.getCharacterPosition();
      values = new ArrayList<>(record.toList());
    } catch (UncheckedIOException malformed) {
      values = List.of();
      throw new BadRecordException("The line is not CSV: " + malformed.getCause().getMessage());
    }
    if (values.size() != columns.size()) {
      throw new BadRecordException(
          "The record has " + values.size() + " fields, the header has " + columns.size() + ".");
    }
    return true;
  }

  /** The header line. */
  public String header() {
    return CsvTable.FORMAT.format(columns.toArray());
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public List<@Nullable String> values() {
    return values;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public String text() {
    return CsvTable.FORMAT.format(values.toArray());
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
