// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** NOT, IS NULL, IS TRUE and their kin. */
final class TestEvaluators {
  private TestEvaluators() {}

  /** NOT. */
  static final class Negation extends Evaluator {
    private final Evaluator operand;
    private final BooleanVector result = new BooleanVector(SqlType.BOOLEAN, Batch.CAPACITY);

    Negation(Evaluator operand) {
      this.operand = operand;
    }

    @Override
    public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
      BooleanVector in = (BooleanVector) operand.evaluate(batch, selection, count);
      prepare(result, selection, count);
      result.orNulls(in, selection, count);
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        result.values[row] = !in.values[row];
      }
      return result;
    }
  }

  /** IS NULL and IS NOT NULL. */
  static final class NullTest extends Evaluator {
    private final Evaluator operand;
    private final boolean negated;
    private final BooleanVector result = new BooleanVector(SqlType.BOOLEAN, Batch.CAPACITY);

    NullTest(Evaluator operand, boolean negated) {
      this.operand = operand;
      this.negated = negated;
    }

    @Override
    public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
      Vector in = operand.evaluate(batch, selection, count);
      prepare(result, selection, count);
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        result.values[row] = in.nulls[row] != negated;
      }
      return result;
    }
  }

  /** IS TRUE, IS FALSE and their negations. */
  static final class BooleanTest extends Evaluator {
    private final Evaluator operand;
    private final boolean expected;
    private final boolean negated;
    private final BooleanVector result = new BooleanVector(SqlType.BOOLEAN, Batch.CAPACITY);

    BooleanTest(Evaluator operand, boolean expected, boolean negated) {
      this.operand = operand;
      this.expected = expected;
      this.negated = negated;
    }

    @Override
    public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
      BooleanVector in = (BooleanVector) operand.evaluate(batch, selection, count);
      prepare(result, selection, count);
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        result.values[row] = (!in.nulls[row] && in.values[row] == expected) != negated;
      }
      return result;
    }
  }
}
