// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Span;
import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.function.ExpressionBuilder;
import java.util.ArrayList;
import java.util.List;

/** Comparisons of row values, spelled out over their parts. */
final class Rows {
  private Rows() {}

  static ComparisonOperator operator(String symbol) {
    for (ComparisonOperator operator : ComparisonOperator.values()) {
      if (operator.symbol().equals(symbol)) {
        return operator;
      }
    }
    throw new IllegalArgumentException(symbol);
  }

  static Expression and(List<Expression> parts, Position at) {
    return parts.size() == 1 ? parts.get(0) : new Expression.And(parts, at);
  }

  static Expression or(List<Expression> parts, Position at) {
    return parts.size() == 1 ? parts.get(0) : new Expression.Or(parts, at);
  }

  /** Compares two rows as SQL does: by the first parts that differ. */
  static Expression compare(
      ExpressionBuilder builder,
      ComparisonOperator operator,
      List<Expression> left,
      List<Expression> right,
      Span span) {
    if (left.size() != right.size()) {
      throw ErrorCode.SYNTAX_ERROR
          .error("Unequal number of entries in row expressions.")
          .position(span.position())
          .build();
    }
    Position at = Position.of(span.position());
    List<Expression> parts = new ArrayList<>(left.size());
    switch (operator) {
      case EQUAL, NOT_DISTINCT, NOT_EQUAL, DISTINCT -> {
        for (int i = 0; i < left.size(); i++) {
          parts.add(builder.compare(operator, left.get(i), right.get(i), at));
        }
        return operator == ComparisonOperator.EQUAL || operator == ComparisonOperator.NOT_DISTINCT
            ? and(parts, at)
            : or(parts, at);
      }
      default -> {
        return lexicographic(builder, operator, left, right, at);
      }
    }
  }

  private static Expression lexicographic(
      ExpressionBuilder builder,
      ComparisonOperator operator,
      List<Expression> left,
      List<Expression> right,
      Position at) {
    ComparisonOperator strict =
        operator == ComparisonOperator.LESS || operator == ComparisonOperator.LESS_OR_EQUAL
            ? ComparisonOperator.LESS
            : ComparisonOperator.GREATER;
    int last = left.size() - 1;
    Expression result = builder.compare(operator, left.get(last), right.get(last), at);
    for (int i = last - 1; i >= 0; i--) {
      Expression before = builder.compare(strict, left.get(i), right.get(i), at);
      Expression same = builder.compare(ComparisonOperator.EQUAL, left.get(i), right.get(i), at);
      result =
          new Expression.Or(List.of(before, new Expression.And(List.of(same, result), at)), at);
    }
    return result;
  }
}
