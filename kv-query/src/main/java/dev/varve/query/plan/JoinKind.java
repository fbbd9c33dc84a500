// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

/** How the rows of two inputs are put together. */
public enum JoinKind {
  /** Pairs that satisfy the condition. */
  INNER,
  /** Pairs, and left rows without a partner. */
  LEFT,
  /** Pairs, and right rows without a partner. */
  RIGHT,
  /** Pairs, and rows of both sides without a partner. */
  FULL,
  /** Left rows that have a partner. */
  SEMI,
  /** Left rows that have none. */
  ANTI,
  /** Left rows, each with a boolean that says whether it has a partner, in three-valued logic. */
  MARK,
  /** Left rows with their only partner or NULLs; a second partner is a {@code 21000} error. */
  SINGLE;

  /** Whether the right side's columns are part of the result. */
  public boolean producesRight() {
    return this != SEMI && this != ANTI && this != MARK;
  }

  /** Whether every left row occurs in the result at least once. */
  public boolean keepsLeft() {
    return this == LEFT || this == FULL || this == MARK || this == SINGLE;
  }

  /** Whether every right row occurs in the result at least once. */
  public boolean keepsRight() {
    return this == RIGHT || this == FULL;
  }
}
