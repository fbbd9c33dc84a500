// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.VarveException;
import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expressions;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanRewriter;
import dev.varve.query.plan.Values;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes what does not depend on rows, pushes NOT inwards, flattens AND and OR and takes common
 * factors out of OR. What fails is left as it is, to fail when it is reached.
 */
final class ConstantFolding implements Pass {
  @Override
  public String name() {
    return "constant_folding";
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan, PassContext context) {
    return PlanRewriter.bottomUp(plan, node -> node(node, context));
  }

  private static LogicalPlan node(LogicalPlan node, PassContext context) {
    LogicalPlan folded =
        node instanceof Values values && values.rows().size() > 64
            ? node
            : node.mapExpressions(each -> fold(each, context));
    if (folded instanceof Filter filter) {
      return filter(filter);
    }
    if (folded instanceof Join join
        && join.conditions().stream().anyMatch(ConstantFolding::splits)) {
      return join.withConditions(conjuncts(join.conditions()));
    }
    return folded;
  }

  private static boolean splits(Expression condition) {
    return condition instanceof Expression.And
        || condition instanceof Expression.Constant constant && constant.isTrue();
  }

  private static LogicalPlan filter(Filter filter) {
    List<Expression> conjuncts = conjuncts(filter.conjuncts());
    for (Expression conjunct : conjuncts) {
      if (conjunct instanceof Expression.Constant constant
          && !constant.isTrue()
          && !dependsOnOthers(filter.child())) {
        return Values.empty(filter.output());
      }
    }
    return Filter.of(filter.child(), conjuncts);
  }

  /** Whether something below must be run or reported even if its rows are not wanted. */
  private static boolean dependsOnOthers(LogicalPlan plan) {
    return plan instanceof Join join && join.kind() == JoinKind.SINGLE;
  }

  static List<Expression> conjuncts(List<Expression> conditions) {
    Set<Expression> all = new LinkedHashSet<>();
    conditions.forEach(condition -> all.addAll(Expressions.conjuncts(condition)));
    return new ArrayList<>(all);
  }

  static Expression fold(Expression expression, PassContext context) {
    return Expressions.rewrite(expression, each -> simplify(each, context));
  }

  private static Expression simplify(Expression node, PassContext context) {
    if (node instanceof Expression.And and) {
      return and(and);
    } else if (node instanceof Expression.Or or) {
      return or(or);
    } else if (node instanceof Expression.Not not) {
      return negate(not);
    } else if (node instanceof Expression.Comparison comparison) {
      Expression narrowed = narrow(comparison, context);
      return narrowed == null ? evaluate(node, context) : narrowed;
    }
    return evaluate(node, context);
  }

  private static Expression evaluate(Expression node, PassContext context) {
    if (isNullForSure(node)) {
      return Expression.Constant.nullOf(node.type());
    }
    if (node instanceof Expression.Constant
        || !Expressions.children(node).stream().allMatch(Expression.Constant.class::isInstance)
        || !Expressions.isFoldable(node)) {
      return node;
    }
    try {
      return new Expression.Constant(context.compiler().value(node), node.type(), node.position());
    } catch (VarveException e) {
      return node;
    }
  }

  /** Whether a NULL among the operands makes the result NULL, whatever the others are. */
  private static boolean isNullForSure(Expression node) {
    boolean strict =
        node instanceof Expression.Call call
                && call.function().isStrict()
                && !Expressions.isVolatile(node)
            || node instanceof Expression.Comparison comparison
                && comparison.operator() != ComparisonOperator.DISTINCT
                && comparison.operator() != ComparisonOperator.NOT_DISTINCT;
    return strict
        && Expressions.children(node).stream()
            .anyMatch(
                child -> child instanceof Expression.Constant constant && constant.value() == null);
  }

  private static Expression and(Expression.And and) {
    Set<Expression> terms = new LinkedHashSet<>();
    boolean isNull = false;
    for (Expression operand : and.operands()) {
      for (Expression term : Expressions.conjuncts(operand)) {
        if (term instanceof Expression.Constant constant) {
          if (constant.value() != null) {
            return constant;
          }
          isNull = true;
        }
        terms.add(term);
      }
    }
    return terms.isEmpty()
        ? Expression.Constant.of(true)
        : isNull && terms.size() == 1
            ? Expression.Constant.nullOf(SqlType.BOOLEAN)
            : terms.size() == 1
                ? terms.iterator().next()
                : new Expression.And(new ArrayList<>(terms), and.position());
  }

  private static Expression or(Expression.Or or) {
    Set<Expression> terms = new LinkedHashSet<>();
    for (Expression operand : or.operands()) {
      List<Expression> flat =
          operand instanceof Expression.Or inner ? inner.operands() : List.of(operand);
      for (Expression term : flat) {
        if (term instanceof Expression.Constant constant && constant.value() != null) {
          if (constant.isTrue()) {
            return constant;
          }
        } else {
          terms.add(term);
        }
      }
    }
    if (terms.size() <= 1) {
      return terms.isEmpty() ? Expression.Constant.of(false) : terms.iterator().next();
    }
    return factored(new ArrayList<>(terms), or);
  }

  /** {@code (a AND b) OR (a AND c)} is {@code a AND (b OR c)}. */
  private static Expression factored(List<Expression> terms, Expression.Or or) {
    Set<Expression> common = new LinkedHashSet<>(Expressions.conjuncts(terms.get(0)));
    for (Expression term : terms) {
      common.retainAll(Set.copyOf(Expressions.conjuncts(term)));
    }
    if (common.isEmpty() || common.stream().anyMatch(Expressions::isVolatile)) {
      return new Expression.Or(terms, or.position());
    }
    List<Expression> rests = new ArrayList<>();
    for (Expression term : terms) {
      List<Expression> rest = new ArrayList<>(Expressions.conjuncts(term));
      rest.removeAll(common);
      if (rest.isEmpty()) {
        return Expressions.and(new ArrayList<>(common));
      }
      rests.add(Expressions.and(rest));
    }
    List<Expression> all = new ArrayList<>(common);
    all.add(new Expression.Or(rests, or.position()));
    return Expressions.and(all);
  }

  private static Expression negate(Expression.Not not) {
    Expression operand = not.operand();
    if (operand instanceof Expression.Constant constant) {
      return constant.value() == null ? constant : Expression.Constant.of(!constant.isTrue());
    } else if (operand instanceof Expression.Not inner) {
      return inner.operand();
    } else if (operand instanceof Expression.Comparison comparison) {
      return new Expression.Comparison(
          comparison.operator().negated(),
          comparison.left(),
          comparison.right(),
          comparison.position());
    } else if (operand instanceof Expression.IsNull test) {
      return new Expression.IsNull(test.operand(), !test.negated(), test.position());
    } else if (operand instanceof Expression.In in) {
      return new Expression.In(in.operand(), in.list(), !in.negated(), in.position());
    } else if (operand instanceof Expression.IsBoolean test) {
      return new Expression.IsBoolean(
          test.operand(), test.expected(), !test.negated(), test.position());
    } else if (operand instanceof Expression.And and) {
      return new Expression.Or(negated(and.operands()), and.position());
    } else if (operand instanceof Expression.Or or) {
      return new Expression.And(negated(or.operands()), or.position());
    }
    return not;
  }

  private static List<Expression> negated(List<Expression> operands) {
    List<Expression> result = new ArrayList<>(operands.size());
    for (Expression operand : operands) {
      result.add(negate(new Expression.Not(operand, operand.position())));
    }
    return result;
  }

  /** Compares an integer column as it is instead of widening it, when the other side fits. */
  private static @Nullable Expression narrow(
      Expression.Comparison comparison, PassContext context) {
    Expression left = comparison.left();
    Expression right = comparison.right();
    ComparisonOperator operator = comparison.operator();
    if (left instanceof Expression.Constant && right instanceof Expression.Cast) {
      return narrow(
          new Expression.Comparison(operator.mirrored(), right, left, comparison.position()),
          context);
    }
    if (!(left instanceof Expression.Cast cast)
        || !(evaluate(right, context) instanceof Expression.Constant constant)
        || !cast.operand().type().kind().isInteger()
        || !cast.type().kind().isInteger()
        || !(constant.value() instanceof Number number)) {
      return null;
    }
    long value = number.longValue();
    TypeKind kind = cast.operand().type().kind();
    boolean fits =
        kind == TypeKind.BIGINT
            || kind == TypeKind.INTEGER && value == (int) value
            || kind == TypeKind.SMALLINT && value == (short) value;
    if (!fits) {
      return null;
    }
    Object narrow = kind == TypeKind.BIGINT ? (Object) value : (Object) (int) value;
    return new Expression.Comparison(
        operator,
        cast.operand(),
        new Expression.Constant(narrow, cast.operand().type(), constant.position()),
        comparison.position());
  }
}
