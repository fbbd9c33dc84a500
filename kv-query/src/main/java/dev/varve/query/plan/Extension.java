// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

/**
 * A node that another part of the engine brings along, such as one that changes rows and yields those
 * of RETURNING. The optimizer treats it as a wall: it is neither moved nor dropped.
 */
public non-sealed interface Extension extends LogicalPlan {
  /** What EXPLAIN calls it. */
  String name();
}
