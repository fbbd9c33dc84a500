// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

/** Computes one row of a function: reads the arguments from a {@link Cells} and sets its result. */
interface RowFunction {
  /** Computes the row that {@code cells} stands on. */
  void apply(Cells cells);
}
