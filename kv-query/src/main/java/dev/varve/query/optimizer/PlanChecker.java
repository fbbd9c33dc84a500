// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.RecursiveUnion;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.plan.With;
import java.util.BitSet;

/**
 * Verifies that a plan is whole: every column that a node reads is produced by its children or, in the
 * right side of a join, by that join's left side; and no node produces a column twice.
 */
final class PlanChecker {
  private final String after;

  private PlanChecker(String after) {
    this.after = after;
  }

  /** Throws when the plan is not whole; else returns true. */
  static boolean check(LogicalPlan plan, String after) {
    new PlanChecker(after).check(plan, new BitSet());
    return true;
  }

  private void check(LogicalPlan node, BitSet outer) {
    BitSet visible = (BitSet) outer.clone();
    if (node instanceof Join join) {
      check(join.left(), outer);
      check(join.right(), ColumnSet.union(outer, ColumnSet.produced(join.left())));
    } else {
      node.children().forEach(child -> check(child, outer));
    }
    for (LogicalPlan child : node.children()) {
      visible.or(ColumnSet.produced(child));
    }
    BitSet read = ColumnSet.read(node.expressions());
    node.columnsRead().forEach(read::set);
    read.andNot(visible);
    if (!read.isEmpty()) {
      throw new AssertionError("after " + after + ": columns " + read + " are not there: " + node);
    }
    unique(node);
  }

  private void unique(LogicalPlan node) {
    BitSet seen = new BitSet();
    for (PlanColumn column : node.output()) {
      if (seen.get(column.id())
          && !(node instanceof UnionAll)
          && !(node instanceof RecursiveUnion)
          && !(node instanceof With)) {
        throw new AssertionError("after " + after + ": twice " + column + ": " + node);
      }
      seen.set(column.id());
    }
  }
}
