// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes a function row by row; rows with a NULL argument are skipped when it is strict. */
final class RowEvaluator extends Evaluator {
  private final RowFunction function;
  private final Evaluator[] arguments;
  private final Vector[] inputs;
  private final boolean strict;
  private final Vector result;
  private final Cells cells;

  RowEvaluator(
      RowFunction function,
      SqlType type,
      List<Evaluator> arguments,
      boolean strict,
      EvaluationContext context) {
    this.function = function;
    this.arguments = arguments.toArray(Evaluator[]::new);
    this.inputs = new Vector[arguments.size()];
    this.strict = strict;
    this.result = Vector.allocate(type, 1);
    this.cells = new Cells(context, inputs, result);
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = arguments[i].evaluate(batch, selection, count);
    }
    prepare(result, selection, count);
    if (strict) {
      for (Vector input : inputs) {
        result.orNulls(input, selection, count);
      }
    }
    boolean skipNulls = strict && result.hasNulls;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!(skipNulls && result.nulls[row])) {
        cells.moveTo(row);
        function.apply(cells);
      }
    }
    return result;
  }
}
