// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the shared rows of a common table expression. */
public final class CteScanOperator implements Operator {
  private final int cte;
  private final int[] columns;
  private final List<SqlType> types;
  private final Batch output;
  private @Nullable ExecutionContext context;
  private @Nullable SharedRows shared;
  private int cursor;

  /** Reads some columns of the rows numbered {@code cte}. */
  public CteScanOperator(int cte, int[] columns, List<SqlType> types) {
    this.cte = cte;
    this.columns = columns.clone();
    this.types = List.copyOf(types);
    this.output = Batch.allocate(types, Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    shared = execution.shared(cte);
    cursor = 0;
  }

  @Override
  public @Nullable Batch next() {
    SharedRows source = shared;
    if (source == null || context == null || !source.ensure(cursor)) {
      return null;
    }
    context.checkCanceled();
    int count = Math.min(Batch.CAPACITY, source.rows().count() - cursor);
    int[] selection = Positions.from(cursor, count);
    for (int i = 0; i < columns.length; i++) {
      RowBuffer.gather(output.column(i), source.rows().column(columns[i]), selection, count);
    }
    output.setCount(count);
    cursor += count;
    return output;
  }

  @Override
  public void close() {
    context = null;
    shared = null;
  }
}
