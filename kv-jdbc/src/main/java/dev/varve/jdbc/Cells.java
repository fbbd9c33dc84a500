// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one row, columns counted from 0. */
interface Cells {
  boolean isNull(int column);

  /** As {@link Row#getObject(int)}. */
  @Nullable Object object(int column);

  /** As PostgreSQL prints it. */
  @Nullable String text(int column);

  /** The row under a cursor. */
  record Live(Row row) implements Cells {
    @Override
    public boolean isNull(int column) {
      return row.isNull(column);
    }

    @Override
    public @Nullable Object object(int column) {
      return row.getObject(column);
    }

    @Override
    public @Nullable String text(int column) {
      return row.getString(column);
    }
  }

  /** A row set aside. */
  record Kept(List<@Nullable Object> objects, List<@Nullable String> texts) implements Cells {
    static Kept of(Row row) {
      List<@Nullable Object> objects = new ArrayList<>(row.size());
      List<@Nullable String> texts = new ArrayList<>(row.size());
      for (int i = 0; i < row.size(); i++) {
        objects.add(row.getObject(i));
        texts.add(row.getString(i));
      }
      return new Kept(objects, texts);
    }

    @Override
    public boolean isNull(int column) {
      return objects.get(column) == null;
    }

    @Override
    public @Nullable Object object(int column) {
      return objects.get(column);
    }

    @Override
    public @Nullable String text(int column) {
      return texts.get(column);
    }
  }
}
