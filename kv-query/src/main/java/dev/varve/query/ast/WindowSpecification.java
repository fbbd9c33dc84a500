// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in OVER (..) or in a WINDOW clause.
 *
 * @param base the window it refines; for {@code OVER name} the only thing present
 * @param isReference whether it is {@code OVER name} without parentheses
 */
public record WindowSpecification(
    @Nullable Identifier base,
    boolean isReference,
    List<Expression> partitionBy,
    List<SortItem> orderBy,
    @Nullable Frame frame,
    Span span) {

  /** A frame clause. */
  public record Frame(Unit unit, Bound start, Bound end, Exclusion exclusion, Span span) {}

  /** What a frame counts in. */
  public enum Unit {
    ROWS,
    RANGE,
    GROUPS
  }

  /** One end of a frame; {@code offset} only for PRECEDING and FOLLOWING. */
  public record Bound(BoundKind kind, @Nullable Expression offset, Span span) {}

  /** Where a frame ends. */
  public enum BoundKind {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  /** Which rows a frame leaves out. */
  public enum Exclusion {
    NO_OTHERS,
    CURRENT_ROW,
    GROUP,
    TIES
  }
}
