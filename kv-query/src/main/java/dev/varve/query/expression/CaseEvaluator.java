// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CASE: a condition sees only the rows that no earlier one took, a result only those it is for. */
final class CaseEvaluator extends Evaluator {
  private final Evaluator[] conditions;
  private final Evaluator[] results;
  private final Evaluator otherwise;
  private final Vector result;
  private int[] remaining = new int[0];
  private int[] matched = new int[0];

  CaseEvaluator(
      SqlType type, List<Evaluator> conditions, List<Evaluator> results, Evaluator otherwise) {
    this.conditions = conditions.toArray(Evaluator[]::new);
    this.results = results.toArray(Evaluator[]::new);
    this.otherwise = otherwise;
    this.result = Vector.allocate(type, Batch.CAPACITY);
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    prepare(result, selection, count);
    if (remaining.length < count) {
      remaining = new int[Math.max(count, Batch.CAPACITY)];
      matched = new int[remaining.length];
    }
    for (int k = 0; k < count; k++) {
      remaining[k] = selection == null ? k : selection[k];
    }
    int left = count;
    for (int i = 0; i < conditions.length && left > 0; i++) {
      int found = conditions[i].select(batch, remaining, left, matched);
      if (found > 0) {
        result.copyRows(results[i].evaluate(batch, matched, found), matched, found);
        left = remove(left, found);
      }
    }
    if (left > 0) {
      result.copyRows(otherwise.evaluate(batch, remaining, left), remaining, left);
    }
    return result;
  }

  /** Takes the first {@code found} of matched out of the first {@code left} of remaining. */
  private int remove(int left, int found) {
    int kept = 0;
    int at = 0;
    for (int k = 0; k < left; k++) {
      int row = remaining[k];
      if (at < found && matched[at] == row) {
        at++;
      } else {
        remaining[kept++] = row;
      }
    }
    return kept;
  }
}
