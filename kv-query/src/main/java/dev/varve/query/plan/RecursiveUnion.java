// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * WITH RECURSIVE: the rows of the anchor, then those of the step over the rows found last, until a
 * step finds none. The step reads them through a {@link CteScan} of the same number.
 *
 * @param cte the number
 * @param distinct whether rows already seen are dropped (UNION) or kept (UNION ALL)
 */
public record RecursiveUnion(
    int cte,
    LogicalPlan anchor,
    LogicalPlan step,
    List<Integer> anchorColumns,
    List<Integer> stepColumns,
    List<PlanColumn> output,
    boolean distinct)
    implements LogicalPlan {
  /** Copies. */
  public RecursiveUnion {
    anchorColumns = List.copyOf(anchorColumns);
    stepColumns = List.copyOf(stepColumns);
    output = List.copyOf(output);
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(anchor, step);
  }

  @Override
  public RecursiveUnion withChildren(List<LogicalPlan> children) {
    return new RecursiveUnion(
        cte, children.get(0), children.get(1), anchorColumns, stepColumns, output, distinct);
  }

  @Override
  public List<Expression> expressions() {
    return List.of();
  }

  @Override
  public RecursiveUnion mapExpressions(UnaryOperator<Expression> replacement) {
    return this;
  }

  @Override
  public List<Integer> columnsRead() {
    List<Integer> all = new ArrayList<>(anchorColumns);
    all.addAll(stepColumns);
    return all;
  }
}
