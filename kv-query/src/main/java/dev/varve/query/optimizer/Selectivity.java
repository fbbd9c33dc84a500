// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Guesses which part of the rows satisfies a condition. */
final class Selectivity {
  private static final double EQUAL = 0.05;
  private static final double RANGE = 1.0 / 3;
  private static final double LIKE = 0.05;
  private static final double OTHER = 1.0 / 3;
  private static final double LEAST = 1e-9;

  private final Function<ColumnReference, @Nullable ColumnStatistics> statistics;

  Selectivity(Function<ColumnReference, @Nullable ColumnStatistics> statistics) {
    this.statistics = statistics;
  }

  double ofAll(List<Expression> conjuncts) {
    double selectivity = 1;
    for (Expression conjunct : conjuncts) {
      selectivity *= of(conjunct);
    }
    return Math.max(LEAST, selectivity);
  }

  double of(Expression condition) {
    if (condition instanceof Expression.Comparison comparison) {
      return comparison(comparison);
    } else if (condition instanceof Expression.And and) {
      return ofAll(and.operands());
    } else if (condition instanceof Expression.Or or) {
      double none = 1;
      for (Expression operand : or.operands()) {
        none *= 1 - of(operand);
      }
      return 1 - none;
    } else if (condition instanceof Expression.Not not) {
      return Math.max(0, 1 - of(not.operand()));
    } else if (condition instanceof Expression.In in) {
      double any = Math.min(1, in.list().size() * equality(in.operand()));
      return in.negated() ? 1 - any : any;
    } else if (condition instanceof Expression.IsNull isNull) {
      ColumnStatistics column = column(isNull.operand());
      double nulls = column == null ? 0.05 : column.nullFraction();
      return isNull.negated() ? 1 - nulls : nulls;
    } else if (condition instanceof Expression.Constant constant) {
      return constant.isTrue() ? 1 : 0;
    } else if (condition instanceof Expression.Call call && call.function().name().contains("~~")) {
      return call.function().name().startsWith("!") ? 1 - LIKE : LIKE;
    }
    return OTHER;
  }

  private double comparison(Expression.Comparison comparison) {
    Expression left = comparison.left();
    Expression right = comparison.right();
    return switch (comparison.operator()) {
      case EQUAL, NOT_DISTINCT -> equality(left, right);
      case NOT_EQUAL, DISTINCT -> 1 - equality(left, right);
      default -> range(comparison.operator(), left, right);
    };
  }

  private double equality(Expression left, Expression right) {
    ColumnStatistics one = column(left);
    ColumnStatistics other = column(right);
    if (one != null && other != null) {
      return 1 / Math.max(1, Math.max(one.distinct(), other.distinct()));
    }
    return one != null ? equality(left) : equality(right);
  }

  private double equality(Expression operand) {
    ColumnStatistics column = column(operand);
    return column == null ? EQUAL : (1 - column.nullFraction()) / Math.max(1, column.distinct());
  }

  private double range(ComparisonOperator operator, Expression left, Expression right) {
    ColumnStatistics column = column(left);
    if (column != null && right instanceof Expression.Constant constant) {
      return range(column, operator, constant.value());
    }
    column = column(right);
    if (column != null && left instanceof Expression.Constant constant) {
      return range(column, operator.mirrored(), constant.value());
    }
    return RANGE;
  }

  private static double range(
      ColumnStatistics column, ComparisonOperator operator, @Nullable Object value) {
    double below = column.fractionBelow(value);
    if (below < 0) {
      return RANGE;
    }
    boolean wantsBelow =
        operator == ComparisonOperator.LESS || operator == ComparisonOperator.LESS_OR_EQUAL;
    double part = wantsBelow ? below : 1 - column.nullFraction() - below;
    return Math.max(1 / Math.max(2, column.distinct() * 2), Math.min(1, part));
  }

  @Nullable ColumnStatistics column(Expression expression) {
    if (expression instanceof Expression.Cast cast) {
      return column(cast.operand());
    }
    return expression instanceof ColumnReference reference ? statistics.apply(reference) : null;
  }
}
