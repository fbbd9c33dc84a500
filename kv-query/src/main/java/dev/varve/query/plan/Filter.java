// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The rows for which every conjunct is TRUE.
 *
 * @param conjuncts at least one
 */
public record Filter(LogicalPlan child, List<Expression> conjuncts) implements LogicalPlan {
  /** Copies. */
  public Filter {
    conjuncts = List.copyOf(conjuncts);
  }

  /** {@code child}, filtered unless there is nothing to check. */
  public static LogicalPlan of(LogicalPlan child, List<Expression> conjuncts) {
    return conjuncts.isEmpty() ? child : new Filter(child, conjuncts);
  }

  @Override
  public List<PlanColumn> output() {
    return child.output();
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(child);
  }

  @Override
  public Filter withChildren(List<LogicalPlan> children) {
    return new Filter(children.get(0), conjuncts);
  }

  @Override
  public List<Expression> expressions() {
    return conjuncts;
  }

  @Override
  public Filter mapExpressions(UnaryOperator<Expression> replacement) {
    return new Filter(child, conjuncts.stream().map(replacement).toList());
  }
}
