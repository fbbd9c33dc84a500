// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;

/** A column and the expression that computes it. */
public record Assignment(PlanColumn column, Expression expression) {
  /** Hands a column through. */
  public static Assignment identity(PlanColumn column) {
    return new Assignment(column, column.reference());
  }

  /** Whether it hands a column through under its own number. */
  public boolean isIdentity() {
    return expression instanceof ColumnReference reference && reference.column() == column.id();
  }
}
