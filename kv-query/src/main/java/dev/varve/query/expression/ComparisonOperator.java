// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

/** How two values are compared. */
public enum ComparisonOperator {
  EQUAL("="),
  NOT_EQUAL("<>"),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">="),
  /** Not equal, NULL being a value like any other. */
  DISTINCT("IS DISTINCT FROM"),
  /** Equal, NULL being a value like any other. */
  NOT_DISTINCT("IS NOT DISTINCT FROM");

  private final String symbol;

  ComparisonOperator(String symbol) {
    this.symbol = symbol;
  }

  /** As written in SQL. */
  public String symbol() {
    return symbol;
  }

  /** The operator that holds where this one does not, NULL aside. */
  public ComparisonOperator negated() {
    return switch (this) {
      case EQUAL -> NOT_EQUAL;
      case NOT_EQUAL -> EQUAL;
      case LESS -> GREATER_OR_EQUAL;
      case LESS_OR_EQUAL -> GREATER;
      case GREATER -> LESS_OR_EQUAL;
      case GREATER_OR_EQUAL -> LESS;
      case DISTINCT -> NOT_DISTINCT;
      case NOT_DISTINCT -> DISTINCT;
    };
  }

  /** The operator with the operands exchanged. */
  public ComparisonOperator mirrored() {
    return switch (this) {
      case LESS -> GREATER;
      case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
      case GREATER -> LESS;
      case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
      default -> this;
    };
  }

  /** Whether it holds for operands of which {@code order} says how they compare; none is NULL. */
  public boolean holds(int order) {
    return switch (this) {
      case EQUAL, NOT_DISTINCT -> order == 0;
      case NOT_EQUAL, DISTINCT -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }
}
