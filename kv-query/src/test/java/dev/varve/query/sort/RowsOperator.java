// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Yields given rows in batches of random sizes, some with a selection. */
public final class RowsOperator implements Operator {
  private final List<SqlType> types;
  private final List<List<Object>> rows;
  private final int step;
  private int at;

  public RowsOperator(List<SqlType> types, List<List<Object>> rows, int step) {
    this.types = types;
    this.rows = rows;
    this.step = step;
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext context) {
    at = 0;
  }

  @Override
  public @Nullable Batch next() {
    int count = Math.min(step, rows.size() - at);
    if (count <= 0) {
      return null;
    }
    Batch batch = Batch.allocate(types, count * 2);
    int[] selection = new int[count];
    boolean sparse = at / step % 2 == 1;
    for (int k = 0; k < count; k++) {
      int row = sparse ? k * 2 + 1 : k;
      selection[k] = row;
      for (int c = 0; c < types.size(); c++) {
        batch.column(c).setDatum(row, rows.get(at + k).get(c));
      }
    }
    if (sparse) {
      batch.select(selection, count);
    } else {
      batch.setCount(count);
    }
    at += count;
    return batch;
  }

  @Override
  public void close() {
    at = rows.size();
  }
}
