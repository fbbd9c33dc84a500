// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in the tokens, and how deep the grammar has descended. All parts of the parser share one.
 */
final class TokenStream {
  /** How high a tree may become. Binder, optimizer and evaluators recurse over it on one stack. */
  static final int MAX_DEPTH = 400;

  private static final int MAX_PARAMETERS = 65_535;

  private final SourceText source;
  private final Tokens tokens;
  private int at;
  private int depth;
  private int deepest;
  private int questionMarks;
  private int highestParameter;

  TokenStream(SourceText source) {
    this.source = source;
    this.tokens = new Lexer(source).tokens();
  }

  // Where.

  /** The number of the current token. */
  int index() {
    return at;
  }

  void advance() {
    at++;
  }

  SourceText source() {
    return source;
  }

  /** The current token's text. */
  Span span() {
    return new Span(tokens.start(at), tokens.end(at));
  }

  /** From the beginning of token {@code first} to the end of the token before the current one. */
  Span since(int first) {
    int last = Math.max(first, at - 1);
    return new Span(tokens.start(first), tokens.end(last));
  }

  // What.

  TokenKind kind() {
    return tokens.kind(at);
  }

  TokenKind kind(int ahead) {
    return tokens.kind(at + ahead);
  }

  boolean at(TokenKind kind) {
    return tokens.kind(at) == kind;
  }

  boolean at(int ahead, TokenKind kind) {
    return tokens.kind(at + ahead) == kind;
  }

  boolean at(Keyword keyword) {
    return tokens.value(at) == keyword;
  }

  boolean at(int ahead, Keyword keyword) {
    return tokens.value(at + ahead) == keyword;
  }

  /** The keyword that the current token is, or null. */
  @Nullable Keyword keyword() {
    return keyword(0);
  }

  @Nullable Keyword keyword(int ahead) {
    return tokens.value(at + ahead) instanceof Keyword keyword ? keyword : null;
  }

  /** The current operator's text, or null when it is none. */
  @Nullable String operator() {
    return at(TokenKind.OPERATOR) ? (String) tokens.value(at) : null;
  }

  boolean atOperator(String text) {
    return text.equals(operator());
  }

  /** How far ahead of the current token stands the one that closes the parenthesis at {@code ahead}. */
  int partnerAhead(int ahead) {
    int partner = at + ahead < tokens.count() ? tokens.partner(at + ahead) : -1;
    return partner < 0 ? -1 : partner - at;
  }

  Object value() {
    return Objects.requireNonNull(tokens.value(at));
  }

  @Nullable Object valueOrNull(int ahead) {
    return tokens.value(at + ahead);
  }

  // Moving on.

  boolean accept(TokenKind kind) {
    if (at(kind)) {
      at++;
      return true;
    }
    return false;
  }

  boolean accept(Keyword keyword) {
    if (at(keyword)) {
      at++;
      return true;
    }
    return false;
  }

  /** Takes both words or none. */
  boolean accept(Keyword first, Keyword second) {
    if (at(first) && at(1, second)) {
      at += 2;
      return true;
    }
    return false;
  }

  boolean acceptOperator(String text) {
    if (atOperator(text)) {
      at++;
      return true;
    }
    return false;
  }

  /** Takes an identifier that is {@code folded}, a word which is no keyword. */
  boolean acceptWord(String folded) {
    if (at(TokenKind.IDENTIFIER) && folded.equals(tokens.value(at))) {
      at++;
      return true;
    }
    return false;
  }

  void expect(TokenKind kind) {
    if (!accept(kind)) {
      throw unexpected();
    }
  }

  void expect(Keyword keyword) {
    if (!accept(keyword)) {
      throw unexpected();
    }
  }

  String expectString() {
    if (!at(TokenKind.STRING)) {
      throw unexpected();
    }
    String value = (String) value();
    at++;
    return value;
  }

  // Names.

  /** Whether the token can name a column or table. */
  boolean atColumnName(int ahead) {
    if (tokens.kind(at + ahead) == TokenKind.IDENTIFIER) {
      return true;
    }
    Keyword keyword = keyword(ahead);
    return keyword != null && keyword.isColumnName();
  }

  /** Whether the token can name a function or type. */
  boolean atFunctionName(int ahead) {
    if (tokens.kind(at + ahead) == TokenKind.IDENTIFIER) {
      return true;
    }
    Keyword keyword = keyword(ahead);
    return keyword != null && keyword.isFunctionName();
  }

  /** Takes the current token, whatever word it is. */
  Identifier label() {
    Object value = tokens.value(at);
    String name;
    if (at(TokenKind.IDENTIFIER)) {
      name = (String) Objects.requireNonNull(value);
    } else if (value instanceof Keyword keyword) {
      name = keyword.text();
    } else {
      throw unexpected();
    }
    Identifier identifier = new Identifier(name, span());
    at++;
    return identifier;
  }

  /** Takes the name of a column or table. */
  Identifier columnName() {
    if (!atColumnName(0)) {
      throw unexpected();
    }
    return label();
  }

  // Depth.

  /** Goes {@code levels} down. */
  void descend(int levels) {
    depth += levels;
    reach(depth);
  }

  /** Comes {@code levels} up again. */
  void ascend(int levels) {
    depth -= levels;
  }

  /** The level of the deepest node since {@link #restartDeepest}. */
  int deepest() {
    return deepest;
  }

  /** Measures anew from the current level. */
  void restartDeepest() {
    deepest = depth;
  }

  /** Takes note of a node at {@code level}. */
  void reach(int level) {
    if (level > MAX_DEPTH) {
      throw source
          .error(ErrorCode.STATEMENT_TOO_COMPLEX, span(), "The statement is nested too deeply.")
          .fact("maxLevels", MAX_DEPTH)
          .hint("Split it, or write long lists with IN, VALUES or WITH.")
          .build();
    }
    deepest = Math.max(deepest, level);
  }

  // Parameters.

  /** Takes a parameter; returns its number. */
  int parameter() {
    Object number = tokens.value(at);
    if (number == null ? highestParameter > questionMarks : questionMarks > 0) {
      throw source
          .error(ErrorCode.SYNTAX_ERROR, span(), "parameters as ? and as $n cannot be mixed")
          .build();
    }
    long index = number == null ? questionMarks + 1L : (Long) number;
    if (index < 1 || index > MAX_PARAMETERS) {
      throw source
          .error(ErrorCode.UNDEFINED_PARAMETER, span(), "there is no parameter $" + index)
          .hint("Parameters count from 1 to " + MAX_PARAMETERS + ".")
          .build();
    }
    if (number == null) {
      questionMarks++;
    }
    highestParameter = Math.max(highestParameter, (int) index);
    at++;
    return (int) index;
  }

  /** The highest parameter number since the last call. */
  int takeParameterCount() {
    int count = highestParameter;
    highestParameter = 0;
    questionMarks = 0;
    return count;
  }

  // Errors.

  /** An error at the current token. */
  VarveException.Builder error(ErrorCode code, String sentence) {
    return source.error(code, span(), sentence);
  }

  /** The error for a token that the grammar does not allow here. */
  VarveException unexpected() {
    if (at(TokenKind.END)) {
      return hint(error(ErrorCode.SYNTAX_ERROR, "syntax error at end of input")).build();
    }
    String shown = source.slice(span());
    if (shown.length() > 60) {
      shown = shown.substring(0, 60) + "...";
    }
    return hint(error(ErrorCode.SYNTAX_ERROR, "syntax error at or near \"" + shown + "\"")).build();
  }

  private VarveException.Builder hint(VarveException.Builder error) {
    for (int index = at; index >= Math.max(0, at - 1); index--) {
      if (tokens.kind(index) == TokenKind.IDENTIFIER) {
        String word = (String) Objects.requireNonNull(tokens.value(index));
        String near = dev.varve.query.ast.Spelling.nearest(word, Keyword.names());
        if (near != null) {
          return error.hint(
              "Did you mean "
                  + near.toUpperCase(java.util.Locale.ROOT)
                  + " instead of \""
                  + word
                  + "\"?");
        }
      }
    }
    return error;
  }
}
