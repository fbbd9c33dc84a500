// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Rewrites plans and expressions bottom up, sharing what does not change. */
public final class PlanRewriter {
  private PlanRewriter() {}

  /** Replaces every node, children first. */
  public static LogicalPlan bottomUp(LogicalPlan plan, UnaryOperator<LogicalPlan> replacement) {
    return replacement.apply(mapChildren(plan, child -> bottomUp(child, replacement)));
  }

  /** Replaces the children of a node. */
  public static LogicalPlan mapChildren(LogicalPlan plan, UnaryOperator<LogicalPlan> replacement) {
    List<LogicalPlan> children = plan.children();
    List<LogicalPlan> changed = new ArrayList<>(children.size());
    boolean same = true;
    for (LogicalPlan child : children) {
      LogicalPlan after = replacement.apply(child);
      same &= after == child;
      changed.add(after);
    }
    return same ? plan : plan.withChildren(changed);
  }

  /** Replaces references to columns by expressions. */
  public static Expression substitute(Expression expression, Map<Integer, Expression> columns) {
    return columns.isEmpty()
        ? expression
        : Expressions.rewrite(
            expression,
            each ->
                each instanceof ColumnReference reference
                    ? columns.getOrDefault(reference.column(), each)
                    : each);
  }

  /** {@link #substitute} in every expression of a whole plan. */
  public static LogicalPlan substituteAll(LogicalPlan plan, Map<Integer, Expression> columns) {
    return bottomUp(plan, node -> node.mapExpressions(each -> substitute(each, columns)));
  }
}
