// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Computes the definition at most once, when the body first asks for it; the body reads it through
 * {@link CteScan}s of the same number.
 *
 * @param cte the number
 * @param name what it is called in the query
 * @param definitionColumns the columns of the definition that a scan's ordinals count
 * @param isInlinable whether a definition that is read once may be computed where it is read
 * @param isInlined whether it must be, however often it is read: NOT MATERIALIZED
 */
public record With(
    int cte,
    String name,
    LogicalPlan definition,
    List<Integer> definitionColumns,
    LogicalPlan body,
    boolean isInlinable,
    boolean isInlined)
    implements LogicalPlan {
  /** Copies. */
  public With {
    definitionColumns = List.copyOf(definitionColumns);
  }

  @Override
  public List<PlanColumn> output() {
    return body.output();
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(definition, body);
  }

  @Override
  public With withChildren(List<LogicalPlan> children) {
    return new With(
        cte, name, children.get(0), definitionColumns, children.get(1), isInlinable, isInlined);
  }

  @Override
  public List<Expression> expressions() {
    return List.of();
  }

  @Override
  public With mapExpressions(UnaryOperator<Expression> replacement) {
    return this;
  }

  @Override
  public List<Integer> columnsRead() {
    return definitionColumns;
  }
}
