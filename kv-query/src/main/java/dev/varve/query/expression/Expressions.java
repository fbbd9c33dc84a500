// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.expression.Expression.And;
import dev.varve.query.expression.Expression.Branch;
import dev.varve.query.expression.Expression.Call;
import dev.varve.query.expression.Expression.Case;
import dev.varve.query.expression.Expression.Cast;
import dev.varve.query.expression.Expression.Coalesce;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Expression.Comparison;
import dev.varve.query.expression.Expression.Constant;
import dev.varve.query.expression.Expression.In;
import dev.varve.query.expression.Expression.IsBoolean;
import dev.varve.query.expression.Expression.IsNull;
import dev.varve.query.expression.Expression.Not;
import dev.varve.query.expression.Expression.Or;
import dev.varve.query.expression.Expression.Parameter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Walks, rewrites and questions of expression trees. */
public final class Expressions {
  private Expressions() {}

  /** The direct operands, in a fixed order. */
  public static List<Expression> children(Expression expression) {
    if (expression instanceof Call call) {
      return call.arguments();
    } else if (expression instanceof Cast cast) {
      return List.of(cast.operand());
    } else if (expression instanceof Comparison comparison) {
      return List.of(comparison.left(), comparison.right());
    } else if (expression instanceof And and) {
      return and.operands();
    } else if (expression instanceof Or or) {
      return or.operands();
    } else if (expression instanceof Not not) {
      return List.of(not.operand());
    } else if (expression instanceof IsNull isNull) {
      return List.of(isNull.operand());
    } else if (expression instanceof IsBoolean isBoolean) {
      return List.of(isBoolean.operand());
    } else if (expression instanceof Case cases) {
      List<Expression> children = new ArrayList<>(cases.branches().size() * 2 + 1);
      for (Branch branch : cases.branches()) {
        children.add(branch.condition());
        children.add(branch.result());
      }
      children.add(cases.otherwise());
      return children;
    } else if (expression instanceof Coalesce coalesce) {
      return coalesce.operands();
    } else if (expression instanceof In in) {
      List<Expression> children = new ArrayList<>(in.list().size() + 1);
      children.add(in.operand());
      children.addAll(in.list());
      return children;
    }
    return List.of();
  }

  /** The same node over other operands, given in the order of {@link #children}. */
  public static Expression withChildren(Expression expression, List<Expression> children) {
    if (expression instanceof Call call) {
      return new Call(call.function(), children, call.type(), call.position());
    } else if (expression instanceof Cast cast) {
      return new Cast(children.get(0), cast.type(), cast.explicit(), cast.position());
    } else if (expression instanceof Comparison comparison) {
      return new Comparison(
          comparison.operator(), children.get(0), children.get(1), comparison.position());
    } else if (expression instanceof And and) {
      return new And(children, and.position());
    } else if (expression instanceof Or or) {
      return new Or(children, or.position());
    } else if (expression instanceof Not not) {
      return new Not(children.get(0), not.position());
    } else if (expression instanceof IsNull isNull) {
      return new IsNull(children.get(0), isNull.negated(), isNull.position());
    } else if (expression instanceof IsBoolean test) {
      return new IsBoolean(children.get(0), test.expected(), test.negated(), test.position());
    } else if (expression instanceof Case cases) {
      List<Branch> branches = new ArrayList<>(cases.branches().size());
      Iterator<Expression> each = children.iterator();
      for (int i = 0; i < cases.branches().size(); i++) {
        branches.add(new Branch(each.next(), each.next()));
      }
      return new Case(branches, each.next(), cases.type(), cases.position());
    } else if (expression instanceof Coalesce coalesce) {
      return new Coalesce(children, coalesce.type(), coalesce.position());
    } else if (expression instanceof In in) {
      return new In(
          children.get(0), children.subList(1, children.size()), in.negated(), in.position());
    }
    return expression;
  }

  /** Rewrites from the leaves up: {@code rule} is applied to each node over rewritten operands. */
  public static Expression rewrite(Expression expression, UnaryOperator<Expression> rule) {
    return rule.apply(mapChildren(expression, child -> rewrite(child, rule)));
  }

  /** The same node with {@code rule} applied to its direct operands; itself when none changes. */
  public static Expression mapChildren(Expression expression, UnaryOperator<Expression> rule) {
    List<Expression> children = children(expression);
    if (children.isEmpty()) {
      return expression;
    }
    List<Expression> mapped = new ArrayList<>(children.size());
    boolean changed = false;
    for (Expression child : children) {
      Expression result = rule.apply(child);
      changed |= result != child;
      mapped.add(result);
    }
    return changed ? withChildren(expression, mapped) : expression;
  }

  /** Visits every node, operands after their parent. */
  public static void visit(Expression expression, Consumer<Expression> visitor) {
    visitor.accept(expression);
    for (Expression child : children(expression)) {
      visit(child, visitor);
    }
  }

  /** Whether some node satisfies {@code test}. */
  public static boolean anyMatch(Expression expression, Predicate<Expression> test) {
    if (test.test(expression)) {
      return true;
    }
    for (Expression child : children(expression)) {
      if (anyMatch(child, test)) {
        return true;
      }
    }
    return false;
  }

  /** Whether evaluating twice may give two results. */
  public static boolean isVolatile(Expression expression) {
    return anyMatch(
        expression,
        e ->
            e instanceof Call call
                && call.function().volatility() == ScalarFunction.Volatility.VOLATILE);
  }

  /** Whether the value is the same for all rows of one execution. */
  public static boolean isRowIndependent(Expression expression) {
    return !anyMatch(
        expression,
        e ->
            e instanceof ColumnReference
                || e instanceof Call call
                    && call.function().volatility() == ScalarFunction.Volatility.VOLATILE);
  }

  /** Whether the value is the same for ever: no column, parameter or time in it. */
  public static boolean isFoldable(Expression expression) {
    return !anyMatch(
        expression,
        e ->
            e instanceof ColumnReference
                || e instanceof Parameter
                || e instanceof Call call
                    && call.function().volatility() != ScalarFunction.Volatility.IMMUTABLE);
  }

  /** The conjunction of {@code terms}, flattened; TRUE when there is none. */
  public static Expression and(List<Expression> terms) {
    List<Expression> flat = new ArrayList<>();
    for (Expression term : terms) {
      if (term instanceof And and) {
        flat.addAll(and.operands());
      } else if (!(term instanceof Constant constant && constant.isTrue())) {
        flat.add(term);
      }
    }
    return switch (flat.size()) {
      case 0 -> Constant.of(true);
      case 1 -> flat.get(0);
      default -> new And(flat, flat.get(0).position());
    };
  }

  /** The terms that must all hold for {@code condition} to hold. */
  public static List<Expression> conjuncts(Expression condition) {
    if (condition instanceof And and) {
      List<Expression> flat = new ArrayList<>();
      and.operands().forEach(operand -> flat.addAll(conjuncts(operand)));
      return flat;
    }
    return condition instanceof Constant constant && constant.isTrue()
        ? List.of()
        : List.of(condition);
  }
}
