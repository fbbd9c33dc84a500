// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows set aside, to be read again as batches or by a query as a table. Not thread-safe. */
public final class RowCollector {
  private final List<SqlType> types;
  private final List<Batch> batches = new ArrayList<>();
  private long count;

  /** Of rows with these columns. */
  public RowCollector(List<SqlType> types) {
    this.types = List.copyOf(types);
  }

  /** Adds all selected rows of {@code batch}, whose first columns have the types. */
  public void addAll(Batch batch) {
    for (int k = 0; k < batch.count(); k++) {
      add(batch, batch.row(k));
    }
  }

  /** Adds one row. */
  public void add(Batch from, int row) {
    Batch last = last();
    int at = last.count();
    for (int i = 0; i < types.size(); i++) {
      Vector column = last.column(i);
      column.ensureCapacity(at + 1);
      column.copy(at, from.column(i), row);
    }
    last.setCount(at + 1);
    count++;
  }

  private Batch last() {
    Batch last = batches.isEmpty() ? null : batches.get(batches.size() - 1);
    if (last == null || last.count() == Batch.CAPACITY) {
      last = Batch.allocate(types, batches.isEmpty() ? 16 : Batch.CAPACITY);
      batches.add(last);
    }
    return last;
  }

  /** The number of rows. */
  public long count() {
    return count;
  }

  /** The rows, in batches without selection. */
  public List<Batch> batches() {
    return batches;
  }

  /** An operator that yields the rows once more. */
  public Operator operator() {
    return new Replay();
  }

  private final class Replay implements Operator {
    private int next;
    private final Batch view = new Batch(new Vector[types.size()]);

    @Override
    public List<SqlType> types() {
      return types;
    }

    @Override
    public void open(ExecutionContext context) {
      next = 0;
    }

    @Override
    public @Nullable Batch next() {
      if (next == batches.size()) {
        return null;
      }
      Batch batch = batches.get(next++);
      for (int i = 0; i < types.size(); i++) {
        view.setColumn(i, batch.column(i));
      }
      view.setCount(batch.count());
      return view;
    }

    @Override
    public void close() {
      next = 0;
    }
  }
}
