// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A join. Where the right side reads columns of the left side it is dependent: its meaning is that
 * the right side is evaluated anew for each left row.
 *
 * @param conditions all must be TRUE for two rows to be partners
 * @param comparisons of a MARK join: among partners, the mark is the OR over the AND of these in
 *     three-valued logic; empty means that any partner makes it TRUE
 * @param mark the column of a MARK join's answer, else null
 */
public record Join(
    JoinKind kind,
    LogicalPlan left,
    LogicalPlan right,
    List<Expression> conditions,
    List<Expression> comparisons,
    @Nullable PlanColumn mark)
    implements LogicalPlan {
  /** Checks and copies. */
  public Join {
    conditions = List.copyOf(conditions);
    comparisons = List.copyOf(comparisons);
    if ((kind == JoinKind.MARK) != (mark != null)) {
      throw new IllegalArgumentException("only a MARK join has a mark: " + kind);
    }
  }

  /** A join of any kind but MARK. */
  public Join(JoinKind kind, LogicalPlan left, LogicalPlan right, List<Expression> conditions) {
    this(kind, left, right, conditions, List.of(), null);
  }

  /** The same join with other conditions. */
  public Join withConditions(List<Expression> replacement) {
    return new Join(kind, left, right, replacement, comparisons, mark);
  }

  /** The same join of another kind, neither being MARK. */
  public Join withKind(JoinKind replacement) {
    return new Join(replacement, left, right, conditions);
  }

  @Override
  public List<PlanColumn> output() {
    List<PlanColumn> columns = new ArrayList<>();
    for (PlanColumn column : left.output()) {
      columns.add(kind.keepsRight() ? column.asNullable() : column);
    }
    if (mark != null) {
      columns.add(mark);
    }
    if (kind.producesRight()) {
      for (PlanColumn column : right.output()) {
        columns.add(
            kind == JoinKind.INNER || kind == JoinKind.RIGHT ? column : column.asNullable());
      }
    }
    return columns;
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(left, right);
  }

  @Override
  public Join withChildren(List<LogicalPlan> children) {
    return new Join(kind, children.get(0), children.get(1), conditions, comparisons, mark);
  }

  @Override
  public List<Expression> expressions() {
    if (comparisons.isEmpty()) {
      return conditions;
    }
    List<Expression> all = new ArrayList<>(conditions);
    all.addAll(comparisons);
    return all;
  }

  @Override
  public Join mapExpressions(UnaryOperator<Expression> replacement) {
    return new Join(
        kind,
        left,
        right,
        conditions.stream().map(replacement).toList(),
        comparisons.stream().map(replacement).toList(),
        mark);
  }
}
