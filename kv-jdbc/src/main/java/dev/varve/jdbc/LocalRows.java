// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.Column;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result set made of values at hand. */
final class LocalRows {
  private final List<Column> columns = new ArrayList<>();
  private final List<Cells> rows = new ArrayList<>();

  /** With text columns called so; a name that begins with {@code #} is an integer's. */
  LocalRows(String... names) {
    for (String name : names) {
      boolean number = name.startsWith("#");
      columns.add(new Column(number ? name.substring(1) : name, number ? "integer" : "text", true));
    }
  }

  LocalRows add(@Nullable Object... values) {
    List<@Nullable Object> objects = new ArrayList<>(Arrays.asList(values));
    List<@Nullable String> texts = new ArrayList<>();
    for (Object value : objects) {
      texts.add(value == null ? null : value.toString());
    }
    rows.add(new Cells.Kept(objects, texts));
    return this;
  }

  /** Sorts by columns counted from 1. */
  LocalRows sort(int... by) {
    Comparator<Cells> order = (left, right) -> 0;
    for (int column : by) {
      order = order.thenComparing((left, right) -> compare(left, right, column - 1));
    }
    rows.sort(order);
    return this;
  }

  private static int compare(Cells left, Cells right, int column) {
    Object a = left.object(column);
    Object b = right.object(column);
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? -1 : 1;
    }
    if (a instanceof Integer x && b instanceof Integer y) {
      return x.compareTo(y);
    }
    return a.toString().compareTo(b.toString());
  }

  ResultSet results() {
    return new VarveResultSet(null, columns, rows);
  }
}
