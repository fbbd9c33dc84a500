// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads SQL text. Whatever the text, the result is a tree of bounded height or a {@code
 * VarveException} that points at the first thing that could not be read.
 */
public final class Parser {
  /** The longest text, in characters. */
  public static final int MAX_CHARS = 1 << 28;

  private Parser() {}

  /** All statements of a text; empty ones between semicolons are left out. */
  public static List<ParsedStatement> parse(String sql) {
    SourceText source = source(sql);
    Grammar grammar = new Grammar(source);
    TokenStream stream = grammar.stream;
    List<ParsedStatement> statements = new ArrayList<>(1);
    while (true) {
      while (stream.accept(TokenKind.SEMICOLON)) {}
      if (stream.at(TokenKind.END)) {
        return List.copyOf(statements);
      }
      Statement statement = grammar.statements.statement();
      statements.add(new ParsedStatement(statement, stream.takeParameterCount(), source));
    }
  }

  /** The one statement of a text. */
  public static ParsedStatement parseOne(String sql) {
    List<ParsedStatement> statements = parse(sql);
    if (statements.size() == 1) {
      return statements.get(0);
    }
    if (statements.isEmpty()) {
      throw ErrorCode.SYNTAX_ERROR.error("The statement is empty.").build();
    }
    Span second = statements.get(1).statement().span();
    throw statements
        .get(1)
        .source()
        .error(
            ErrorCode.SYNTAX_ERROR,
            second,
            "cannot insert multiple commands into a prepared statement")
        .build();
  }

  /** A query that stands alone, as a view keeps it. */
  public static Query parseQuery(String sql) {
    Grammar grammar = new Grammar(source(sql));
    Query query = grammar.queries.query();
    end(grammar);
    return query;
  }

  /** An expression that stands alone, as a default or a check keeps it. */
  public static Expression parseExpression(String sql) {
    Grammar grammar = new Grammar(source(sql));
    Expression expression = grammar.expressions.expression();
    end(grammar);
    return expression;
  }

  /** The identifiers in a text, keywords that may be names among them. */
  public static Set<String> identifiers(String sql) {
    Tokens tokens = new Lexer(source(sql)).tokens();
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < tokens.count(); i++) {
      String name = identifier(tokens, i);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** The text with every identifier {@code name} replaced. */
  public static String rename(String sql, String name, String newName) {
    Tokens tokens = new Lexer(source(sql)).tokens();
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < tokens.count(); i++) {
      if (name.equals(identifier(tokens, i)) && tokens.kind(i + 1) != TokenKind.LEFT_PAREN) {
        text.append(sql, from, tokens.start(i));
        text.append('"').append(newName.replace("\"", "\"\"")).append('"');
        from = tokens.end(i);
      }
    }
    return text.append(sql, from, sql.length()).toString();
  }

  private static @Nullable String identifier(Tokens tokens, int index) {
    Object value = tokens.value(index);
    if (tokens.kind(index) == TokenKind.IDENTIFIER) {
      return (String) value;
    }
    return value instanceof Keyword keyword && keyword.isColumnName() ? keyword.text() : null;
  }

  private static void end(Grammar grammar) {
    if (!grammar.stream.at(TokenKind.END)) {
      throw grammar.stream.unexpected();
    }
  }

  private static SourceText source(String sql) {
    if (sql.length() > MAX_CHARS) {
      throw ErrorCode.STATEMENT_TOO_COMPLEX
          .error("The statement is too long.")
          .fact("chars", sql.length())
          .fact("maxChars", MAX_CHARS)
          .build();
    }
    return new SourceText(sql);
  }
}
