// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Expression.FunctionCall;
import dev.varve.query.ast.Expression.When;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.SortItem;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TypeName;
import dev.varve.query.ast.WindowSpecification;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what an expression is made of: literals, columns, calls, and all forms in parentheses. */
final class FunctionParser {
  private final Grammar grammar;
  private final TokenStream stream;

  FunctionParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** An expression without operators around it. */
  Expression primary() {
    int start = stream.index();
    switch (stream.kind()) {
      case INTEGER:
        {
          long value = (Long) stream.value();
          stream.advance();
          return new Expression.IntegerLiteral(value, stream.since(start));
        }
      case DECIMAL:
        {
          BigDecimal value = (BigDecimal) stream.value();
          stream.advance();
          return new Expression.DecimalLiteral(value, stream.since(start));
        }
      case STRING:
        {
          String value = stream.expectString();
          return new Expression.StringLiteral(value, stream.since(start));
        }
      case BIT_STRING:
        {
          String bits = (String) stream.value();
          stream.advance();
          return new Expression.BitStringLiteral(bits, stream.since(start));
        }
      case PARAMETER:
        {
          int index = stream.parameter();
          return new Expression.Parameter(index, stream.since(start));
        }
      case LEFT_PAREN:
        return parenthesized();
      case IDENTIFIER:
        return named();
      case KEYWORD:
        return keyword((Keyword) stream.value(), start);
      default:
        throw stream.unexpected();
    }
  }

  private Expression parenthesized() {
    int start = stream.index();
    if (grammar.queries.atQueryInParens(0)) {
      Query query = grammar.queries.queryInParens();
      return new Expression.ScalarSubquery(query, stream.since(start));
    }
    stream.expect(TokenKind.LEFT_PAREN);
    List<Expression> values = grammar.expressions.expressions();
    stream.expect(TokenKind.RIGHT_PAREN);
    return values.size() == 1
        ? values.get(0)
        : new Expression.RowConstructor(values, false, stream.since(start));
  }

  private Expression keyword(Keyword keyword, int start) {
    switch (keyword) {
      case NULL:
        stream.advance();
        return new Expression.NullLiteral(stream.since(start));
      case TRUE, FALSE:
        stream.advance();
        return new Expression.BooleanLiteral(keyword == Keyword.TRUE, stream.since(start));
      case DEFAULT:
        stream.advance();
        return new Expression.Default(stream.since(start));
      case CASE:
        return caseExpression();
      case CAST:
        return cast();
      case ARRAY:
        return array();
      case CURRENT_DATE, CURRENT_USER, CURRENT_ROLE, CURRENT_CATALOG, SESSION_USER, USER:
        stream.advance();
        return call(keyword.text(), List.of(), start);
      case CURRENT_TIME, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP:
        return currentTime(keyword, start);
      case CURRENT_SCHEMA:
        if (!stream.at(1, TokenKind.LEFT_PAREN)) {
          stream.advance();
          return call(keyword.text(), List.of(), start);
        }
        return named();
      default:
        return stream.at(1, TokenKind.LEFT_PAREN) ? special(keyword, start) : named();
    }
  }

  /** A keyword before a parenthesis. */
  private Expression special(Keyword keyword, int start) {
    switch (keyword) {
      case COALESCE:
        return new Expression.Coalesce(arguments(), stream.since(start));
      case GREATEST, LEAST:
        return new Expression.Extreme(
            keyword == Keyword.GREATEST, arguments(), stream.since(start));
      case NULLIF:
        {
          List<Expression> arguments = arguments();
          if (arguments.size() != 2) {
            throw stream.unexpected();
          }
          return new Expression.NullIf(arguments.get(0), arguments.get(1), stream.since(start));
        }
      case EXISTS:
        stream.advance();
        if (!grammar.queries.atQueryInParens(0)) {
          throw stream.unexpected();
        }
        Query query = grammar.queries.queryInParens();
        return new Expression.Exists(query, stream.since(start));
      case ROW:
        return row(start);
      case EXTRACT:
        return extract(start);
      case SUBSTRING:
        return substring(start);
      case OVERLAY:
        return overlay(start);
      case POSITION:
        return position(start);
      case TRIM:
        return trim(start);
      case GROUPING, NORMALIZE:
        {
          List<Expression> arguments = arguments();
          return call(keyword.text(), arguments, start);
        }
      default:
        return named();
    }
  }

  /** A column, a function call, or a literal with its type before it. */
  private Expression named() {
    int start = stream.index();
    if (grammar.types.atTypedLiteral()) {
      return typedLiteral(start);
    }
    if (stream.at(1, TokenKind.STRING) && stream.atFunctionName(0)) {
      return typedLiteral(start);
    }
    int length = nameLength();
    if (stream.at(length, TokenKind.LEFT_PAREN)) {
      if (length > 1 ? stream.atColumnName(0) : stream.atFunctionName(0)) {
        return functionCall();
      }
      throw stream.unexpected();
    }
    List<Identifier> parts = new ArrayList<>(length / 2 + 1);
    parts.add(stream.columnName());
    while (stream.at(TokenKind.DOT) && !isStar(1)) {
      stream.advance();
      parts.add(stream.label());
    }
    if (stream.at(TokenKind.DOT)) {
      // t.* inside of an expression is the row as a value, as t is.
      stream.advance();
      stream.advance();
    }
    return new Expression.ColumnReference(List.copyOf(parts), stream.since(start));
  }

  private boolean isStar(int ahead) {
    return "*".equals(stream.valueOrNull(ahead)) && stream.at(ahead, TokenKind.OPERATOR);
  }

  /** How many tokens the qualified name here has. */
  private int nameLength() {
    int length = 1;
    while (stream.at(length, TokenKind.DOT)
        && (stream.at(length + 1, TokenKind.IDENTIFIER)
            || stream.at(length + 1, TokenKind.KEYWORD))) {
      length += 2;
    }
    return length;
  }

  private Expression typedLiteral(int start) {
    TypeName type = grammar.types.simpleType();
    int literal = stream.index();
    String text = stream.expectString();
    Expression value = new Expression.StringLiteral(text, stream.since(literal));
    if (type.name().name().equals("interval") && type.intervalFields() == null) {
      String fields = grammar.types.intervalFields();
      if (fields != null) {
        List<Integer> precision =
            fields.endsWith("SECOND") ? grammar.types.modifiers() : type.modifiers();
        type = new TypeName(type.name(), precision, 0, fields, stream.since(start));
      }
    }
    return new Expression.Cast(value, type, stream.since(start));
  }

  /** A call of a function, aggregate or window function with all that may follow it. */
  FunctionCall functionCall() {
    int start = stream.index();
    QualifiedName name = grammar.names.functionName();
    stream.expect(TokenKind.LEFT_PAREN);
    boolean isStar = false;
    boolean distinct = false;
    boolean variadic = false;
    List<Expression> arguments = List.of();
    List<SortItem> orderBy = List.of();
    if (stream.atOperator("*") && stream.at(1, TokenKind.RIGHT_PAREN)) {
      stream.advance();
      isStar = true;
    } else if (!stream.at(TokenKind.RIGHT_PAREN)) {
      distinct = stream.accept(Keyword.DISTINCT);
      if (!distinct) {
        stream.accept(Keyword.ALL);
      }
      List<Expression> list = new ArrayList<>();
      do {
        variadic = stream.accept(Keyword.VARIADIC);
        list.add(argument());
      } while (stream.accept(TokenKind.COMMA));
      arguments = List.copyOf(list);
      orderBy = grammar.queries.optionalOrderBy();
    }
    stream.expect(TokenKind.RIGHT_PAREN);
    List<SortItem> withinGroup = List.of();
    if (stream.accept(Keyword.WITHIN, Keyword.GROUP)) {
      stream.expect(TokenKind.LEFT_PAREN);
      withinGroup = grammar.queries.optionalOrderBy();
      stream.expect(TokenKind.RIGHT_PAREN);
    }
    Expression filter = filter();
    Boolean ignoreNulls = null;
    if (stream.accept(Keyword.IGNORE, Keyword.NULLS)) {
      ignoreNulls = true;
    } else if (stream.accept(Keyword.RESPECT, Keyword.NULLS)) {
      ignoreNulls = false;
    }
    WindowSpecification over = stream.at(Keyword.OVER) ? grammar.queries.overClause() : null;
    return new FunctionCall(
        name,
        arguments,
        isStar,
        distinct,
        variadic,
        orderBy,
        withinGroup,
        filter,
        ignoreNulls,
        over,
        stream.since(start));
  }

  private @Nullable Expression filter() {
    if (!stream.at(Keyword.FILTER) || !stream.at(1, TokenKind.LEFT_PAREN)) {
      return null;
    }
    stream.advance();
    stream.advance();
    stream.expect(Keyword.WHERE);
    Expression condition = grammar.expressions.expression();
    stream.expect(TokenKind.RIGHT_PAREN);
    return condition;
  }

  private Expression argument() {
    int start = stream.index();
    if (stream.atFunctionName(0)
        && (stream.at(1, TokenKind.ARROW) || stream.at(1, TokenKind.ASSIGN))) {
      Identifier name = stream.label();
      stream.advance();
      Expression value = grammar.expressions.expression();
      return new Expression.NamedArgument(name, value, stream.since(start));
    }
    return grammar.expressions.expression();
  }

  private FunctionCall call(String name, List<Expression> arguments, int start) {
    Span span = stream.since(start);
    QualifiedName qualified = new QualifiedName(List.of(new Identifier(name, span)), span);
    return new FunctionCall(
        qualified, arguments, false, false, false, List.of(), List.of(), null, null, null, span);
  }

  /** The word at the current token and then at least one argument in parentheses. */
  private List<Expression> arguments() {
    stream.advance();
    stream.expect(TokenKind.LEFT_PAREN);
    List<Expression> list = grammar.expressions.expressions();
    stream.expect(TokenKind.RIGHT_PAREN);
    return list;
  }

  private Expression caseExpression() {
    int start = stream.index();
    stream.expect(Keyword.CASE);
    Expression operand = stream.at(Keyword.WHEN) ? null : grammar.expressions.expression();
    List<When> branches = new ArrayList<>();
    while (stream.at(Keyword.WHEN)) {
      int branch = stream.index();
      stream.advance();
      Expression condition = grammar.expressions.expression();
      stream.expect(Keyword.THEN);
      Expression result = grammar.expressions.expression();
      branches.add(new When(condition, result, stream.since(branch)));
    }
    if (branches.isEmpty()) {
      throw stream.unexpected();
    }
    Expression otherwise = stream.accept(Keyword.ELSE) ? grammar.expressions.expression() : null;
    stream.expect(Keyword.END);
    return new Expression.Case(operand, List.copyOf(branches), otherwise, stream.since(start));
  }

  private Expression cast() {
    int start = stream.index();
    stream.expect(Keyword.CAST);
    stream.expect(TokenKind.LEFT_PAREN);
    Expression operand = grammar.expressions.expression();
    stream.expect(Keyword.AS);
    TypeName type = grammar.types.type();
    stream.expect(TokenKind.RIGHT_PAREN);
    return new Expression.Cast(operand, type, stream.since(start));
  }

  private Expression array() {
    int start = stream.index();
    stream.expect(Keyword.ARRAY);
    if (grammar.queries.atQueryInParens(0)) {
      Query query = grammar.queries.queryInParens();
      return new Expression.ArraySubquery(query, stream.since(start));
    }
    return arrayBrackets(start);
  }

  private Expression arrayBrackets(int start) {
    stream.descend(1);
    stream.expect(TokenKind.LEFT_BRACKET);
    List<Expression> values = new ArrayList<>();
    if (!stream.at(TokenKind.RIGHT_BRACKET)) {
      do {
        values.add(
            stream.at(TokenKind.LEFT_BRACKET)
                ? arrayBrackets(stream.index())
                : grammar.expressions.expression());
      } while (stream.accept(TokenKind.COMMA));
    }
    stream.expect(TokenKind.RIGHT_BRACKET);
    stream.ascend(1);
    return new Expression.ArrayConstructor(List.copyOf(values), stream.since(start));
  }

  private Expression row(int start) {
    stream.advance();
    stream.expect(TokenKind.LEFT_PAREN);
    List<Expression> values =
        stream.at(TokenKind.RIGHT_PAREN) ? List.of() : grammar.expressions.expressions();
    stream.expect(TokenKind.RIGHT_PAREN);
    return new Expression.RowConstructor(values, true, stream.since(start));
  }

  private Expression currentTime(Keyword keyword, int start) {
    stream.advance();
    List<Expression> precision = List.of();
    if (stream.at(TokenKind.LEFT_PAREN)) {
      int number = stream.index();
      List<Integer> modifiers = grammar.types.modifiers();
      precision = List.of(new Expression.IntegerLiteral(modifiers.get(0), stream.since(number)));
    }
    return call(keyword.text(), precision, start);
  }

  private Expression extract(int start) {
    stream.advance();
    stream.expect(TokenKind.LEFT_PAREN);
    int fieldStart = stream.index();
    String field;
    if (stream.at(TokenKind.STRING)) {
      field = stream.expectString();
    } else {
      field = stream.label().name();
    }
    Expression fieldLiteral = new Expression.StringLiteral(field, stream.since(fieldStart));
    stream.expect(Keyword.FROM);
    Expression value = grammar.expressions.expression();
    stream.expect(TokenKind.RIGHT_PAREN);
    return call("extract", List.of(fieldLiteral, value), start);
  }

  private Expression substring(int start) {
    stream.advance();
    stream.expect(TokenKind.LEFT_PAREN);
    List<Expression> arguments = new ArrayList<>(3);
    arguments.add(grammar.expressions.expression());
    String function = "substring";
    if (stream.accept(TokenKind.COMMA)) {
      arguments.addAll(grammar.expressions.expressions());
    } else if (stream.accept(Keyword.SIMILAR)) {
      function = "similar_substring";
      arguments.add(grammar.expressions.expression());
      stream.expect(Keyword.ESCAPE);
      arguments.add(grammar.expressions.expression());
    } else {
      substringFromFor(arguments, start);
    }
    stream.expect(TokenKind.RIGHT_PAREN);
    return call(function, List.copyOf(arguments), start);
  }

  private void substringFromFor(List<Expression> arguments, int start) {
    Expression from = null;
    Expression length = null;
    while (from == null && stream.at(Keyword.FROM) || length == null && stream.at(Keyword.FOR)) {
      if (stream.accept(Keyword.FROM)) {
        from = grammar.expressions.expression();
      } else {
        stream.expect(Keyword.FOR);
        length = grammar.expressions.expression();
      }
    }
    if (from == null && length == null) {
      return;
    }
    arguments.add(from == null ? new Expression.IntegerLiteral(1, stream.since(start)) : from);
    if (length != null) {
      arguments.add(length);
    }
  }

  private Expression overlay(int start) {
    stream.advance();
    stream.expect(TokenKind.LEFT_PAREN);
    List<Expression> arguments = new ArrayList<>(4);
    arguments.add(grammar.expressions.expression());
    if (stream.accept(TokenKind.COMMA)) {
      arguments.addAll(grammar.expressions.expressions());
    } else {
      stream.expect(Keyword.PLACING);
      arguments.add(grammar.expressions.expression());
      stream.expect(Keyword.FROM);
      arguments.add(grammar.expressions.expression());
      if (stream.accept(Keyword.FOR)) {
        arguments.add(grammar.expressions.expression());
      }
    }
    stream.expect(TokenKind.RIGHT_PAREN);
    return call("overlay", List.copyOf(arguments), start);
  }

  private Expression position(int start) {
    stream.advance();
    stream.expect(TokenKind.LEFT_PAREN);
    Expression sought = grammar.expressions.operand();
    stream.expect(Keyword.IN);
    Expression text = grammar.expressions.operand();
    stream.expect(TokenKind.RIGHT_PAREN);
    return call("position", List.of(sought, text), start);
  }

  private Expression trim(int start) {
    stream.advance();
    stream.expect(TokenKind.LEFT_PAREN);
    String function = "btrim";
    if (stream.accept(Keyword.LEADING)) {
      function = "ltrim";
    } else if (stream.accept(Keyword.TRAILING)) {
      function = "rtrim";
    } else {
      stream.accept(Keyword.BOTH);
    }
    List<Expression> arguments = new ArrayList<>(2);
    if (stream.accept(Keyword.FROM)) {
      arguments.addAll(grammar.expressions.expressions());
    } else {
      Expression first = grammar.expressions.expression();
      if (stream.accept(Keyword.FROM)) {
        arguments.addAll(grammar.expressions.expressions());
        arguments.add(first);
      } else {
        arguments.add(first);
        if (stream.accept(TokenKind.COMMA)) {
          arguments.addAll(grammar.expressions.expressions());
        }
      }
    }
    stream.expect(TokenKind.RIGHT_PAREN);
    return call(function, List.copyOf(arguments), start);
  }

  /** {@code (a, b) OVERLAPS (c, d)} as a call of four arguments. */
  Expression overlaps(Expression left, Expression right, int start) {
    List<Expression> arguments = new ArrayList<>(4);
    for (Expression side : List.of(left, right)) {
      if (!(side instanceof Expression.RowConstructor row) || row.values().size() != 2) {
        throw stream
            .source()
            .error(
                ErrorCode.SYNTAX_ERROR,
                side.span(),
                "wrong number of parameters on a side of OVERLAPS expression")
            .build();
      }
      arguments.addAll(row.values());
    }
    return call("overlaps", List.copyOf(arguments), start);
  }
}
