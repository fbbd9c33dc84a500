// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows for which all predicates are TRUE; each predicate sees only what passed those before. */
public final class FilterOperator implements Operator {
  private final Operator child;
  private final List<Evaluator> predicates;
  private final int[] selected = new int[Batch.CAPACITY];

  /** Filters {@code child}. */
  public FilterOperator(Operator child, List<Evaluator> predicates) {
    this.child = child;
    this.predicates = List.copyOf(predicates);
  }

  @Override
  public List<SqlType> types() {
    return child.types();
  }

  @Override
  public void open(ExecutionContext context) {
    child.open(context);
  }

  @Override
  public @Nullable Batch next() {
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      int[] rows = batch.selection();
      int count = batch.count();
      for (int i = 0; i < predicates.size() && count > 0; i++) {
        count = predicates.get(i).select(batch, rows, count, selected);
        rows = selected;
      }
      if (count > 0) {
        batch.select(rows, count);
        return batch;
      }
    }
    return null;
  }

  @Override
  public void close() {
    child.close();
  }
}
