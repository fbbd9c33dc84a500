// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.Expressions;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.CteScan;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.PlanRewriter;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.RecursiveUnion;
import dev.varve.query.plan.With;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes a common table expression where it is read, when it is read once and only; drops one that is
 * not read.
 */
final class CteInlining implements Pass {
  @Override
  public String name() {
    return "cte_inlining";
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan, PassContext context) {
    return PlanRewriter.bottomUp(plan, CteInlining::inline);
  }

  private static LogicalPlan inline(LogicalPlan node) {
    if (!(node instanceof With with)) {
      return node;
    }
    int[] scans = new int[2];
    count(with.body(), with.cte(), false, scans);
    if (scans[0] == 0) {
      return with.body();
    }
    boolean once = scans[0] == 1 && scans[1] == 0 && with.isInlinable();
    return once && !isVolatile(with.definition())
        ? PlanRewriter.bottomUp(with.body(), each -> replace(each, with))
        : with;
  }

  /** Counts the scans of a common table, and how many of them run repeatedly. */
  private static void count(LogicalPlan plan, int cte, boolean repeated, int[] scans) {
    if (plan instanceof CteScan scan && scan.cte() == cte) {
      scans[0]++;
      scans[1] += repeated ? 1 : 0;
    }
    boolean inside = repeated || plan instanceof RecursiveUnion;
    plan.children().forEach(child -> count(child, cte, inside, scans));
  }

  private static boolean isVolatile(LogicalPlan plan) {
    return plan.expressions().stream().anyMatch(Expressions::isVolatile)
        || plan.children().stream().anyMatch(CteInlining::isVolatile);
  }

  private static LogicalPlan replace(LogicalPlan node, With with) {
    if (!(node instanceof CteScan scan) || scan.cte() != with.cte()) {
      return node;
    }
    Map<Integer, PlanColumn> defined = new HashMap<>();
    with.definition().output().forEach(column -> defined.put(column.id(), column));
    List<Assignment> assignments = new ArrayList<>();
    for (int i = 0; i < scan.output().size(); i++) {
      int source = with.definitionColumns().get(scan.ordinals().get(i));
      assignments.add(new Assignment(scan.output().get(i), defined.get(source).reference()));
    }
    return new Project(with.definition(), assignments);
  }
}
