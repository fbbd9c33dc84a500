// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression.Exists;
import dev.varve.query.ast.Expression.InQuery;
import dev.varve.query.ast.Expression.QuantifiedQuery;
import dev.varve.query.ast.Expression.RowConstructor;
import dev.varve.query.ast.Expression.ScalarSubquery;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Span;
import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes of each subquery in an expression a join that the query level's plan gets. */
final class SubqueryBinder {
  private final Binding binding;
  private final Block block;
  private final ExpressionBinder expressions;
  private final ExpressionBuilder builder;

  SubqueryBinder(Binding binding, Block block, ExpressionBinder expressions) {
    this.binding = binding;
    this.block = block;
    this.expressions = expressions;
    this.builder = binding.builder();
  }

  /** A subquery where one value is wanted. */
  Expression scalar(ScalarSubquery node) {
    BoundQuery query = bind(node.query());
    checkWidth(query, 1, node.span(), "Subquery must return only one column.");
    block.addPending(new Block.Pending(JoinKind.SINGLE, query.plan(), List.of(), List.of(), null));
    return reference(query.columns().get(0), node.span());
  }

  /** The parts of a row: of a constructor, of a subquery, or a single value. */
  List<Expression> row(dev.varve.query.ast.Expression node, int width) {
    if (node instanceof RowConstructor row) {
      return expressions.bindAll(row.values());
    }
    if (node instanceof ScalarSubquery subquery && width != 1 && width >= 0) {
      BoundQuery query = bind(subquery.query());
      checkWidth(
          query,
          width,
          subquery.span(),
          query.columns().size() < width
              ? "Subquery has too few columns."
              : "Subquery has too many columns.");
      block.addPending(
          new Block.Pending(JoinKind.SINGLE, query.plan(), List.of(), List.of(), null));
      List<Expression> parts = new ArrayList<>(width);
      for (PlanColumn column : query.columns()) {
        parts.add(reference(column, subquery.span()));
      }
      return parts;
    }
    return List.of(expressions.bind(node));
  }

  Expression exists(Exists node) {
    BoundQuery query = bind(node.query());
    return mark(query, List.of(), false, node.span());
  }

  Expression in(InQuery node) {
    List<Expression> left = row(node.operand(), -1);
    BoundQuery query = bind(node.query());
    Expression mark = compared(left, query, ComparisonOperator.EQUAL, node.span());
    return node.negated() ? builder.not(mark, ExpressionBinder.at(node.span())) : mark;
  }

  Expression quantified(QuantifiedQuery node) {
    List<Expression> left = row(node.left(), -1);
    BoundQuery query = bind(node.query());
    Position at = ExpressionBinder.at(node.span());
    ComparisonOperator operator = comparison(node.operator());
    if (operator != null) {
      ComparisonOperator asked = node.all() ? operator.negated() : operator;
      Expression mark = compared(left, query, asked, node.span());
      return node.all() ? builder.not(mark, at) : mark;
    }
    checkWidth(query, 1, node.span(), "Subquery has too many columns.");
    Expression right = reference(query.columns().get(0), node.span());
    Expression test =
        builder.condition(builder.operator(node.operator(), left.get(0), right, at), "ANY");
    Expression mark =
        mark(query, List.of(node.all() ? builder.not(test, at) : test), true, node.span());
    return node.all() ? builder.not(mark, at) : mark;
  }

  private static @Nullable ComparisonOperator comparison(String symbol) {
    return switch (symbol) {
      case "=" -> ComparisonOperator.EQUAL;
      case "<>", "!=" -> ComparisonOperator.NOT_EQUAL;
      case "<" -> ComparisonOperator.LESS;
      case "<=" -> ComparisonOperator.LESS_OR_EQUAL;
      case ">" -> ComparisonOperator.GREATER;
      case ">=" -> ComparisonOperator.GREATER_OR_EQUAL;
      default -> null;
    };
  }

  private Expression compared(
      List<Expression> left, BoundQuery query, ComparisonOperator operator, Span span) {
    checkWidth(
        query,
        left.size(),
        span,
        query.columns().size() < left.size()
            ? "Subquery has too few columns."
            : "Subquery has too many columns.");
    List<Expression> right = new ArrayList<>(left.size());
    for (PlanColumn column : query.columns()) {
      right.add(reference(column, span));
    }
    Expression comparison = Rows.compare(builder, operator, left, right, span);
    return mark(query, dev.varve.query.expression.Expressions.conjuncts(comparison), true, span);
  }

  private Expression mark(
      BoundQuery query, List<Expression> comparisons, boolean nullable, Span span) {
    PlanColumn mark = binding.columns().column("exists", SqlType.BOOLEAN, nullable);
    block.addPending(new Block.Pending(JoinKind.MARK, query.plan(), List.of(), comparisons, mark));
    return reference(mark, span);
  }

  private BoundQuery bind(Query query) {
    return new QueryBinder(binding, block, block.ctes).bind(query);
  }

  private static Expression reference(PlanColumn column, Span span) {
    return new Expression.ColumnReference(
        column.id(), column.name(), column.type(), ExpressionBinder.at(span));
  }

  private static void checkWidth(BoundQuery query, int width, Span span, String sentence) {
    if (query.columns().size() != width) {
      throw ErrorCode.SYNTAX_ERROR
          .error(sentence)
          .fact("wanted", width)
          .fact("found", query.columns().size())
          .position(span.position())
          .build();
    }
  }
}
