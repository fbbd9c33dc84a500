// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a query computes, as a tree of relational operators. Immutable. Columns are named by plan-wide
 * unique numbers ({@link PlanColumn#id}); a node may read columns of its children and, inside the
 * right side of a {@link Join}, columns of that join's left side (then the join is dependent).
 */
public sealed interface LogicalPlan
    permits Aggregate,
        CteScan,
        DistinctOn,
        Filter,
        FunctionScan,
        GivenRows,
        Join,
        Limit,
        LockRows,
        Project,
        ProjectSet,
        RecursiveUnion,
        Scan,
        Sort,
        UnionAll,
        Values,
        Window,
        With {
  /** The columns it produces, in order. */
  List<PlanColumn> output();

  /** The nodes it reads, left to right. */
  List<LogicalPlan> children();

  /** The same node over other children, as many as before. */
  LogicalPlan withChildren(List<LogicalPlan> children);

  /** The expressions evaluated in this node, not those below. */
  List<Expression> expressions();

  /** The same node with each of its expressions replaced. */
  LogicalPlan mapExpressions(UnaryOperator<Expression> replacement);

  /** The columns of children that it reads other than through expressions. */
  default List<Integer> columnsRead() {
    return List.of();
  }
}
