// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.Values;
import java.util.BitSet;

/** What is known of how many rows there can be. */
final class Uniqueness {
  private Uniqueness() {}

  /** Whether a left row of the join can have at most one partner. */
  static boolean hasAtMostOnePartner(Join join) {
    BitSet equal = new BitSet();
    for (Expression condition : join.conditions()) {
      if (condition instanceof Expression.Comparison comparison
          && (comparison.operator() == ComparisonOperator.EQUAL
              || comparison.operator() == ComparisonOperator.NOT_DISTINCT)) {
        mark(comparison.left(), equal);
        mark(comparison.right(), equal);
      }
    }
    return isUniqueBy(join.right(), equal);
  }

  private static void mark(Expression expression, BitSet columns) {
    if (expression instanceof ColumnReference reference) {
      columns.set(reference.column());
    }
  }

  /** Whether there is at most one row for each combination of values of {@code columns}. */
  static boolean isUniqueBy(LogicalPlan plan, BitSet columns) {
    if (plan instanceof Aggregate aggregate) {
      return aggregate.keys().stream().map(PlanColumn::id).allMatch(columns::get);
    } else if (plan instanceof Filter || plan instanceof Sort) {
      return isUniqueBy(plan.children().get(0), columns);
    } else if (plan instanceof Project project) {
      BitSet below = new BitSet();
      for (Assignment assignment : project.assignments()) {
        if (columns.get(assignment.column().id())) {
          mark(assignment.expression(), below);
        }
      }
      return isUniqueBy(project.child(), below);
    } else if (plan instanceof Limit limit) {
      return limit.ties().isEmpty()
              && limit.count() instanceof Expression.Constant constant
              && constant.value() instanceof Long count
              && count <= 1
          || isUniqueBy(limit.child(), columns);
    } else if (plan instanceof Values values) {
      return values.rows().size() <= 1;
    }
    return false;
  }
}
