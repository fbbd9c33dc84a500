// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.Column;
import dev.varve.ErrorCode;
import dev.varve.Row;
import dev.varve.Rows;
import dev.varve.query.dml.RowCollector;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result. They come from a running query, or, once that has had to make way for another
 * statement of the same transaction, from memory.
 */
final class ResultRows implements Rows {
  /** Where batches come from. */
  interface Source extends AutoCloseable {
    /** The next batch, or null. */
    @Nullable Batch next();

    /** Ends the query and what it holds. */
    @Override
    void close();
  }

  private final List<PlanColumn> plan;
  private final List<Column> columns;
  private final BatchRow row;
  private @Nullable Source source;
  private @Nullable Iterator<Batch> kept;
  private final List<Runnable> closers = new ArrayList<>();
  private @Nullable Batch batch;
  private int next;
  private boolean iterated;
  private boolean closed;
  private @Nullable String invalid;

  private ResultRows(
      List<PlanColumn> plan, ZoneId zone, @Nullable Source source, @Nullable RowCollector rows) {
    this.plan = plan;
    this.columns = columns(plan);
    this.row = new BatchRow(plan, columns, zone);
    this.source = source;
    this.kept = rows == null ? null : rows.batches().iterator();
  }

  /** Rows that {@code source} yields while they are asked for. */
  static ResultRows streaming(List<PlanColumn> plan, ZoneId zone, Source source) {
    return new ResultRows(plan, zone, source, null);
  }

  /** Rows that are there. */
  static ResultRows of(List<PlanColumn> plan, ZoneId zone, RowCollector rows) {
    return new ResultRows(plan, zone, null, rows);
  }

  static List<Column> columns(List<PlanColumn> plan) {
    List<Column> columns = new ArrayList<>(plan.size());
    for (PlanColumn column : plan) {
      columns.add(new Column(column.name(), column.type().toString(), column.nullable()));
    }
    return List.copyOf(columns);
  }

  /** Runs {@code action} when the rows are closed. */
  void onClose(Runnable action) {
    if (closed) {
      action.run();
    } else {
      closers.add(action);
    }
  }

  /** Reads what is left into memory, so that the query ends; the row read last stays readable. */
  void detach() {
    Source running = source;
    if (running == null) {
      return;
    }
    List<SqlType> types = new ArrayList<>();
    plan.forEach(column -> types.add(column.type()));
    RowCollector rest = new RowCollector(types);
    if (batch != null && next > 0) {
      Batch present = batch;
      RowCollector page = new RowCollector(types);
      for (int k = next - 1; k < present.count(); k++) {
        page.add(present, present.row(k));
      }
      batch = page.batches().get(0);
      next = 1;
      row.moveTo(batch, 0);
    }
    try {
      for (Batch each = running.next(); each != null; each = running.next()) {
        rest.addAll(each);
      }
    } finally {
      source = null;
      running.close();
    }
    kept = rest.batches().iterator();
  }

  /** Makes the rest unreadable, with {@code reason}. */
  void invalidate(String reason) {
    invalid = reason;
    endSource();
  }

  @Nullable Batch nextBatch() {
    if (invalid != null) {
      throw ErrorCode.CLOSED.error(invalid).build();
    }
    if (closed) {
      throw ErrorCode.CLOSED.error("The rows are closed.").build();
    }
    if (source != null) {
      Batch following = source.next();
      if (following == null) {
        endSource();
      }
      return following;
    }
    return kept != null && kept.hasNext() ? kept.next() : null;
  }

  private void endSource() {
    Source running = source;
    source = null;
    if (running != null) {
      running.close();
    }
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public Iterator<Row> iterator() {
    if (iterated) {
      throw ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE
          .error("Rows can be iterated over only once.")
          .build();
    }
    iterated = true;
    return new RowIterator();
  }

  private final class RowIterator implements Iterator<Row> {
    @Override
    public boolean hasNext() {
      while (batch == null || next == batch.count()) {
        batch = nextBatch();
        next = 0;
        if (batch == null) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Row next() {
      if (!hasNext() || batch == null) {
        throw new NoSuchElementException();
      }
      row.moveTo(batch, batch.row(next++));
      return row;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    kept = null;
    try {
      endSource();
    } finally {
      closers.forEach(Runnable::run);
    }
  }
}
