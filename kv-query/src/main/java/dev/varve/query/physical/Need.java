// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.plan.SortOrder;
import java.util.BitSet;
import java.util.List;

/**
 * What the reader of a plan wants of it.
 *
 * @param columns the numbers of the columns that it reads
 * @param order the order in which rows would best come; empty when it does not matter
 * @param limit how many rows are likely to be taken
 */
record Need(BitSet columns, List<SortOrder> order, double limit) {
  static final double ALL = Double.POSITIVE_INFINITY;

  /** All rows in any order. */
  static Need of(BitSet columns) {
    return new Need(columns, List.of(), ALL);
  }

  /** The same of further columns. */
  Need and(BitSet more) {
    BitSet all = (BitSet) columns.clone();
    all.or(more);
    return new Need(all, order, limit);
  }

  /** The same columns, all rows in any order. */
  Need unordered() {
    return of(columns);
  }

  /** The same columns in the order and number that {@code reader} wants. */
  Need ordered(Need reader) {
    return new Need(columns, reader.order(), ALL);
  }

  boolean has(int column) {
    return columns.get(column);
  }
}
