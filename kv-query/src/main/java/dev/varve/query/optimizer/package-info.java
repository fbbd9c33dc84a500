// SPDX-License-Identifier: Apache-2.0
/**
 * From logical plans to better ones: statistics, estimates, and passes, each of which rewrites a plan
 * into one with the same answer.
 *
 * <p>Reading order: {@link
 * dev.varve.query.optimizer.Cardinality}, {@link
 * dev.varve.query.optimizer.Statistics}. Depends on {@code plan} and below.
 */
@NullMarked
package dev.varve.query.optimizer;

import org.jspecify.annotations.NullMarked;
