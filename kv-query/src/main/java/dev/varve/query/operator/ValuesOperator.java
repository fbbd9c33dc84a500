// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of expressions that read no columns. */
public final class ValuesOperator implements Operator {
  private final List<SqlType> types;
  private final List<List<Evaluator>> rows;
  private final Batch output;
  private final Batch input = new Batch();
  private @Nullable ExecutionContext context;
  private int cursor;

  /** Rows, each as long as {@code types}. */
  public ValuesOperator(List<SqlType> types, List<List<Evaluator>> rows) {
    this.types = List.copyOf(types);
    this.rows = rows;
    this.output = Batch.allocate(types, Math.max(1, Math.min(rows.size(), Batch.CAPACITY)));
    input.setCount(1);
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    cursor = 0;
  }

  @Override
  public @Nullable Batch next() {
    int count = Math.min(rows.size() - cursor, Batch.CAPACITY);
    if (count <= 0 || context == null) {
      return null;
    }
    context.checkCanceled();
    Batch batch = output;
    batch.clear();
    for (int k = 0; k < count; k++) {
      List<Evaluator> row = rows.get(cursor + k);
      for (int i = 0; i < types.size(); i++) {
        batch.column(i).copy(k, row.get(i).evaluate(input), 0);
      }
    }
    batch.setCount(count);
    cursor += count;
    return batch;
  }

  @Override
  public void close() {
    context = null;
  }
}
