// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import java.util.List;

/**
 * A query with names and types settled.
 *
 * @param columns those of the result, in order; all are among the plan's, which may have more
 */
public record BoundQuery(LogicalPlan plan, List<PlanColumn> columns) {
  /** Copies. */
  public BoundQuery {
    columns = List.copyOf(columns);
  }
}
