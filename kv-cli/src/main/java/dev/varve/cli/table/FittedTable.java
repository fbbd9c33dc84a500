// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.table;

import dev.varve.Column;
import dev.varve.Row;
import dev.varve.Rows;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A table with columns as wide as their content, cut where the terminal ends. Widths come from the
 * first rows, so that a long result is streamed.
 */
public final class FittedTable implements TableFormat {
  private static final int SAMPLE_ROWS = 1_000;
  private static final int MIN_CELL = 4;

  private final int width;
  private final String nullText;

  /** A table at most {@code width} characters wide. */
  public FittedTable(int width, String nullText) {
    this.width = width;
    this.nullText = nullText;
  }

  @Override
  public long print(Rows rows, PrintStream out) {
    List<Column> columns = rows.columns();
    if (columns.isEmpty()) {
      return 0;
    }
    Iterator<Row> iterator = rows.iterator();
    List<String[]> sample = new ArrayList<>();
    while (sample.size() < SAMPLE_ROWS && iterator.hasNext()) {
      sample.add(cells(iterator.next(), columns.size()));
    }
    int[] widths = widths(columns, sample);
    String[] names = columns.stream().map(Column::name).toArray(String[]::new);
    line(names, columns, widths, true, out);
    StringBuilder rule = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      rule.append(i == 0 ? "" : "+").append("-".repeat(widths[i] + 2));
    }
    out.println(rule);
    long count = 0;
    for (String[] cells : sample) {
      line(cells, columns, widths, false, out);
      count++;
    }
    while (iterator.hasNext() && !out.checkError()) {
      line(cells(iterator.next(), columns.size()), columns, widths, false, out);
      count++;
    }
    out.println("(" + count + (count == 1 ? " row)" : " rows)"));
    return count;
  }

  private String[] cells(Row row, int count) {
    String[] cells = new String[count];
    for (int i = 0; i < count; i++) {
      cells[i] = TableFormat.text(row, i, nullText).replace("\n", "\\n").replace("\t", " ");
    }
    return cells;
  }

  private int[] widths(List<Column> columns, List<String[]> sample) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(1, columns.get(i).name().length());
      for (String[] cells : sample) {
        widths[i] = Math.max(widths[i], cells[i].length());
      }
    }
    int room = width - 3 * widths.length + 1;
    while (sum(widths) > room) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        if (widths[i] > widths[widest]) {
          widest = i;
        }
      }
      if (widths[widest] <= MIN_CELL) {
        break;
      }
      widths[widest] -= Math.max(1, Math.min(sum(widths) - room, widths[widest] / 4));
    }
    return widths;
  }

  private static int sum(int[] numbers) {
    int sum = 0;
    for (int number : numbers) {
      sum += number;
    }
    return sum;
  }

  private static void line(
      String[] cells, List<Column> columns, int[] widths, boolean head, PrintStream out) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String cell = cells[i];
      if (cell.length() > widths[i]) {
        cell = cell.substring(0, widths[i] - 1) + "…";
      }
      String padding = " ".repeat(widths[i] - cell.length());
      boolean right = !head && TableFormat.isNumeric(columns.get(i));
      line.append(i == 0 ? " " : " | ").append(right ? padding + cell : cell + padding);
    }
    out.println(line.toString().stripTrailing());
  }
}
