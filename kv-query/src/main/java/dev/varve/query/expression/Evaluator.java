// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Computes an expression over batches. Owns the vector it returns, which is valid until its next
 * call; so one evaluator serves one execution at a time. Not thread-safe.
 */
public abstract class Evaluator {
  /**
   * The values for the rows {@code selection[0 .. count)} of {@code batch}, or {@code 0 .. count - 1}
   * when selection is null. The result is indexed by row; other rows hold nothing meaningful. Errors
   * are raised for selected rows only.
   */
  public abstract Vector evaluate(Batch batch, int @Nullable [] selection, int count);

  /** The values for the batch's own selection. */
  public final Vector evaluate(Batch batch) {
    return evaluate(batch, batch.selection(), batch.count());
  }

  /**
   * Of the rows given, writes those for which this boolean expression is TRUE into {@code into},
   * ascending; {@code into} may be {@code selection} itself.
   *
   * @return how many
   */
  public int select(Batch batch, int @Nullable [] selection, int count, int[] into) {
    BooleanVector result = (BooleanVector) evaluate(batch, selection, count);
    boolean[] values = result.values;
    int selected = 0;
    if (result.hasNulls) {
      boolean[] nulls = result.nulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        into[selected] = row;
        selected += values[row] & !nulls[row] ? 1 : 0;
      }
    } else {
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        into[selected] = row;
        selected += values[row] ? 1 : 0;
      }
    }
    return selected;
  }

  /** One more than the largest row selected: how much room a result needs. */
  protected static int rows(int @Nullable [] selection, int count) {
    return selection == null || count == 0 ? count : selection[count - 1] + 1;
  }

  /** Empties {@code result} and makes room for the selected rows. */
  protected static <V extends Vector> V prepare(V result, int @Nullable [] selection, int count) {
    result.ensureCapacity(rows(selection, count));
    result.reset();
    return result;
  }
}
