// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.List;
import java.util.function.UnaryOperator;

/** The first row of each run of equal keys; the child is sorted so that equal keys are together. */
public record DistinctOn(LogicalPlan child, List<Integer> keys) implements LogicalPlan {
  /** Copies. */
  public DistinctOn {
    keys = List.copyOf(keys);
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
  public DistinctOn withChildren(List<LogicalPlan> children) {
    return new DistinctOn(children.get(0), keys);
  }

  @Override
  public List<Expression> expressions() {
    return List.of();
  }

  @Override
  public DistinctOn mapExpressions(UnaryOperator<Expression> replacement) {
    return this;
  }

  @Override
  public List<Integer> columnsRead() {
    return keys;
  }
}
