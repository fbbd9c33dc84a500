// SPDX-License-Identifier: Apache-2.0
/**
 * Grouping: a hash table from keys to group numbers, the state of aggregate functions by group number,
 * and rows of further groups on disk when memory is full.
 *
 * <p>Reading order: {@link dev.varve.query.aggregate.HashAggregateOperator}, {@link
 * dev.varve.query.aggregate.GroupTable}, {@link dev.varve.query.aggregate.CallState}. Depends on
 * {@code function}, {@code sort}, {@code spill} and the contract of {@code operator}.
 */
@NullMarked
package dev.varve.query.aggregate;

import org.jspecify.annotations.NullMarked;
