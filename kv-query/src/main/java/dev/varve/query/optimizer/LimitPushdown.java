// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanRewriter;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/** Moves LIMIT below projections, and bounds what each input of a union yields. */
final class LimitPushdown implements Pass {
  @Override
  public String name() {
    return "limit_pushdown";
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan, PassContext context) {
    return PlanRewriter.bottomUp(plan, node -> node instanceof Limit limit ? push(limit) : node);
  }

  private static LogicalPlan push(Limit limit) {
    if (!limit.ties().isEmpty()) {
      return limit;
    }
    if (limit.child() instanceof Project project) {
      Limit below = new Limit(project.child(), limit.count(), limit.offset(), List.of());
      return new Project(push(below), project.assignments());
    }
    if (limit.child() instanceof UnionAll union) {
      long rows = rows(limit);
      if (rows >= 0) {
        List<LogicalPlan> inputs = new ArrayList<>();
        Expression count = new Expression.Constant(rows, SqlType.BIGINT, Position.NONE);
        for (LogicalPlan input : union.inputs()) {
          inputs.add(
              input instanceof Limit ? input : push(new Limit(input, count, null, List.of())));
        }
        return new Limit(union.withChildren(inputs), limit.count(), limit.offset(), List.of());
      }
    }
    return limit;
  }

  /** How many rows are read at most, or -1 when that is not known yet. */
  private static long rows(Limit limit) {
    long count = constant(limit.count());
    long offset = limit.offset() == null ? 0 : constant(limit.offset());
    return count < 0 || offset < 0 || count + offset < 0 ? -1 : count + offset;
  }

  private static long constant(Expression expression) {
    return expression instanceof Expression.Constant constant
            && constant.value() instanceof Long value
        ? value
        : -1;
  }
}
