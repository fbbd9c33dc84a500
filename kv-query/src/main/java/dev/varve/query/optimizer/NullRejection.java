// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import java.util.BitSet;

/** Whether a condition cannot be TRUE when some columns are NULL. */
final class NullRejection {
  private NullRejection() {}

  /** Whether {@code condition} is never TRUE when all of {@code columns} are NULL. */
  static boolean rejects(Expression condition, BitSet columns) {
    if (condition instanceof Expression.Comparison comparison) {
      return comparison.operator() != ComparisonOperator.DISTINCT
          && comparison.operator() != ComparisonOperator.NOT_DISTINCT
          && (isNull(comparison.left(), columns) || isNull(comparison.right(), columns));
    } else if (condition instanceof Expression.And and) {
      return and.operands().stream().anyMatch(operand -> rejects(operand, columns));
    } else if (condition instanceof Expression.Or or) {
      return or.operands().stream().allMatch(operand -> rejects(operand, columns));
    } else if (condition instanceof Expression.IsNull test) {
      return test.negated() && isNull(test.operand(), columns);
    } else if (condition instanceof Expression.IsBoolean test) {
      return !test.negated() && isNull(test.operand(), columns);
    }
    return isNull(condition, columns);
  }

  /** Whether an expression is NULL when all of {@code columns} are. */
  private static boolean isNull(Expression expression, BitSet columns) {
    if (expression instanceof Expression.ColumnReference reference) {
      return columns.get(reference.column());
    } else if (expression instanceof Expression.Cast cast) {
      return isNull(cast.operand(), columns);
    } else if (expression instanceof Expression.Not not) {
      return isNull(not.operand(), columns);
    } else if (expression instanceof Expression.In in) {
      return isNull(in.operand(), columns);
    } else if (expression instanceof Expression.Call call) {
      return call.function().isStrict()
          && call.arguments().stream().anyMatch(argument -> isNull(argument, columns));
    } else if (expression instanceof Expression.Comparison comparison) {
      return comparison.operator() != ComparisonOperator.DISTINCT
          && comparison.operator() != ComparisonOperator.NOT_DISTINCT
          && (isNull(comparison.left(), columns) || isNull(comparison.right(), columns));
    } else if (expression instanceof Expression.Constant constant) {
      return constant.value() == null;
    }
    return false;
  }
}
