// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.expression.Position;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TextOutput;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.Batch;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Evaluates calls written as text: literals, casts, calls and one operator between two operands. */
final class Scripted {
  private static final String SYMBOLS = "+-*/%^|&#~<>=!@";
  private static final FunctionRegistry FUNCTIONS = new FunctionRegistry();

  private final String text;
  private final ExpressionBuilder builder =
      new ExpressionBuilder(FUNCTIONS, new ParameterTypes(), ZoneOffset.UTC, 0);
  private int at;

  private Scripted(String text) {
    this.text = text;
  }

  /** The value as PostgreSQL prints it, NULL as NULL. */
  static String evaluate(String text) {
    Scripted script = new Scripted(text);
    Expression expression = script.builder.settle(script.expression());
    if (script.at != text.length()) {
      throw new IllegalArgumentException("rest: " + text.substring(script.at));
    }
    EvaluationContext context = new EvaluationContext();
    Batch row = new Batch();
    row.setCount(1);
    Object datum = new ExpressionCompiler(context).compile(expression).evaluate(row).datum(0);
    if (datum instanceof Boolean bool) {
      return bool ? "t" : "f";
    }
    return datum == null ? "NULL" : TextOutput.text(datum, expression.type(), ZoneOffset.UTC);
  }

  private Expression expression() {
    blanks();
    String prefix = symbol();
    if (!prefix.isEmpty()) {
      return builder.operator(prefix, primary(), Position.NONE);
    }
    Expression left = primary();
    blanks();
    String symbol = symbol();
    return symbol.isEmpty() ? left : builder.operator(symbol, left, primary(), Position.NONE);
  }

  private String symbol() {
    int start = at;
    while (at < text.length() && SYMBOLS.indexOf(text.charAt(at)) >= 0) {
      if (text.charAt(at) == '-'
          && at + 1 < text.length()
          && Character.isDigit(text.charAt(at + 1))
          && at == start
          && (start == 0 || "(, ".indexOf(text.charAt(start - 1)) >= 0)
          && !afterOperand(start)) {
        break;
      }
      at++;
    }
    return text.substring(start, at);
  }

  private boolean afterOperand(int start) {
    String before = text.substring(0, start).stripTrailing();
    return !before.isEmpty() && "(,".indexOf(before.charAt(before.length() - 1)) < 0;
  }

  private Expression primary() {
    blanks();
    Expression value = value();
    while (text.startsWith("::", at)) {
      at += 2;
      value = builder.cast(value, type(), Position.NONE);
    }
    return value;
  }

  private Expression value() {
    char c = text.charAt(at);
    if (c == '\'') {
      return literal();
    }
    if (c == '(') {
      at++;
      Expression inner = expression();
      expect(')');
      return inner;
    }
    if (Character.isDigit(c) || c == '-' || c == '.') {
      return number();
    }
    String name = word();
    if (name.equalsIgnoreCase("null")) {
      return new Expression.Constant(null, SqlType.UNKNOWN, Position.NONE);
    }
    if (name.equalsIgnoreCase("true") || name.equalsIgnoreCase("false")) {
      return Expression.Constant.of(name.equalsIgnoreCase("true"));
    }
    expect('(');
    List<Expression> arguments = new ArrayList<>();
    blanks();
    while (text.charAt(at) != ')') {
      arguments.add(expression());
      blanks();
      if (text.charAt(at) == ',') {
        at++;
      }
    }
    at++;
    return builder.call(name, arguments, Position.NONE);
  }

  private Expression literal() {
    StringBuilder value = new StringBuilder();
    at++;
    while (true) {
      char c = text.charAt(at++);
      if (c != '\'') {
        value.append(c);
      } else if (at < text.length() && text.charAt(at) == '\'') {
        value.append('\'');
        at++;
      } else {
        return ExpressionBuilder.literal(value.toString(), Position.NONE);
      }
    }
  }

  private Expression number() {
    int start = at;
    at++;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at))
            || text.charAt(at) == '.'
            || text.charAt(at) == '-' && text.charAt(at - 1) == 'e')) {
      at++;
    }
    String digits = text.substring(start, at);
    boolean whole = digits.indexOf('.') < 0 && digits.indexOf('e') < 0 && digits.length() <= 19;
    long value = whole ? Long.parseLong(digits) : 0;
    SqlType type =
        !whole ? SqlType.NUMERIC : value == (int) value ? SqlType.INTEGER : SqlType.BIGINT;
    return builder.cast(ExpressionBuilder.literal(digits, Position.NONE), type, Position.NONE);
  }

  private SqlType type() {
    StringBuilder name = new StringBuilder(word());
    while (text.startsWith(" precision", at) || text.startsWith(" varying", at)) {
      at++;
      name.append(' ').append(word());
    }
    TypeKind kind = SqlType.kindNamed(name.toString());
    if (kind == null) {
      throw new IllegalArgumentException("type " + name);
    }
    if (at < text.length() && text.charAt(at) == '(') {
      int end = text.indexOf(')', at);
      String[] modifiers = text.substring(at + 1, end).split(",");
      at = end + 1;
      int scale = modifiers.length > 1 ? Integer.parseInt(modifiers[1].strip()) : 0;
      return new SqlType(kind, Integer.parseInt(modifiers[0].strip()), scale);
    }
    return SqlType.of(kind);
  }

  private String word() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (start == at) {
      throw new IllegalArgumentException("word expected: " + text.substring(at));
    }
    return text.substring(start, at);
  }

  private void blanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private void expect(char c) {
    blanks();
    if (text.charAt(at++) != c) {
      throw new IllegalArgumentException(c + " expected: " + text.substring(at - 1));
    }
  }
}
