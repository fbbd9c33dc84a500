// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

/**
 * One element of an ORDER BY.
 *
 * @param nullsFirst whether NULLs come first, whichever the direction
 */
public record SortKey(Expression expression, boolean descending, boolean nullsFirst) {
  /** Ascending, NULLs last. */
  public static SortKey ascending(Expression expression) {
    return new SortKey(expression, false, false);
  }
}
