// SPDX-License-Identifier: Apache-2.0
/**
 * Sorting rows: in memory while they fit, else in runs on disk that are merged.
 *
 * <p>Reading order: {@link dev.varve.query.sort.RowOrder}, {@link dev.varve.query.sort.RowSorter},
 * {@link dev.varve.query.sort.SortOperator}, {@link dev.varve.query.sort.TopOperator}. Depends on
 * {@code vector}, {@code spill} and the contract of {@code operator}.
 */
@NullMarked
package dev.varve.query.sort;

import org.jspecify.annotations.NullMarked;
