// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

/**
 * A place in the SQL text. All places are equal to each other, so that expressions compare by what
 * they compute, wherever they were written.
 */
public final class Position {
  /** No place: made by the engine. */
  public static final Position NONE = new Position(0);

  private final int charsFromOne;

  private Position(int charsFromOne) {
    this.charsFromOne = charsFromOne;
  }

  /** The place of the character {@code charsFromOne}, counted from 1; 0 for no place. */
  public static Position of(int charsFromOne) {
    return charsFromOne == 0 ? NONE : new Position(charsFromOne);
  }

  /** The character, counted from 1; 0 for no place. */
  public int charsFromOne() {
    return charsFromOne;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Position;
  }

  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "@" + charsFromOne;
  }
}
