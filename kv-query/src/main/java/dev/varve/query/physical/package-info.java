// SPDX-License-Identifier: Apache-2.0
/**
 * From logical plans to operators: access paths, join algorithms, orders, and the front of the whole
 * query pipeline.
 *
 * <p>Reading order: {@link dev.varve.query.physical.QueryPlanner}, {@link
 * dev.varve.query.physical.PhysicalQuery}, {@link dev.varve.query.physical.PhysicalPlan}, {@code
 * PhysicalPlanner}, {@code ScanPlanner}, {@code JoinPlanner}, {@code BlockingPlanner}. Depends on all
 * packages of the pipeline.
 */
@NullMarked
package dev.varve.query.physical;

import org.jspecify.annotations.NullMarked;
