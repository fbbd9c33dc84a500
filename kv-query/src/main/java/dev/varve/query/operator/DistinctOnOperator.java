// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first row of each run of rows that agree in some columns. */
public final class DistinctOnOperator implements Operator {
  private final Operator child;
  private final int[] keys;
  private final RowBuffer last;
  private final int[] selected = new int[Batch.CAPACITY];

  /** Of the rows of {@code child}, in which equal keys stand together. */
  public DistinctOnOperator(Operator child, int[] keys) {
    this.child = child;
    this.keys = keys.clone();
    this.last = new RowBuffer(java.util.Arrays.stream(keys).mapToObj(child.types()::get).toList());
  }

  @Override
  public List<SqlType> types() {
    return child.types();
  }

  @Override
  public void open(ExecutionContext context) {
    last.clear();
    child.open(context);
  }

  @Override
  public @Nullable Batch next() {
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      int found = 0;
      for (int k = 0; k < batch.count(); k++) {
        int row = batch.row(k);
        if (last.count() == 0 || !agrees(batch, row)) {
          last.clear();
          last.append(batch, keys, row);
          selected[found++] = row;
        }
      }
      if (found > 0) {
        batch.select(selected, found);
        return batch;
      }
    }
    return null;
  }

  private boolean agrees(Batch batch, int row) {
    for (int i = 0; i < keys.length; i++) {
      Vector column = batch.column(keys[i]);
      Vector before = last.column(i);
      boolean isNull = column.isNull(row);
      if (isNull != before.isNull(0) || !isNull && !column.equal(row, before, 0)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    last.clear();
    child.close();
  }
}
