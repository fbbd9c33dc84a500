// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.List;
import java.util.function.UnaryOperator;

/** All rows, in order. */
public record Sort(LogicalPlan child, List<SortOrder> keys) implements LogicalPlan {
  /** Copies. */
  public Sort {
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
  public Sort withChildren(List<LogicalPlan> children) {
    return new Sort(children.get(0), keys);
  }

  @Override
  public List<Expression> expressions() {
    return List.of();
  }

  @Override
  public Sort mapExpressions(UnaryOperator<Expression> replacement) {
    return this;
  }

  @Override
  public List<Integer> columnsRead() {
    return keys.stream().map(SortOrder::column).toList();
  }
}
