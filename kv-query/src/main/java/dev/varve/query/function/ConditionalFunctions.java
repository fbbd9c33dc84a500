// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ScalarFunction;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** GREATEST and LEAST, which ignore NULLs. */
final class ConditionalFunctions {
  static final ScalarFunction GREATEST = new Extreme("greatest", 1);
  static final ScalarFunction LEAST = new Extreme("least", -1);

  private ConditionalFunctions() {}

  private record Extreme(String name, int sign) implements ScalarFunction {
    @Override
    public Volatility volatility() {
      return Volatility.IMMUTABLE;
    }

    @Override
    public boolean isStrict() {
      return false;
    }

    @Override
    public Evaluator evaluator(
        Expression.Call call, List<Evaluator> arguments, EvaluationContext context) {
      return new ExtremeEvaluator(call, arguments, sign);
    }
  }

  private static final class ExtremeEvaluator extends Evaluator {
    private final Evaluator[] arguments;
    private final int sign;
    private final Vector result;

    ExtremeEvaluator(Expression.Call call, List<Evaluator> arguments, int sign) {
      this.arguments = arguments.toArray(Evaluator[]::new);
      this.sign = sign;
      this.result = Vector.allocate(call.type(), Batch.CAPACITY);
    }

    @Override
    public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
      prepare(result, selection, count);
      for (int i = 0; i < arguments.length; i++) {
        Vector in = arguments[i].evaluate(batch, selection, count);
        for (int k = 0; k < count; k++) {
          int row = selection == null ? k : selection[k];
          if (i == 0
              || !in.nulls[row] && (result.nulls[row] || in.compare(row, result, row) * sign > 0)) {
            result.copy(row, in, row);
          }
        }
      }
      return result;
    }
  }
}
