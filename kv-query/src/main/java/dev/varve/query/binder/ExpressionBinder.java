// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.Expression.And;
import dev.varve.query.ast.Expression.ArrayConstructor;
import dev.varve.query.ast.Expression.AtTimeZone;
import dev.varve.query.ast.Expression.Between;
import dev.varve.query.ast.Expression.BooleanLiteral;
import dev.varve.query.ast.Expression.Case;
import dev.varve.query.ast.Expression.Cast;
import dev.varve.query.ast.Expression.Coalesce;
import dev.varve.query.ast.Expression.Collate;
import dev.varve.query.ast.Expression.ColumnReference;
import dev.varve.query.ast.Expression.Comparison;
import dev.varve.query.ast.Expression.DecimalLiteral;
import dev.varve.query.ast.Expression.Exists;
import dev.varve.query.ast.Expression.Extreme;
import dev.varve.query.ast.Expression.FieldAccess;
import dev.varve.query.ast.Expression.FunctionCall;
import dev.varve.query.ast.Expression.InList;
import dev.varve.query.ast.Expression.InQuery;
import dev.varve.query.ast.Expression.IntegerLiteral;
import dev.varve.query.ast.Expression.IsDistinct;
import dev.varve.query.ast.Expression.IsNull;
import dev.varve.query.ast.Expression.IsTruth;
import dev.varve.query.ast.Expression.Like;
import dev.varve.query.ast.Expression.LikeKind;
import dev.varve.query.ast.Expression.Link;
import dev.varve.query.ast.Expression.Not;
import dev.varve.query.ast.Expression.NullIf;
import dev.varve.query.ast.Expression.NullLiteral;
import dev.varve.query.ast.Expression.OperatorChain;
import dev.varve.query.ast.Expression.Or;
import dev.varve.query.ast.Expression.Parameter;
import dev.varve.query.ast.Expression.QuantifiedArray;
import dev.varve.query.ast.Expression.QuantifiedQuery;
import dev.varve.query.ast.Expression.RowConstructor;
import dev.varve.query.ast.Expression.ScalarSubquery;
import dev.varve.query.ast.Expression.StringLiteral;
import dev.varve.query.ast.Expression.Truth;
import dev.varve.query.ast.Expression.Unary;
import dev.varve.query.ast.Expression.When;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Span;
import dev.varve.query.catalog.TypeNames;
import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binds scalar expressions at one query level. What an expression needs from the plan (aggregates,
 * window functions, subqueries) is left with the {@link Block}.
 */
final class ExpressionBinder {
  private final Binding binding;
  private final Block block;
  private final ExpressionBuilder builder;
  private final SubqueryBinder subqueries;
  private final CallBinder calls;

  ExpressionBinder(Binding binding, Block block) {
    this.binding = binding;
    this.block = block;
    this.builder = binding.builder();
    this.subqueries = new SubqueryBinder(binding, block, this);
    this.calls = new CallBinder(binding, block, this);
  }

  /** A boolean; {@code construct} names what it is the argument of. */
  Expression condition(dev.varve.query.ast.Expression node, String construct) {
    return builder.condition(bind(node), construct);
  }

  /** A value whose type is settled. */
  Expression settled(dev.varve.query.ast.Expression node) {
    return builder.settle(bind(node));
  }

  List<Expression> bindAll(List<? extends dev.varve.query.ast.Expression> nodes) {
    List<Expression> bound = new ArrayList<>(nodes.size());
    for (dev.varve.query.ast.Expression node : nodes) {
      bound.add(bind(node));
    }
    return bound;
  }

  static Position at(Span span) {
    return Position.of(span.position());
  }

  /** A value, its type perhaps still open. */
  Expression bind(dev.varve.query.ast.Expression node) {
    Position at = at(node.span());
    if (node instanceof ColumnReference column) {
      return column(column.parts(), column.span());
    } else if (node instanceof IntegerLiteral literal) {
      return integer(literal.value(), at);
    } else if (node instanceof StringLiteral literal) {
      return ExpressionBuilder.literal(literal.value(), at);
    } else if (node instanceof DecimalLiteral literal) {
      java.math.BigDecimal value = literal.value();
      return new Expression.Constant(
          value.scale() < 0 ? value.setScale(0) : value, SqlType.NUMERIC, at);
    } else if (node instanceof BooleanLiteral literal) {
      return new Expression.Constant(literal.value(), SqlType.BOOLEAN, at);
    } else if (node instanceof NullLiteral) {
      return new Expression.Constant(null, SqlType.UNKNOWN, at);
    } else if (node instanceof Parameter parameter) {
      return builder.parameter(parameter.index() - 1, at);
    } else if (node instanceof FunctionCall call) {
      return calls.bind(call);
    } else if (node instanceof Comparison comparison) {
      return comparison(comparison);
    } else if (node instanceof And and) {
      return new Expression.And(conditions(and.terms(), "AND"), at);
    } else if (node instanceof Or or) {
      return new Expression.Or(conditions(or.terms(), "OR"), at);
    } else if (node instanceof OperatorChain chain) {
      return chain(chain);
    }
    return bindOther(node, at);
  }

  private Expression bindOther(dev.varve.query.ast.Expression node, Position at) {
    if (node instanceof Not not) {
      return builder.not(bind(not.operand()), at);
    } else if (node instanceof Unary unary) {
      return unary(unary, at);
    } else if (node instanceof Cast cast) {
      SqlType type = TypeNames.resolve(cast.type(), binding.source());
      return builder.cast(bind(cast.operand()), type, at(cast.operand().span()));
    } else if (node instanceof Case cases) {
      return caseOf(cases, at);
    } else if (node instanceof Coalesce coalesce) {
      return builder.call("coalesce", bindAll(coalesce.arguments()), at);
    } else if (node instanceof NullIf nullIf) {
      return builder.call("nullif", List.of(bind(nullIf.left()), bind(nullIf.right())), at);
    } else if (node instanceof Extreme extreme) {
      String name = extreme.greatest() ? "greatest" : "least";
      return builder.call(name, bindAll(extreme.arguments()), at);
    } else if (node instanceof AtTimeZone zone) {
      return builder.call("timezone", List.of(bind(zone.zone()), bind(zone.operand())), at);
    } else if (node instanceof Collate collate) {
      return collate(collate);
    } else if (node instanceof FieldAccess access
        && access.base() instanceof ColumnReference base
        && base.parts().size() == 1) {
      return column(List.of(base.parts().get(0), access.field()), access.span());
    }
    return bindPredicate(node, at);
  }

  private Expression bindPredicate(dev.varve.query.ast.Expression node, Position at) {
    if (node instanceof IsNull isNull) {
      return isNull(isNull, at);
    } else if (node instanceof IsTruth isTruth) {
      Expression operand = bind(isTruth.operand());
      return isTruth.truth() == Truth.UNKNOWN
          ? new Expression.IsNull(builder.condition(operand, "IS UNKNOWN"), isTruth.negated(), at)
          : builder.isBoolean(operand, isTruth.truth() == Truth.TRUE, isTruth.negated(), at);
    } else if (node instanceof IsDistinct distinct) {
      return isDistinct(distinct, at);
    } else if (node instanceof Between between) {
      return between(between, at);
    } else if (node instanceof InList in) {
      return inList(in, at);
    } else if (node instanceof Like like) {
      return like(like, at);
    } else if (node instanceof InQuery in) {
      return subqueries.in(in);
    } else if (node instanceof Exists exists) {
      return subqueries.exists(exists);
    } else if (node instanceof ScalarSubquery scalar) {
      return subqueries.scalar(scalar);
    } else if (node instanceof QuantifiedQuery quantified) {
      return subqueries.quantified(quantified);
    } else if (node instanceof QuantifiedArray array) {
      return quantifiedArray(array, at);
    } else if (node instanceof RowConstructor row) {
      throw unsupported("A row value can only be compared", row.span());
    } else if (node instanceof dev.varve.query.ast.Expression.Default) {
      throw ErrorCode.SYNTAX_ERROR
          .error("DEFAULT is not allowed in this context.")
          .position(at.charsFromOne())
          .build();
    }
    throw unsupported("This kind of expression is not supported", node.span());
  }

  static VarveException unsupported(String what, Span span) {
    return ErrorCode.NOT_SUPPORTED.error(what + ".").position(span.position()).build();
  }

  private static Expression integer(long value, Position at) {
    return value == (int) value
        ? new Expression.Constant((int) value, SqlType.INTEGER, at)
        : new Expression.Constant(value, SqlType.BIGINT, at);
  }

  /** What a column name means, here or at an enclosing level. */
  Expression column(List<Identifier> parts, Span span) {
    return Names.column(block, parts, span);
  }

  private List<Expression> conditions(
      List<dev.varve.query.ast.Expression> terms, String construct) {
    List<Expression> bound = new ArrayList<>(terms.size());
    for (dev.varve.query.ast.Expression term : terms) {
      bound.add(condition(term, construct));
    }
    return bound;
  }

  private Expression chain(OperatorChain chain) {
    Expression result = bind(chain.first());
    for (Link link : chain.rest()) {
      result = builder.operator(link.operator(), result, bind(link.operand()), at(link.span()));
    }
    return result;
  }

  private Expression unary(Unary unary, Position at) {
    if (unary.operator().equals("-")) {
      if (unary.operand() instanceof IntegerLiteral literal && literal.value() != Long.MIN_VALUE) {
        return integer(-literal.value(), at);
      }
      if (unary.operand() instanceof DecimalLiteral literal) {
        return bind(new DecimalLiteral(literal.value().negate(), unary.span()));
      }
    }
    return builder.operator(unary.operator(), bind(unary.operand()), at);
  }

  private Expression caseOf(Case cases, Position at) {
    List<Expression> conditions = new ArrayList<>(cases.branches().size());
    List<Expression> results = new ArrayList<>(cases.branches().size());
    Expression operand = cases.operand() == null ? null : bind(cases.operand());
    for (When branch : cases.branches()) {
      Position place = at(branch.condition().span());
      conditions.add(
          operand == null
              ? condition(branch.condition(), "CASE/WHEN")
              : builder.compare(
                  ComparisonOperator.EQUAL, operand, bind(branch.condition()), place));
      results.add(bind(branch.result()));
    }
    Expression otherwise = cases.otherwise() == null ? null : bind(cases.otherwise());
    return builder.caseWhen(conditions, results, otherwise, at);
  }

  private Expression collate(Collate collate) {
    String name = collate.collation().name();
    Expression operand = builder.settle(bind(collate.operand()));
    if (!operand.type().kind().isText()) {
      throw ErrorCode.DATATYPE_MISMATCH
          .error("Collations are not supported by type " + operand.type() + ".")
          .position(collate.span().position())
          .build();
    }
    if (!name.equals("C") && !name.equals("POSIX") && !name.equals("default")) {
      throw ErrorCode.UNDEFINED_OBJECT
          .error("Collation \"" + name + "\" does not exist.")
          .hint("Text is ordered by code points: \"C\" is the only collation.")
          .position(collate.collation().span().position())
          .build();
    }
    return operand;
  }

  private Expression isNull(IsNull isNull, Position at) {
    if (isNull.operand() instanceof RowConstructor row) {
      List<Expression> parts = new ArrayList<>();
      for (Expression value : bindAll(row.values())) {
        parts.add(new Expression.IsNull(builder.settle(value), isNull.negated(), at));
      }
      return parts.isEmpty() ? Expression.Constant.of(true) : Rows.and(parts, at);
    }
    return new Expression.IsNull(builder.settle(bind(isNull.operand())), isNull.negated(), at);
  }

  private Expression isDistinct(IsDistinct distinct, Position at) {
    ComparisonOperator operator =
        distinct.negated() ? ComparisonOperator.NOT_DISTINCT : ComparisonOperator.DISTINCT;
    return compare(operator, distinct.left(), distinct.right(), at, distinct.span());
  }

  private Expression comparison(Comparison comparison) {
    return compare(
        Rows.operator(comparison.operator().symbol()),
        comparison.left(),
        comparison.right(),
        at(comparison.span()),
        comparison.span());
  }

  private Expression compare(
      ComparisonOperator operator,
      dev.varve.query.ast.Expression left,
      dev.varve.query.ast.Expression right,
      Position at,
      Span span) {
    if (!isRow(left) && !isRow(right)) {
      return builder.compare(operator, bind(left), bind(right), at);
    }
    int width = left instanceof RowConstructor row ? row.values().size() : -1;
    if (width < 0 && right instanceof RowConstructor row) {
      width = row.values().size();
    }
    return Rows.compare(
        builder, operator, subqueries.row(left, width), subqueries.row(right, width), span);
  }

  private static boolean isRow(dev.varve.query.ast.Expression node) {
    return node instanceof RowConstructor;
  }

  private Expression between(Between between, Position at) {
    Span span = between.span();
    Expression inside = inside(between, between.low(), between.high(), at, span);
    if (between.symmetric()) {
      Expression mirrored = inside(between, between.high(), between.low(), at, span);
      inside = new Expression.Or(List.of(inside, mirrored), at);
    }
    return between.negated() ? builder.not(inside, at) : inside;
  }

  private Expression inside(
      Between between,
      dev.varve.query.ast.Expression low,
      dev.varve.query.ast.Expression high,
      Position at,
      Span span) {
    dev.varve.query.ast.Expression operand = between.operand();
    return new Expression.And(
        List.of(
            compare(ComparisonOperator.GREATER_OR_EQUAL, operand, low, at, span),
            compare(ComparisonOperator.LESS_OR_EQUAL, operand, high, at, span)),
        at);
  }

  private Expression inList(InList in, Position at) {
    if (in.operand() instanceof RowConstructor row) {
      List<Expression> left = bindAll(row.values());
      List<Expression> alternatives = new ArrayList<>(in.values().size());
      for (dev.varve.query.ast.Expression value : in.values()) {
        List<Expression> right = subqueries.row(value, left.size());
        alternatives.add(Rows.compare(builder, ComparisonOperator.EQUAL, left, right, in.span()));
      }
      Expression any = Rows.or(alternatives, at);
      return in.negated() ? builder.not(any, at) : any;
    }
    Expression operand = bind(in.operand());
    List<Expression> values = bindAll(in.values());
    if (values.size() == 1) {
      ComparisonOperator operator =
          in.negated() ? ComparisonOperator.NOT_EQUAL : ComparisonOperator.EQUAL;
      return builder.compare(operator, operand, values.get(0), at);
    }
    return builder.in(operand, values, in.negated(), at);
  }

  private Expression quantifiedArray(QuantifiedArray node, Position at) {
    if (node.array() instanceof NullLiteral) {
      return Expression.Constant.nullOf(SqlType.BOOLEAN);
    }
    if (!(node.array() instanceof ArrayConstructor array)) {
      throw unsupported("ANY and ALL over anything but a subquery or ARRAY[..]", node.span());
    }
    Expression left = bind(node.left());
    List<Expression> parts = new ArrayList<>(array.values().size());
    for (dev.varve.query.ast.Expression value : array.values()) {
      parts.add(builder.condition(builder.operator(node.operator(), left, bind(value), at), "ANY"));
    }
    if (parts.isEmpty()) {
      return Expression.Constant.of(node.all());
    }
    return node.all() ? Rows.and(parts, at) : Rows.or(parts, at);
  }

  private Expression like(Like like, Position at) {
    Expression operand = bind(like.operand());
    Expression pattern = bind(like.pattern());
    List<Expression> arguments = new ArrayList<>(List.of(operand, pattern));
    if (like.escape() != null) {
      arguments.add(bind(like.escape()));
    }
    if (like.kind() == LikeKind.SIMILAR) {
      return negatedIf(like.negated(), builder.call("similar_to", arguments, at), at);
    }
    if (like.escape() != null) {
      String name = like.kind() == LikeKind.LIKE ? "like" : "ilike";
      return negatedIf(like.negated(), builder.call(name, arguments, at), at);
    }
    String symbol = like.kind() == LikeKind.LIKE ? "~~" : "~~*";
    return builder.operator(like.negated() ? "!" + symbol : symbol, operand, pattern, at);
  }

  private Expression negatedIf(boolean negated, Expression operand, Position at) {
    return negated ? builder.not(operand, at) : operand;
  }

  /** The binding that all parts of a statement share. */
  Binding binding() {
    return binding;
  }

  @Nullable Block outerBlock() {
    return block.outer;
  }
}
