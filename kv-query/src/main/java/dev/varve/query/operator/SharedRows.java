// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

/** Rows that several operators of one statement read, each at its own pace. */
interface SharedRows {
  /** The rows; those asked for are there when {@link #ensure} has returned true. */
  RowBuffer rows();

  /** Makes row number {@code row} available; false when there are fewer. */
  boolean ensure(int row);
}
