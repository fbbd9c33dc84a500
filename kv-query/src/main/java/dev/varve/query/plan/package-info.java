// SPDX-License-Identifier: Apache-2.0
/**
 * Logical plans: what a query computes, as immutable trees of relational operators.
 *
 * <p>Reading order: {@link dev.varve.query.plan.LogicalPlan}, {@link
 * dev.varve.query.plan.PlanColumn}, {@link
 * dev.varve.query.plan.Filter}, {@link dev.varve.query.plan.Project}, {@link
 * dev.varve.query.plan.Join}, {@link dev.varve.query.plan.Aggregate}, then the other nodes; {@link
 * dev.varve.query.plan.ColumnSet} and {@link dev.varve.query.plan.PlanRewriter} question and rewrite
 * them. Depends on {@code type}, {@code vector}, {@code expression}, {@code function} and {@code
 * catalog}.
 */
@NullMarked
package dev.varve.query.plan;

import org.jspecify.annotations.NullMarked;
