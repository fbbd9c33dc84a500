// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.expression.Expression.Parameter;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** A parameter's value for every row; filled again when the value is another object. */
final class ParameterEvaluator extends Evaluator {
  private final int index;
  private final EvaluationContext context;
  private final Vector result;
  private @Nullable Object value;
  private int filled;

  ParameterEvaluator(Parameter parameter, EvaluationContext context) {
    this.index = parameter.index();
    this.context = context;
    this.result = Vector.allocate(parameter.type(), 1);
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    Object current = context.parameter(index);
    if (current != value || filled == 0) {
      result.reset();
      value = current;
      filled = 0;
    }
    int rows = rows(selection, count);
    if (rows > filled) {
      ConstantEvaluator.fill(result, filled, rows, value);
      filled = rows;
    }
    return result;
  }
}
