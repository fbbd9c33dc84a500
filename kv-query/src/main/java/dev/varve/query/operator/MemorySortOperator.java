// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.plan.SortOrder;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts in memory. */
public final class MemorySortOperator implements Operator {
  private final Operator child;
  private final List<SortOrder> keys;
  private final RowBuffer rows;
  private final Batch output;
  private int[] order = new int[0];
  private int cursor;

  /** Sorts by columns of the child. */
  public MemorySortOperator(Operator child, List<SortOrder> keys) {
    this.child = child;
    this.keys = keys;
    this.rows = new RowBuffer(child.types());
    this.output = Batch.allocate(child.types(), Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return child.types();
  }

  @Override
  public void open(ExecutionContext context) {
    rows.clear();
    child.open(context);
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      rows.append(batch);
    }
    child.close();
    Integer[] boxed = new Integer[rows.count()];
    Arrays.setAll(boxed, i -> i);
    Arrays.sort(boxed, this::compare);
    order = Arrays.stream(boxed).mapToInt(Integer::intValue).toArray();
    cursor = 0;
  }

  private int compare(int left, int right) {
    for (SortOrder key : keys) {
      Vector column = rows.column(key.column());
      boolean leftNull = column.isNull(left);
      boolean rightNull = column.isNull(right);
      int result;
      if (leftNull || rightNull) {
        result = leftNull == rightNull ? 0 : leftNull == key.nullsFirst() ? -1 : 1;
      } else {
        result = column.compare(left, column, right);
        result = key.descending() ? -result : result;
      }
      if (result != 0) {
        return result;
      }
    }
    return 0;
  }

  @Override
  public @Nullable Batch next() {
    int count = Math.min(Batch.CAPACITY, order.length - cursor);
    if (count <= 0) {
      return null;
    }
    int[] selection = Arrays.copyOfRange(order, cursor, cursor + count);
    for (int i = 0; i < rows.width(); i++) {
      RowBuffer.gather(output.column(i), rows.column(i), selection, count);
    }
    output.setCount(count);
    cursor += count;
    return output;
  }

  @Override
  public void close() {
    rows.release();
    order = new int[0];
    child.close();
  }
}
