// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** COALESCE: an operand is evaluated only for the rows for which all before it are NULL. */
final class CoalesceEvaluator extends Evaluator {
  private final Evaluator[] operands;
  private final Vector result;
  private int[] remaining = new int[0];
  private int[] found = new int[0];

  CoalesceEvaluator(SqlType type, List<Evaluator> operands) {
    this.operands = operands.toArray(Evaluator[]::new);
    this.result = Vector.allocate(type, Batch.CAPACITY);
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    Vector first = operands[0].evaluate(batch, selection, count);
    if (!first.hasNulls) {
      return first;
    }
    prepare(result, selection, count);
    if (remaining.length < count) {
      remaining = new int[Math.max(count, Batch.CAPACITY)];
      found = new int[remaining.length];
    }
    for (int k = 0; k < count; k++) {
      remaining[k] = selection == null ? k : selection[k];
    }
    int left = take(first, count);
    for (int i = 1; i < operands.length && left > 0; i++) {
      left = take(operands[i].evaluate(batch, remaining, left), left);
    }
    for (int k = 0; k < left; k++) {
      result.setNull(remaining[k]);
    }
    return result;
  }

  private int take(Vector operand, int count) {
    int taken = 0;
    int kept = 0;
    for (int k = 0; k < count; k++) {
      int row = remaining[k];
      if (operand.nulls[row]) {
        remaining[kept++] = row;
      } else {
        found[taken++] = row;
      }
    }
    result.copyRows(operand, found, taken);
    return kept;
  }
}
