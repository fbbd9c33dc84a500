// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.varve.Column;
import dev.varve.Row;
import dev.varve.Rows;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** One JSON object a line. Numbers and booleans are JSON's, everything else is text. */
public final class JsonTable implements TableFormat {
  /** At the default settings. */
  public JsonTable() {}

  @Override
  public long print(Rows rows, PrintStream out) throws IOException {
    List<Column> columns = rows.columns();
    long count = 0;
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
      for (Row row : rows) {
        json.writeStartObject();
        for (int i = 0; i < columns.size(); i++) {
          json.writeFieldName(columns.get(i).name());
          write(json, columns.get(i), row, i);
        }
        json.writeEndObject();
        count++;
      }
      if (count > 0) {
        json.writeRaw('\n');
      }
    }
    return count;
  }

  private static void write(JsonGenerator json, Column column, Row row, int index)
      throws IOException {
    String text = row.getString(index);
    if (text == null) {
      json.writeNull();
    } else if (column.typeName().equals("boolean")) {
      json.writeBoolean(row.getBoolean(index));
    } else if (TableFormat.isNumeric(column) && !text.matches("-?(NaN|Infinity)")) {
      json.writeNumber(text);
    } else {
      json.writeString(text);
    }
  }
}
