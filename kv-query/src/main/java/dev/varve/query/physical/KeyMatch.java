// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.catalog.IndexKey;
import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.expression.Expressions;
import dev.varve.query.expression.Position;
import dev.varve.query.operator.KeyBounds;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Scan;
import dev.varve.query.row.KeyCodec;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How conjuncts over a table bound the keys of an ordered keyspace: values for its first parts, then
 * perhaps a range of the next.
 *
 * @param points for each leading part the values it can have
 * @param used the conjuncts that the bounds make sure of
 */
record KeyMatch(
    KeyCodec codec,
    List<Point> points,
    @Nullable Bound lower,
    @Nullable Bound upper,
    List<Expression> used) {

  /** The values of a part; none when it must be NULL. */
  record Point(List<Expression> values) {}

  /** An end of a range. */
  record Bound(Expression value, boolean inclusive, boolean isPrefix) {}

  /** No bounds. */
  static KeyMatch none(KeyCodec codec) {
    return new KeyMatch(codec, List.of(), null, null, List.of());
  }

  boolean isEmpty() {
    return points.isEmpty() && lower == null && upper == null;
  }

  /** Whether all parts have values. */
  boolean isWhole() {
    return !points.isEmpty() && points.size() == codec.size();
  }

  /** Whether each part has at most one value. */
  boolean isSingle() {
    return points.stream().allMatch(point -> point.values().size() == 1);
  }

  /** How many ranges of keys there are at most. */
  double ranges() {
    double ranges = 1;
    for (Point point : points) {
      ranges *= Math.max(1, point.values().size());
    }
    return ranges;
  }

  /** The bounds at run time; the values are translated by {@code resolution}. */
  KeyBounds compile(ExpressionCompiler compiler, UnaryOperator<Expression> resolution) {
    List<KeyBounds.Point> compiled = new ArrayList<>(points.size());
    for (Point point : points) {
      compiled.add(
          new KeyBounds.Point(
              compiler.compileAll(point.values().stream().map(resolution).toList()),
              point.values().isEmpty()));
    }
    return new KeyBounds(
        codec, compiled, bound(lower, compiler, resolution), bound(upper, compiler, resolution));
  }

  private static KeyBounds.@Nullable Bound bound(
      @Nullable Bound bound, ExpressionCompiler compiler, UnaryOperator<Expression> resolution) {
    return bound == null
        ? null
        : new KeyBounds.Bound(
            compiler.compile(resolution.apply(bound.value())), bound.inclusive(), bound.isPrefix());
  }

  /** Whether all values are known when the query is planned. */
  boolean isConstant() {
    return points.stream()
            .allMatch(p -> p.values().stream().allMatch(Expression.Constant.class::isInstance))
        && (lower == null || lower.value() instanceof Expression.Constant)
        && (upper == null || upper.value() instanceof Expression.Constant);
  }

  /** Finds what conjuncts say of the parts of a key. */
  static final class Finder {
    private final Scan scan;
    private final List<Expression> conjuncts;
    private final Predicate<ColumnReference> isKnown;

    /**
     * @param isKnown whether a column has a value before the table is read
     */
    Finder(Scan scan, List<Expression> conjuncts, Predicate<ColumnReference> isKnown) {
      this.scan = scan;
      this.conjuncts = conjuncts;
      this.isKnown = isKnown;
    }

    KeyMatch find(List<IndexKey> keys, KeyCodec codec, boolean rangesToo) {
      List<Point> points = new ArrayList<>();
      List<Expression> used = new ArrayList<>();
      for (IndexKey key : keys) {
        PlanColumn column = key.isExpression() ? null : scan.column(key.column());
        Point point = column == null ? null : point(column, used);
        if (point == null) {
          return column == null || !rangesToo
              ? new KeyMatch(codec, points, null, null, used)
              : range(codec, points, column, key, used);
        }
        points.add(point);
      }
      return new KeyMatch(codec, points, null, null, used);
    }

    private @Nullable Point point(PlanColumn column, List<Expression> used) {
      Point best = null;
      Expression origin = null;
      for (Expression conjunct : conjuncts) {
        Point point = pointOf(conjunct, column);
        if (point != null && (best == null || point.values().size() < best.values().size())) {
          best = point;
          origin = conjunct;
        }
      }
      if (origin != null) {
        used.add(origin);
      }
      return best;
    }

    private @Nullable Point pointOf(Expression conjunct, PlanColumn column) {
      if (conjunct instanceof Expression.Comparison comparison
          && comparison.operator() == ComparisonOperator.EQUAL) {
        Expression value = other(comparison, column);
        return value == null ? null : new Point(List.of(value));
      }
      if (conjunct instanceof Expression.In in
          && !in.negated()
          && isColumn(in.operand(), column)
          && in.list().stream().allMatch(this::isIndependent)) {
        return new Point(in.list());
      }
      if (conjunct instanceof Expression.IsNull isNull
          && !isNull.negated()
          && column.nullable()
          && isColumn(isNull.operand(), column)) {
        return new Point(List.of());
      }
      return null;
    }

    private KeyMatch range(
        KeyCodec codec,
        List<Point> points,
        PlanColumn column,
        IndexKey key,
        List<Expression> used) {
      Bound lower = null;
      Bound upper = null;
      for (Expression conjunct : conjuncts) {
        if (conjunct instanceof Expression.Comparison comparison) {
          Expression value = other(comparison, column);
          if (value == null) {
            continue;
          }
          ComparisonOperator operator =
              isColumn(comparison.left(), column)
                  ? comparison.operator()
                  : comparison.operator().mirrored();
          boolean inclusive =
              operator == ComparisonOperator.GREATER_OR_EQUAL
                  || operator == ComparisonOperator.LESS_OR_EQUAL;
          if ((operator == ComparisonOperator.GREATER
                  || operator == ComparisonOperator.GREATER_OR_EQUAL)
              && lower == null) {
            lower = new Bound(value, inclusive, false);
            used.add(conjunct);
          } else if ((operator == ComparisonOperator.LESS
                  || operator == ComparisonOperator.LESS_OR_EQUAL)
              && upper == null) {
            upper = new Bound(value, inclusive, false);
            used.add(conjunct);
          }
        }
      }
      if (lower == null && upper == null && !key.descending()) {
        Bound prefix = prefix(column);
        return new KeyMatch(codec, points, prefix, prefix, used);
      }
      return new KeyMatch(codec, points, lower, upper, used);
    }

    /** The range of {@code column LIKE 'text%'}; the condition is checked again. */
    private @Nullable Bound prefix(PlanColumn column) {
      for (Expression conjunct : conjuncts) {
        if (conjunct instanceof Expression.Call call
            && call.function().name().equals("~~")
            && call.arguments().size() == 2
            && isColumn(call.arguments().get(0), column)
            && column.type().kind() != TypeKind.CHAR
            && call.arguments().get(1) instanceof Expression.Constant constant
            && constant.value() instanceof String pattern) {
          String text = literalBeginning(pattern);
          if (!text.isEmpty()) {
            return new Bound(
                new Expression.Constant(text, constant.type(), Position.NONE), true, true);
          }
        }
      }
      return null;
    }

    private static String literalBeginning(String pattern) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        if (c == '%' || c == '_') {
          break;
        }
        if (c == '\\') {
          i++;
          if (i == pattern.length()) {
            break;
          }
          c = pattern.charAt(i);
        }
        text.append(c);
      }
      return text.toString();
    }

    /** What a comparison compares the column with, when that is known before. */
    private @Nullable Expression other(Expression.Comparison comparison, PlanColumn column) {
      if (isColumn(comparison.left(), column) && isIndependent(comparison.right())) {
        return comparison.right();
      }
      return isColumn(comparison.right(), column) && isIndependent(comparison.left())
          ? comparison.left()
          : null;
    }

    /** Whether it is the column, perhaps as another type of text. */
    private static boolean isColumn(Expression expression, PlanColumn column) {
      if (expression instanceof Expression.Cast cast
          && cast.type().kind().isText()
          && !cast.type().hasModifier()
          && cast.operand().type().kind().isText()) {
        return isColumn(cast.operand(), column);
      }
      return expression instanceof ColumnReference reference && reference.column() == column.id();
    }

    private boolean isIndependent(Expression expression) {
      return !Expressions.anyMatch(
              expression,
              each -> each instanceof ColumnReference reference && !isKnown.test(reference))
          && !Expressions.isVolatile(expression);
    }
  }
}
