// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.Row;
import dev.varve.Rows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place among rows, counted from 1; 0 is before the first. */
abstract class ResultCursor {
  private ResultCursor() {}

  /** Over rows as they come, forward only. */
  static ResultCursor forward(Rows rows, long maxRows) {
    return new Forward(rows, maxRows);
  }

  /** Over rows read into memory, in both directions. */
  static ResultCursor scrolling(Rows rows, long maxRows) {
    List<Cells> kept = new ArrayList<>();
    for (Row row : rows) {
      if (maxRows > 0 && kept.size() == maxRows) {
        break;
      }
      kept.add(Cells.Kept.of(row));
    }
    return new Scrolling(kept);
  }

  /** Over rows that are in memory. */
  static ResultCursor over(List<Cells> kept) {
    return new Scrolling(kept);
  }

  abstract boolean scrolls();

  abstract boolean next();

  /** The row, or null outside of all. */
  abstract @Nullable Cells current();

  abstract long position();

  abstract boolean moveTo(long position) throws SQLException;

  /** How many rows there are. */
  abstract long count() throws SQLException;

  /** All rows, if they are in memory. */
  List<Cells> all() {
    return List.of();
  }

  abstract boolean isBeforeFirst();

  abstract boolean isAfterLast();

  abstract boolean isLast();

  private static final class Forward extends ResultCursor {
    private final Iterator<Row> rows;
    private final long maxRows;
    private Cells.@Nullable Live current;
    private long position;
    private boolean ended;

    Forward(Rows rows, long maxRows) {
      this.rows = rows.iterator();
      this.maxRows = maxRows;
    }

    private boolean hasNext() {
      return !ended && (maxRows == 0 || position < maxRows) && rows.hasNext();
    }

    @Override
    boolean scrolls() {
      return false;
    }

    @Override
    boolean next() {
      if (!hasNext()) {
        ended = true;
        current = null;
        return false;
      }
      Row row = rows.next();
      if (current == null || current.row() != row) {
        current = new Cells.Live(row);
      }
      position++;
      return true;
    }

    @Override
    @Nullable Cells current() {
      return current;
    }

    @Override
    long position() {
      return position;
    }

    @Override
    boolean moveTo(long to) throws SQLException {
      throw new SQLException("The result set only moves forward.", "24000");
    }

    @Override
    long count() throws SQLException {
      throw new SQLException("The result set only moves forward.", "24000");
    }

    @Override
    boolean isBeforeFirst() {
      return position == 0 && hasNext();
    }

    @Override
    boolean isAfterLast() {
      return ended && position > 0;
    }

    @Override
    boolean isLast() {
      if (current == null) {
        return false;
      }
      // Looking ahead moves what the row shows, so the row is set aside first.
      throw dev.varve.ErrorCode.NOT_SUPPORTED
          .error("A result set that only moves forward cannot say whether it is on its last row.")
          .build();
    }
  }

  private static final class Scrolling extends ResultCursor {
    private final List<Cells> rows;
    private int position;

    Scrolling(List<Cells> rows) {
      this.rows = rows;
    }

    @Override
    boolean scrolls() {
      return true;
    }

    @Override
    boolean next() {
      return moveTo(position + 1L);
    }

    @Override
    @Nullable Cells current() {
      return position < 1 || position > rows.size() ? null : rows.get(position - 1);
    }

    @Override
    long position() {
      return position;
    }

    @Override
    boolean moveTo(long to) {
      position = (int) Math.max(0, Math.min(to, rows.size() + 1L));
      return current() != null;
    }

    @Override
    long count() {
      return rows.size();
    }

    @Override
    List<Cells> all() {
      return rows;
    }

    @Override
    boolean isBeforeFirst() {
      return position == 0 && !rows.isEmpty();
    }

    @Override
    boolean isAfterLast() {
      return position > rows.size() && !rows.isEmpty();
    }

    @Override
    boolean isLast() {
      return !rows.isEmpty() && position == rows.size();
    }
  }
}
