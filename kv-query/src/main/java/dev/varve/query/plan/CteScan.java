// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads the rows of a {@link With}, or, inside the step of a {@link RecursiveUnion}, those found last.
 *
 * @param ordinals which columns of the definition stand for the output's
 */
public record CteScan(int cte, String name, List<PlanColumn> output, List<Integer> ordinals)
    implements LogicalPlan {
  /** Copies. */
  public CteScan {
    output = List.copyOf(output);
    ordinals = List.copyOf(ordinals);
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of();
  }

  @Override
  public CteScan withChildren(List<LogicalPlan> children) {
    return this;
  }

  @Override
  public List<Expression> expressions() {
    return List.of();
  }

  @Override
  public CteScan mapExpressions(UnaryOperator<Expression> replacement) {
    return this;
  }
}
