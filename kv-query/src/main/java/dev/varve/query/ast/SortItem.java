// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

/** One expression of an ORDER BY or of an index definition, and its direction. */
public record SortItem(Expression expression, boolean descending, Nulls nulls, Span span) {
  /** Where NULLs go. */
  public enum Nulls {
    /** Not said: last when ascending, first when descending. */
    DEFAULT,
    FIRST,
    LAST
  }

  /** Whether NULLs come first, by the default or as said. */
  public boolean nullsFirst() {
    return nulls == Nulls.DEFAULT ? descending : nulls == Nulls.FIRST;
  }
}
