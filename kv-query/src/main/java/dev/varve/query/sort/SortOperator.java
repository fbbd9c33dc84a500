// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts the rows of its child, on disk when they do not fit the work memory. */
public final class SortOperator implements Operator {
  private final Operator child;
  private final RowOrder order;
  private @Nullable RowSorter sorter;

  /** Sorts by columns of the child, given by position. */
  public SortOperator(Operator child, List<SortOrder> keys) {
    this.child = child;
    this.order = new RowOrder(keys);
  }

  @Override
  public List<SqlType> types() {
    return child.types();
  }

  @Override
  public void open(ExecutionContext context) {
    RowSorter opened =
        new RowSorter(child.types(), order, context.workMemoryBytes(), context.spill());
    sorter = opened;
    child.open(context);
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      context.checkCanceled();
      opened.add(batch);
    }
    child.close();
    opened.finish();
  }

  @Override
  public @Nullable Batch next() {
    RowSorter opened = sorter;
    return opened == null ? null : opened.next();
  }

  @Override
  public void close() {
    try {
      if (sorter != null) {
        sorter.close();
        sorter = null;
      }
    } finally {
      child.close();
    }
  }
}
