// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes columns from each row. */
public final class ProjectOperator implements Operator {
  private final Operator child;
  private final Evaluator[] evaluators;
  private final List<SqlType> types;
  private final Batch output;

  /** Projects {@code child}; {@code types} are those of the evaluators' results. */
  public ProjectOperator(Operator child, List<Evaluator> evaluators, List<SqlType> types) {
    this.child = child;
    this.evaluators = evaluators.toArray(Evaluator[]::new);
    this.types = List.copyOf(types);
    this.output = new Batch(new Vector[types.size()]);
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext context) {
    child.open(context);
  }

  @Override
  public @Nullable Batch next() {
    Batch batch = child.next();
    if (batch == null) {
      return null;
    }
    for (int i = 0; i < evaluators.length; i++) {
      output.setColumn(i, evaluators[i].evaluate(batch));
    }
    output.select(batch.selection(), batch.count());
    return output;
  }

  @Override
  public void close() {
    child.close();
  }
}
