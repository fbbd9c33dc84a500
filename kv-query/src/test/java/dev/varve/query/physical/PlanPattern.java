// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.Scan;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.plan.Values;
import java.util.List;

/** The shape that a plan must have; projections between its nodes do not matter. */
interface PlanPattern {
  /** Whether a plan, which is no projection, has the shape. */
  boolean fits(LogicalPlan plan);

  /** Whether a plan has the shape below its projections. */
  static boolean matches(PlanPattern pattern, LogicalPlan plan) {
    LogicalPlan at = plan;
    while (at instanceof Project project) {
      at = project.child();
    }
    return pattern.fits(at);
  }

  private static boolean all(List<PlanPattern> patterns, List<LogicalPlan> plans) {
    if (patterns.size() != plans.size()) {
      return false;
    }
    for (int i = 0; i < patterns.size(); i++) {
      if (!matches(patterns.get(i), plans.get(i))) {
        return false;
      }
    }
    return true;
  }

  static PlanPattern scan(String table) {
    return plan -> plan instanceof Scan scan && scan.table().name().equals(table);
  }

  /** A scan that reads so many columns. */
  static PlanPattern scan(String table, int columns) {
    return plan ->
        plan instanceof Scan scan
            && scan.table().name().equals(table)
            && scan.columns().size() == columns;
  }

  static PlanPattern filter(PlanPattern child) {
    return plan -> plan instanceof Filter filter && matches(child, filter.child());
  }

  /** A filter with so many conjuncts. */
  static PlanPattern filter(int conjuncts, PlanPattern child) {
    return plan ->
        plan instanceof Filter filter
            && filter.conjuncts().size() == conjuncts
            && matches(child, filter.child());
  }

  static PlanPattern join(JoinKind kind, PlanPattern left, PlanPattern right) {
    return plan ->
        plan instanceof Join join
            && join.kind() == kind
            && all(List.of(left, right), join.children());
  }

  static PlanPattern aggregate(PlanPattern child) {
    return plan -> plan instanceof Aggregate && all(List.of(child), plan.children());
  }

  static PlanPattern sort(PlanPattern child) {
    return plan -> plan instanceof Sort && all(List.of(child), plan.children());
  }

  static PlanPattern limit(PlanPattern child) {
    return plan -> plan instanceof Limit && all(List.of(child), plan.children());
  }

  static PlanPattern union(PlanPattern... inputs) {
    return plan -> plan instanceof UnionAll && all(List.of(inputs), plan.children());
  }

  /** So many rows of values. */
  static PlanPattern values(int rows) {
    return plan -> plan instanceof Values values && values.rows().size() == rows;
  }

  static PlanPattern anything() {
    return plan -> true;
  }
}
