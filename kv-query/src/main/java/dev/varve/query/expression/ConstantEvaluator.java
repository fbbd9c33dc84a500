// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.expression.Expression.Constant;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** The same value for every row, in a vector that is filled once. */
public final class ConstantEvaluator extends Evaluator {
  private final @Nullable Object value;
  private final Vector result;
  private int filled;

  ConstantEvaluator(Constant constant) {
    this.value = constant.value();
    this.result = Vector.allocate(constant.type(), 1);
  }

  /** The value. */
  public @Nullable Object value() {
    return value;
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    int rows = rows(selection, count);
    if (rows > filled) {
      fill(result, filled, rows, value);
      filled = rows;
    }
    return result;
  }

  /** Sets rows {@code from .. to - 1}; variable-length bytes are stored once. */
  static void fill(Vector vector, int from, int to, @Nullable Object value) {
    vector.ensureCapacity(to);
    if (vector instanceof BytesVector bytes && value != null) {
      if (from == 0) {
        vector.setDatum(0, value);
      }
      for (int row = Math.max(from, 1); row < to; row++) {
        bytes.setRange(row, bytes.offsets[0], bytes.lengths[0]);
      }
    } else {
      for (int row = from; row < to; row++) {
        vector.setDatum(row, value);
      }
    }
  }
}
