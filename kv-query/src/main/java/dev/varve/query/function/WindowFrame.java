// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.Expression;
import org.jspecify.annotations.Nullable;

/** Which rows of a partition, seen from the current row, a window function looks at. */
public record WindowFrame(Unit unit, Bound start, Bound end, Exclusion exclusion) {
  /** RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW. */
  public static final WindowFrame DEFAULT =
      new WindowFrame(
          Unit.RANGE,
          new Bound(BoundKind.UNBOUNDED_PRECEDING, null),
          new Bound(BoundKind.CURRENT_ROW, null),
          Exclusion.NO_OTHERS);

  /** What offsets count. */
  public enum Unit {
    /** Rows. */
    ROWS,
    /** Distance in the value of the one ORDER BY column. */
    RANGE,
    /** Groups of rows that are equal in ORDER BY. */
    GROUPS
  }

  /** Where an end of the frame is. */
  public enum BoundKind {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  /** Which rows are left out. */
  public enum Exclusion {
    NO_OTHERS,
    CURRENT_ROW,
    GROUP,
    TIES
  }

  /**
   * An end of the frame.
   *
   * @param offset for PRECEDING and FOLLOWING: not negative and the same for all rows; BIGINT for ROWS
   *     and GROUPS, else what may be added to and subtracted from the ORDER BY column
   */
  public record Bound(BoundKind kind, @Nullable Expression offset) {}
}
