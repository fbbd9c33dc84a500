// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.plan.LogicalPlan;

/** Rewrites a plan into one that gives the same answer. Stateless. */
interface Pass {
  /** What it is switched off by. */
  String name();

  /** The rewritten plan; the same object when there was nothing to do. */
  LogicalPlan apply(LogicalPlan plan, PassContext context);
}
