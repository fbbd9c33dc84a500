// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Computes columns from each row, and drops those not handed through. */
public record Project(LogicalPlan child, List<Assignment> assignments) implements LogicalPlan {
  /** Copies. */
  public Project {
    assignments = List.copyOf(assignments);
  }

  /** {@code child} with {@code extra} columns behind its own. */
  public static LogicalPlan extending(LogicalPlan child, List<Assignment> extra) {
    if (extra.isEmpty()) {
      return child;
    }
    List<Assignment> all = new ArrayList<>();
    child.output().forEach(column -> all.add(Assignment.identity(column)));
    all.addAll(extra);
    return new Project(child, all);
  }

  /** Only the given columns of {@code child}. */
  public static LogicalPlan keeping(LogicalPlan child, List<PlanColumn> columns) {
    return child.output().equals(columns)
        ? child
        : new Project(child, columns.stream().map(Assignment::identity).toList());
  }

  @Override
  public List<PlanColumn> output() {
    return assignments.stream().map(Assignment::column).toList();
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(child);
  }

  @Override
  public Project withChildren(List<LogicalPlan> children) {
    return new Project(children.get(0), assignments);
  }

  @Override
  public List<Expression> expressions() {
    return assignments.stream().map(Assignment::expression).toList();
  }

  @Override
  public Project mapExpressions(UnaryOperator<Expression> replacement) {
    return new Project(
        child,
        assignments.stream()
            .map(each -> new Assignment(each.column(), replacement.apply(each.expression())))
            .toList());
  }
}
