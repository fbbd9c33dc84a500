// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * AND and OR of any number of operands, in three-valued logic. An operand is evaluated only for the
 * rows that the ones before it left undecided, so that {@code x <> 0 AND 1 / x > 2} raises nothing.
 */
final class ConjunctionEvaluator extends Evaluator {
  private final Evaluator[] operands;
  private final boolean isAnd;
  private final BooleanVector result = new BooleanVector(SqlType.BOOLEAN, Batch.CAPACITY);
  private int[] undecided = new int[Batch.CAPACITY];
  private boolean[] hits = new boolean[0];

  /** AND when {@code isAnd}, else OR. */
  ConjunctionEvaluator(List<Evaluator> operands, boolean isAnd) {
    this.operands = operands.toArray(Evaluator[]::new);
    this.isAnd = isAnd;
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    prepare(result, selection, count);
    int remaining = begin(selection, count);
    for (int k = 0; k < count; k++) {
      result.values[undecided[k]] = isAnd;
    }
    for (int i = 0; i < operands.length && remaining > 0; i++) {
      BooleanVector operand =
          (BooleanVector) operands[i].evaluate(batch, i == 0 ? selection : undecided, remaining);
      int kept = 0;
      for (int k = 0; k < remaining; k++) {
        int row = undecided[k];
        if (operand.nulls[row]) {
          result.setNull(row);
          undecided[kept++] = row;
        } else if (operand.values[row] == isAnd) {
          undecided[kept++] = row;
        } else {
          result.set(row, !isAnd);
        }
      }
      remaining = kept;
    }
    return result;
  }

  @Override
  public int select(Batch batch, int @Nullable [] selection, int count, int[] into) {
    return isAnd
        ? selectAll(batch, selection, count, into)
        : selectAny(batch, selection, count, into);
  }

  private int selectAll(Batch batch, int @Nullable [] selection, int count, int[] into) {
    int selected = operands[0].select(batch, selection, count, into);
    for (int i = 1; i < operands.length && selected > 0; i++) {
      selected = operands[i].select(batch, into, selected, into);
    }
    return selected;
  }

  private int selectAny(Batch batch, int @Nullable [] selection, int count, int[] into) {
    int rows = rows(selection, count);
    if (hits.length < rows) {
      hits = new boolean[Math.max(rows, Batch.CAPACITY)];
    }
    int remaining = begin(selection, count);
    int[] matched = new int[remaining];
    for (int i = 0; i < operands.length && remaining > 0; i++) {
      int found = operands[i].select(batch, i == 0 ? selection : undecided, remaining, matched);
      for (int k = 0; k < found; k++) {
        hits[matched[k]] = true;
      }
      int kept = 0;
      for (int k = 0; k < remaining; k++) {
        int row = undecided[k];
        undecided[kept] = row;
        kept += hits[row] ? 0 : 1;
      }
      remaining = kept;
    }
    int selected = 0;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      boolean hit = hits[row];
      hits[row] = false;
      into[selected] = row;
      selected += hit ? 1 : 0;
    }
    return selected;
  }

  private int begin(int @Nullable [] selection, int count) {
    if (undecided.length < count) {
      undecided = new int[count];
    }
    for (int k = 0; k < count; k++) {
      undecided[k] = selection == null ? k : selection[k];
    }
    return count;
  }
}
