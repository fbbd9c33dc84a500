// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** A column of the batch, as it is. */
public final class ColumnEvaluator extends Evaluator {
  private final int column;

  ColumnEvaluator(int column) {
    this.column = column;
  }

  /** The column's index in the batch. */
  public int column() {
    return column;
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    return batch.column(column);
  }
}
