// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Expression.ComparisonOperator;
import dev.varve.query.ast.Expression.LikeKind;
import dev.varve.query.ast.Expression.Link;
import dev.varve.query.ast.Expression.Truth;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TypeName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions by precedence climbing, with PostgreSQL's precedences. */
final class ExpressionParser {
  private static final int OR = 1;
  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int IS = 4;
  private static final int COMPARISON = 5;
  private static final int PATTERN = 6;
  private static final int OTHER_OPERATOR = 7;
  private static final int SUM = 8;
  private static final int PRODUCT = 9;
  private static final int POWER = 10;
  private static final int AT_TIME_ZONE = 11;
  private static final int COLLATE = 12;
  private static final int SIGN = 13;
  private static final int POSTFIX = 15;

  private static final BigDecimal LONG_OVERFLOW = BigDecimal.valueOf(Long.MIN_VALUE).negate();

  private final Grammar grammar;
  private final TokenStream stream;

  ExpressionParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** Any expression. */
  Expression expression() {
    return parse(0);
  }

  /** An expression that ends before AND, OR, NOT, IS, comparisons and patterns. */
  Expression operand() {
    return parse(OTHER_OPERATOR);
  }

  /** An expression without operators around it, but perhaps with a sign. */
  Expression signedPrimary() {
    return parse(SIGN);
  }

  /** One or more expressions, separated by commas. */
  List<Expression> expressions() {
    Expression first = expression();
    if (!stream.at(TokenKind.COMMA)) {
      return List.of(first);
    }
    List<Expression> list = new ArrayList<>();
    list.add(first);
    while (stream.accept(TokenKind.COMMA)) {
      list.add(expression());
    }
    return List.copyOf(list);
  }

  private Expression parse(int least) {
    stream.descend(1);
    int outer = stream.deepest();
    stream.restartDeepest();
    int start = stream.index();
    Expression left = prefix();
    int most = POSTFIX;
    while (true) {
      int precedence = precedence();
      if (precedence < least || precedence > most) {
        break;
      }
      // What has been read becomes an operand and so goes one level down.
      stream.reach(stream.deepest() + 1);
      left = infix(left, precedence, start);
      if (precedence == COMPARISON || precedence == PATTERN) {
        most = precedence - 1;
      }
    }
    stream.reach(outer);
    stream.ascend(1);
    return left;
  }

  private Expression prefix() {
    int start = stream.index();
    if (stream.accept(Keyword.NOT)) {
      Expression operand = parse(NOT);
      return new Expression.Not(operand, stream.since(start));
    }
    String operator = stream.operator();
    if (operator == null) {
      return grammar.functions.primary();
    }
    stream.advance();
    if (operator.equals("-") || operator.equals("+")) {
      Expression operand = parse(SIGN);
      Span span = stream.since(start);
      return operator.equals("-")
          ? negated(operand, span)
          : new Expression.Unary("+", operand, span);
    }
    if (operator.equals("*") || comparison(operator) != null) {
      // Back to the operator, so that the error points at it.
      throw stream
          .source()
          .error(
              ErrorCode.SYNTAX_ERROR,
              stream.since(start),
              "syntax error at or near \"" + operator + "\"")
          .build();
    }
    Expression operand = parse(SUM);
    return new Expression.Unary(operator, operand, stream.since(start));
  }

  /** A literal with a minus sign is one literal, so that the least BIGINT can be written. */
  private static Expression negated(Expression operand, Span span) {
    if (operand instanceof Expression.IntegerLiteral literal) {
      return new Expression.IntegerLiteral(-literal.value(), span);
    }
    if (operand instanceof Expression.DecimalLiteral literal) {
      return literal.value().equals(LONG_OVERFLOW)
          ? new Expression.IntegerLiteral(Long.MIN_VALUE, span)
          : new Expression.DecimalLiteral(literal.value().negate(), span);
    }
    return new Expression.Unary("-", operand, span);
  }

  /** The precedence of the operator that the current token begins, or -1. */
  private int precedence() {
    switch (stream.kind()) {
      case OPERATOR:
        return precedence((String) stream.value());
      case CAST, LEFT_BRACKET, DOT:
        return POSTFIX;
      case KEYWORD:
        return precedence((Keyword) stream.value());
      default:
        return -1;
    }
  }

  private static int precedence(String operator) {
    return switch (operator) {
      case "+", "-" -> SUM;
      case "*", "/", "%" -> PRODUCT;
      case "^" -> POWER;
      case "=", "<>", "<", "<=", ">", ">=" -> COMPARISON;
      default -> OTHER_OPERATOR;
    };
  }

  private int precedence(Keyword keyword) {
    switch (keyword) {
      case OR:
        return OR;
      case AND:
        return AND;
      case IS, ISNULL, NOTNULL:
        return IS;
      case BETWEEN, IN, LIKE, ILIKE, SIMILAR, OVERLAPS:
        return PATTERN;
      case NOT:
        Keyword next = stream.keyword(1);
        return next == Keyword.BETWEEN
                || next == Keyword.IN
                || next == Keyword.LIKE
                || next == Keyword.ILIKE
                || next == Keyword.SIMILAR
            ? PATTERN
            : -1;
      case AT:
        return stream.at(1, Keyword.TIME) ? AT_TIME_ZONE : -1;
      case COLLATE:
        return COLLATE;
      case OPERATOR:
        return stream.at(1, TokenKind.LEFT_PAREN) ? OTHER_OPERATOR : -1;
      default:
        return -1;
    }
  }

  private Expression infix(Expression left, int precedence, int start) {
    switch (precedence) {
      case OR:
        return new Expression.Or(terms(left, Keyword.OR, AND), stream.since(start));
      case AND:
        return new Expression.And(terms(left, Keyword.AND, NOT), stream.since(start));
      case IS:
        return is(left, start);
      case COMPARISON:
        return comparison(left, start);
      case PATTERN:
        return pattern(left, start);
      case AT_TIME_ZONE:
        stream.advance();
        stream.advance();
        stream.expect(Keyword.ZONE);
        Expression zone = parse(COLLATE);
        return new Expression.AtTimeZone(left, zone, stream.since(start));
      case COLLATE:
        stream.advance();
        QualifiedName collation = grammar.names.qualifiedName();
        return new Expression.Collate(left, collation, stream.since(start));
      case POSTFIX:
        return postfix(left, start);
      default:
        return chain(left, precedence, start);
    }
  }

  private List<Expression> terms(Expression first, Keyword keyword, int least) {
    List<Expression> terms = new ArrayList<>();
    terms.add(first);
    while (stream.accept(keyword)) {
      terms.add(parse(least));
    }
    return List.copyOf(terms);
  }

  private Expression chain(Expression first, int precedence, int start) {
    List<Link> links = new ArrayList<>(1);
    while (precedence() == precedence) {
      Span operatorSpan = stream.span();
      String operator = takeOperator();
      if (atQuantifier()) {
        Expression left =
            links.isEmpty()
                ? first
                : new Expression.OperatorChain(first, List.copyOf(links), stream.since(start));
        return quantified(left, operator, start);
      }
      links.add(new Link(operator, parse(precedence + 1), operatorSpan));
    }
    return new Expression.OperatorChain(first, List.copyOf(links), stream.since(start));
  }

  private String takeOperator() {
    if (stream.accept(Keyword.OPERATOR)) {
      stream.expect(TokenKind.LEFT_PAREN);
      while (stream.atColumnName(0)) {
        stream.advance();
        stream.expect(TokenKind.DOT);
      }
      String operator = takeOperator();
      stream.expect(TokenKind.RIGHT_PAREN);
      return operator;
    }
    String operator = stream.operator();
    if (operator == null) {
      throw stream.unexpected();
    }
    stream.advance();
    return operator;
  }

  private static @Nullable ComparisonOperator comparison(String operator) {
    return switch (operator) {
      case "=" -> ComparisonOperator.EQUAL;
      case "<>" -> ComparisonOperator.NOT_EQUAL;
      case "<" -> ComparisonOperator.LESS;
      case "<=" -> ComparisonOperator.LESS_OR_EQUAL;
      case ">" -> ComparisonOperator.GREATER;
      case ">=" -> ComparisonOperator.GREATER_OR_EQUAL;
      default -> null;
    };
  }

  private Expression comparison(Expression left, int start) {
    String symbol = takeOperator();
    if (atQuantifier()) {
      return quantified(left, symbol, start);
    }
    Expression right = parse(PATTERN);
    ComparisonOperator operator = comparison(symbol);
    assert operator != null : symbol;
    return new Expression.Comparison(operator, left, right, stream.since(start));
  }

  private boolean atQuantifier() {
    return (stream.at(Keyword.ANY) || stream.at(Keyword.SOME) || stream.at(Keyword.ALL))
        && stream.at(1, TokenKind.LEFT_PAREN);
  }

  private Expression quantified(Expression left, String operator, int start) {
    boolean all = stream.at(Keyword.ALL);
    stream.advance();
    if (grammar.queries.atQueryInParens(0)) {
      Query query = grammar.queries.queryInParens();
      return new Expression.QuantifiedQuery(left, operator, all, query, stream.since(start));
    }
    stream.expect(TokenKind.LEFT_PAREN);
    Expression array = expression();
    stream.expect(TokenKind.RIGHT_PAREN);
    return new Expression.QuantifiedArray(left, operator, all, array, stream.since(start));
  }

  private Expression is(Expression left, int start) {
    if (stream.accept(Keyword.ISNULL)) {
      return new Expression.IsNull(left, false, stream.since(start));
    }
    if (stream.accept(Keyword.NOTNULL)) {
      return new Expression.IsNull(left, true, stream.since(start));
    }
    stream.expect(Keyword.IS);
    boolean negated = stream.accept(Keyword.NOT);
    if (stream.accept(Keyword.NULL)) {
      return new Expression.IsNull(left, negated, stream.since(start));
    }
    if (stream.accept(Keyword.DISTINCT, Keyword.FROM)) {
      Expression right = parse(COMPARISON);
      return new Expression.IsDistinct(left, right, negated, stream.since(start));
    }
    Truth truth;
    if (stream.accept(Keyword.TRUE)) {
      truth = Truth.TRUE;
    } else if (stream.accept(Keyword.FALSE)) {
      truth = Truth.FALSE;
    } else if (stream.accept(Keyword.UNKNOWN)) {
      truth = Truth.UNKNOWN;
    } else {
      throw stream.unexpected();
    }
    return new Expression.IsTruth(left, truth, negated, stream.since(start));
  }

  private Expression pattern(Expression left, int start) {
    boolean negated = stream.accept(Keyword.NOT);
    Keyword keyword = stream.keyword();
    stream.advance();
    if (keyword == Keyword.BETWEEN) {
      return between(left, negated, start);
    }
    if (keyword == Keyword.IN) {
      return in(left, negated, start);
    }
    if (keyword == Keyword.OVERLAPS) {
      return grammar.functions.overlaps(left, parse(OTHER_OPERATOR), start);
    }
    LikeKind kind =
        keyword == Keyword.LIKE
            ? LikeKind.LIKE
            : keyword == Keyword.ILIKE ? LikeKind.ILIKE : LikeKind.SIMILAR;
    if (kind == LikeKind.SIMILAR) {
      stream.expect(Keyword.TO);
    }
    if (atQuantifier()) {
      String operator = (negated ? "!~~" : "~~") + (kind == LikeKind.ILIKE ? "*" : "");
      return quantified(left, operator, start);
    }
    Expression pattern = parse(OTHER_OPERATOR);
    Expression escape = stream.accept(Keyword.ESCAPE) ? parse(OTHER_OPERATOR) : null;
    return new Expression.Like(left, pattern, escape, kind, negated, stream.since(start));
  }

  private Expression between(Expression left, boolean negated, int start) {
    boolean symmetric = stream.accept(Keyword.SYMMETRIC);
    if (!symmetric) {
      stream.accept(Keyword.ASYMMETRIC);
    }
    Expression low = parse(OTHER_OPERATOR);
    stream.expect(Keyword.AND);
    Expression high = parse(OTHER_OPERATOR);
    return new Expression.Between(left, low, high, symmetric, negated, stream.since(start));
  }

  private Expression in(Expression left, boolean negated, int start) {
    if (grammar.queries.atQueryInParens(0)) {
      Query query = grammar.queries.queryInParens();
      return new Expression.InQuery(left, query, negated, stream.since(start));
    }
    stream.expect(TokenKind.LEFT_PAREN);
    List<Expression> values = expressions();
    stream.expect(TokenKind.RIGHT_PAREN);
    return new Expression.InList(left, values, negated, stream.since(start));
  }

  private Expression postfix(Expression left, int start) {
    if (stream.accept(TokenKind.CAST)) {
      TypeName type = grammar.types.type();
      return new Expression.Cast(left, type, stream.since(start));
    }
    if (stream.accept(TokenKind.DOT)) {
      return new Expression.FieldAccess(left, stream.label(), stream.since(start));
    }
    stream.expect(TokenKind.LEFT_BRACKET);
    Expression lower = stream.at(TokenKind.COLON) ? null : expression();
    boolean isSlice = stream.accept(TokenKind.COLON);
    Expression upper = isSlice && !stream.at(TokenKind.RIGHT_BRACKET) ? expression() : null;
    stream.expect(TokenKind.RIGHT_BRACKET);
    return new Expression.Subscript(left, lower, upper, isSlice, stream.since(start));
  }
}
