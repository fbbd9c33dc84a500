// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** WITH RECURSIVE: runs the step over the rows found last until it finds none. */
public final class RecursiveUnionOperator implements Operator {
  private final int cte;
  private final Operator anchor;
  private final Operator step;
  private final boolean distinct;
  private final RowSet seen;
  private final int[] columns;
  private final int[] numbers = new int[Batch.CAPACITY];
  private final int[] selected = new int[Batch.CAPACITY];
  private RowBuffer current;
  private RowBuffer found;
  private @Nullable ExecutionContext context;
  private @Nullable Operator running;

  /** The anchor's and the step's columns have the same types. */
  public RecursiveUnionOperator(int cte, Operator anchor, Operator step, boolean distinct) {
    this.cte = cte;
    this.anchor = anchor;
    this.step = step;
    this.distinct = distinct;
    this.seen = new RowSet(anchor.types());
    this.columns = Positions.from(0, anchor.types().size());
    this.current = new RowBuffer(anchor.types());
    this.found = new RowBuffer(anchor.types());
  }

  @Override
  public List<SqlType> types() {
    return anchor.types();
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    seen.clear();
    current.clear();
    found.clear();
    running = anchor;
    anchor.open(execution);
  }

  @Override
  public @Nullable Batch next() {
    while (running != null && context != null) {
      context.checkCanceled();
      Batch batch = running.next();
      if (batch == null) {
        running.close();
        running = iterate(context);
      } else if (!distinct || retain(batch)) {
        found.append(batch);
        return batch;
      }
    }
    return null;
  }

  private @Nullable Operator iterate(ExecutionContext execution) {
    RowBuffer last = current;
    current = found;
    found = last;
    found.clear();
    if (current.count() == 0) {
      return null;
    }
    RowBuffer rows = current;
    execution.share(cte, new Fixed(rows));
    step.open(execution);
    return step;
  }

  private record Fixed(RowBuffer rows) implements SharedRows {
    @Override
    public boolean ensure(int row) {
      return row < rows.count();
    }
  }

  private boolean retain(Batch batch) {
    int before = seen.rows().count();
    seen.add(batch, columns, numbers);
    int kept = 0;
    int next = before;
    for (int k = 0; k < batch.count(); k++) {
      if (numbers[k] == next) {
        next++;
        selected[kept++] = batch.row(k);
      }
    }
    batch.select(selected, kept);
    return kept > 0;
  }

  @Override
  public void close() {
    context = null;
    running = null;
    seen.clear();
    current.release();
    found.release();
    Closing.both(anchor, step);
  }
}
