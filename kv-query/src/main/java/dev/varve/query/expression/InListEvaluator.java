// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IN over expressions: compared one after the other, for the rows not found yet. */
final class InListEvaluator extends Evaluator {
  private final Evaluator operand;
  private final Evaluator[] list;
  private final boolean negated;
  private final BooleanVector result = new BooleanVector(SqlType.BOOLEAN, Batch.CAPACITY);
  private int[] remaining = new int[0];

  InListEvaluator(Evaluator operand, List<Evaluator> list, boolean negated) {
    this.operand = operand;
    this.list = list.toArray(Evaluator[]::new);
    this.negated = negated;
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    Vector in = operand.evaluate(batch, selection, count);
    prepare(result, selection, count);
    if (remaining.length < count) {
      remaining = new int[Math.max(count, Batch.CAPACITY)];
    }
    int left = 0;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      result.values[row] = negated;
      if (in.nulls[row]) {
        result.setNull(row);
      } else {
        remaining[left++] = row;
      }
    }
    for (int i = 0; i < list.length && left > 0; i++) {
      left = compare(in, list[i].evaluate(batch, remaining, left), left);
    }
    return result;
  }

  private int compare(Vector in, Vector element, int count) {
    int kept = 0;
    for (int k = 0; k < count; k++) {
      int row = remaining[k];
      if (element.nulls[row]) {
        result.setNull(row);
        remaining[kept++] = row;
      } else if (in.equal(row, element, row)) {
        result.set(row, !negated);
      } else {
        remaining[kept++] = row;
      }
    }
    return kept;
  }
}
