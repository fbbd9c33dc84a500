// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.type.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * One part of an index key: a column or an expression, and its order.
 *
 * @param column the column's place in the table, or -1 for an expression
 * @param expressionText the expression as SQL text, or null for a column
 * @param type the type of its values
 */
public record IndexKey(
    int column,
    @Nullable String expressionText,
    SqlType type,
    boolean descending,
    boolean nullsFirst) {
  /** A column in ascending order, NULLs last. */
  public static IndexKey of(int column, SqlType type) {
    return new IndexKey(column, null, type, false, false);
  }

  /** Whether it is an expression. */
  public boolean isExpression() {
    return column < 0;
  }

  IndexKey withColumn(int newColumn, SqlType newType) {
    return new IndexKey(newColumn, expressionText, newType, descending, nullsFirst);
  }
}
