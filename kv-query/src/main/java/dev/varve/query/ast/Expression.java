// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scalar expression. Chains of operators of the same precedence and of AND and OR are flat, so
 * that their length is no depth: the depth of a tree is bounded by the parser.
 */
public sealed interface Expression {
  /** The text it was read from. */
  Span span();

  /** NULL. */
  record NullLiteral(Span span) implements Expression {}

  /** TRUE or FALSE. */
  record BooleanLiteral(boolean value, Span span) implements Expression {}

  /** A number without point and exponent that fits a BIGINT. */
  record IntegerLiteral(long value, Span span) implements Expression {}

  /** Any other number. */
  record DecimalLiteral(BigDecimal value, Span span) implements Expression {}

  /** A string of any spelling, unescaped; its type is not known yet. */
  record StringLiteral(String value, Span span) implements Expression {}

  /** B'0101' or X'1F', its digits as bits. */
  record BitStringLiteral(String bits, Span span) implements Expression {}

  /** {@code $n} or the n-th {@code ?}, from 1. */
  record Parameter(int index, Span span) implements Expression {}

  /** A column, perhaps qualified. */
  record ColumnReference(List<Identifier> parts, Span span) implements Expression {
    /** The column's own name. */
    public String name() {
      return parts.get(parts.size() - 1).name();
    }
  }

  /** {@code base.field} where base is in parentheses. */
  record FieldAccess(Expression base, Identifier field, Span span) implements Expression {}

  /** {@code base[index]}, or {@code base[lower:upper]} when {@code isSlice}. */
  record Subscript(
      Expression base,
      @Nullable Expression lower,
      @Nullable Expression upper,
      boolean isSlice,
      Span span)
      implements Expression {}

  /** A prefix operator: {@code -}, {@code +}, {@code ~}, {@code @}, {@code |/}, {@code ||/} .. */
  record Unary(String operator, Expression operand, Span span) implements Expression {}

  /**
   * Binary operators of one precedence, from left to right: {@code ((first op operand) op operand)}
   * and so on. Holds every operator but the six comparisons.
   *
   * @param rest at least one
   */
  record OperatorChain(Expression first, List<Link> rest, Span span) implements Expression {}

  /** An operator of a chain and its right operand; the span is the operator's. */
  record Link(String operator, Expression operand, Span span) {}

  /** One of the six comparisons. */
  record Comparison(ComparisonOperator operator, Expression left, Expression right, Span span)
      implements Expression {}

  /** {@code left op ANY|ALL (query)}; the operator is any operator's text. */
  record QuantifiedQuery(Expression left, String operator, boolean all, Query query, Span span)
      implements Expression {}

  /** {@code left op ANY|ALL (array)}. */
  record QuantifiedArray(Expression left, String operator, boolean all, Expression array, Span span)
      implements Expression {}

  /** Two or more terms joined by AND. */
  record And(List<Expression> terms, Span span) implements Expression {}

  /** Two or more terms joined by OR. */
  record Or(List<Expression> terms, Span span) implements Expression {}

  /** NOT. */
  record Not(Expression operand, Span span) implements Expression {}

  /** IS [NOT] NULL, ISNULL, NOTNULL. */
  record IsNull(Expression operand, boolean negated, Span span) implements Expression {}

  /** IS [NOT] TRUE, FALSE or UNKNOWN. */
  record IsTruth(Expression operand, Truth truth, boolean negated, Span span)
      implements Expression {}

  /** IS [NOT] DISTINCT FROM. */
  record IsDistinct(Expression left, Expression right, boolean negated, Span span)
      implements Expression {}

  /** [NOT] BETWEEN [SYMMETRIC]. */
  record Between(
      Expression operand,
      Expression low,
      Expression high,
      boolean symmetric,
      boolean negated,
      Span span)
      implements Expression {}

  /** [NOT] IN with a list of expressions. */
  record InList(Expression operand, List<Expression> values, boolean negated, Span span)
      implements Expression {}

  /** [NOT] IN with a subquery; the operand may be a {@link RowConstructor}. */
  record InQuery(Expression operand, Query query, boolean negated, Span span)
      implements Expression {}

  /** [NOT] LIKE, ILIKE or SIMILAR TO; without ESCAPE the escape is null and means a backslash. */
  record Like(
      Expression operand,
      Expression pattern,
      @Nullable Expression escape,
      LikeKind kind,
      boolean negated,
      Span span)
      implements Expression {}

  /** EXISTS. */
  record Exists(Query query, Span span) implements Expression {}

  /** A query in parentheses where a value is wanted. */
  record ScalarSubquery(Query query, Span span) implements Expression {}

  /** ARRAY(query). */
  record ArraySubquery(Query query, Span span) implements Expression {}

  /** CASE; with an operand, each condition is a value that it is compared to. */
  record Case(
      @Nullable Expression operand, List<When> branches, @Nullable Expression otherwise, Span span)
      implements Expression {}

  /** WHEN condition THEN result. */
  record When(Expression condition, Expression result, Span span) {}

  /** CAST(x AS type), x::type, or type 'literal'. */
  record Cast(Expression operand, TypeName type, Span span) implements Expression {}

  /** COALESCE. */
  record Coalesce(List<Expression> arguments, Span span) implements Expression {}

  /** NULLIF. */
  record NullIf(Expression left, Expression right, Span span) implements Expression {}

  /** GREATEST or LEAST. */
  record Extreme(boolean greatest, List<Expression> arguments, Span span) implements Expression {}

  /** x AT TIME ZONE zone. */
  record AtTimeZone(Expression operand, Expression zone, Span span) implements Expression {}

  /** x COLLATE name. */
  record Collate(Expression operand, QualifiedName collation, Span span) implements Expression {}

  /** (a, b, ..) with two or more values, or ROW(..) with any number. */
  record RowConstructor(List<Expression> values, boolean explicit, Span span)
      implements Expression {}

  /** ARRAY[..]; nested brackets are nested constructors. */
  record ArrayConstructor(List<Expression> values, Span span) implements Expression {}

  /** DEFAULT, where INSERT and UPDATE allow it. */
  record Default(Span span) implements Expression {}

  /**
   * A call of a function, aggregate or window function. Functions with a grammar of their own are
   * calls too: EXTRACT(f FROM x) is {@code extract('f', x)}; SUBSTRING, OVERLAY as written;
   * POSITION(a IN b) is {@code position(a, b)}; TRIM is {@code btrim}, {@code ltrim} or {@code rtrim};
   * CURRENT_DATE and its kin are calls without arguments, precision apart; x OVERLAPS y is {@code
   * overlaps} of four values; NORMALIZE, XML functions do not exist.
   *
   * @param isStar for {@code count(*)}
   * @param withinGroup the ORDER BY of WITHIN GROUP, or empty
   */
  record FunctionCall(
      QualifiedName name,
      List<Expression> arguments,
      boolean isStar,
      boolean distinct,
      boolean variadic,
      List<SortItem> orderBy,
      List<SortItem> withinGroup,
      @Nullable Expression filter,
      @Nullable Boolean ignoreNulls,
      @Nullable WindowSpecification over,
      Span span)
      implements Expression {}

  /** An argument by name: {@code name => value}. */
  record NamedArgument(Identifier name, Expression value, Span span) implements Expression {}

  /** The six comparisons. */
  enum ComparisonOperator {
    EQUAL("="),
    NOT_EQUAL("<>"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String symbol;

    ComparisonOperator(String symbol) {
      this.symbol = symbol;
    }

    /** As it is written. */
    public String symbol() {
      return symbol;
    }

    /** The comparison that holds when the operands change places. */
    public ComparisonOperator flipped() {
      return switch (this) {
        case EQUAL, NOT_EQUAL -> this;
        case LESS -> GREATER;
        case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
        case GREATER -> LESS;
        case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
      };
    }

    /** The comparison that holds, for values that are not NULL, when this one does not. */
    public ComparisonOperator negated() {
      return switch (this) {
        case EQUAL -> NOT_EQUAL;
        case NOT_EQUAL -> EQUAL;
        case LESS -> GREATER_OR_EQUAL;
        case LESS_OR_EQUAL -> GREATER;
        case GREATER -> LESS_OR_EQUAL;
        case GREATER_OR_EQUAL -> LESS;
      };
    }
  }

  /** The truth values. */
  enum Truth {
    TRUE,
    FALSE,
    UNKNOWN
  }

  /** The kinds of pattern. */
  enum LikeKind {
    LIKE,
    ILIKE,
    SIMILAR
  }
}
