// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Rows that the caller of the plan supplies at execution.
 *
 * @param name under which they are supplied
 * @param ordinals which of the supplied columns stand for the output's
 */
public record GivenRows(String name, List<PlanColumn> output, List<Integer> ordinals)
    implements LogicalPlan {
  /** Copies. */
  public GivenRows {
    output = List.copyOf(output);
    ordinals = List.copyOf(ordinals);
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of();
  }

  @Override
  public GivenRows withChildren(List<LogicalPlan> children) {
    return this;
  }

  @Override
  public List<Expression> expressions() {
    return List.of();
  }

  @Override
  public GivenRows mapExpressions(UnaryOperator<Expression> replacement) {
    return this;
  }
}
