// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Cuts SQL text into tokens by PostgreSQL's rules: nested comments, quoted and Unicode identifiers,
 * all spellings of strings and numbers, operators of any length.
 */
final class Lexer {
  private static final String OPERATOR_CHARS = "+-*/<>=~!@#%^&|`";

  /** An operator of several characters ends in + or - only if it contains one of these. */
  private static final String FREE_ENDING_CHARS = "~!@#%^&|`";

  private static final String[] SHORT_OPERATORS = new String[128];

  static {
    for (int i = 0; i < OPERATOR_CHARS.length(); i++) {
      char c = OPERATOR_CHARS.charAt(i);
      SHORT_OPERATORS[c] = String.valueOf(c);
    }
  }

  private final SourceText source;
  private final String sql;
  private final Tokens tokens;
  private final StringLexer strings;
  private int at;

  Lexer(SourceText source) {
    this.source = source;
    this.sql = source.sql();
    this.tokens = new Tokens(Math.max(16, sql.length() / 4));
    this.strings = new StringLexer(source);
  }

  /** All tokens of the text. */
  Tokens tokens() {
    while (true) {
      skipBlanks();
      if (at >= sql.length()) {
        tokens.add(TokenKind.END, sql.length(), sql.length(), null);
        return tokens;
      }
      next();
    }
  }

  private void next() {
    char c = sql.charAt(at);
    if (isIdentifierStart(c)) {
      word(c);
    } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
      number();
    } else if (c == '\'') {
      string(strings.plain(at));
    } else if (c == '"') {
      String name = strings.quotedIdentifier(at);
      addTo(strings.end(), TokenKind.IDENTIFIER, name);
    } else if (c == '$') {
      dollar();
    } else if (c == '?') {
      add(TokenKind.PARAMETER, 1);
    } else if (OPERATOR_CHARS.indexOf(c) >= 0) {
      operator();
    } else {
      punctuation(c);
    }
  }

  private void punctuation(char c) {
    switch (c) {
      case '(' -> add(TokenKind.LEFT_PAREN, 1);
      case ')' -> add(TokenKind.RIGHT_PAREN, 1);
      case '[' -> add(TokenKind.LEFT_BRACKET, 1);
      case ']' -> add(TokenKind.RIGHT_BRACKET, 1);
      case ',' -> add(TokenKind.COMMA, 1);
      case ';' -> add(TokenKind.SEMICOLON, 1);
      case '.' -> add(TokenKind.DOT, 1);
      case ':' -> {
        if (peek(1) == ':') {
          add(TokenKind.CAST, 2);
        } else if (peek(1) == '=') {
          add(TokenKind.ASSIGN, 2);
        } else {
          add(TokenKind.COLON, 1);
        }
      }
      default -> {
        int end = at + Character.charCount(sql.codePointAt(at));
        String shown = c < ' ' ? String.format("\\u%04x", (int) c) : sql.substring(at, end);
        throw error(at, end, "syntax error at or near \"" + shown + "\"")
            .hint("This character has no meaning in SQL.")
            .build();
      }
    }
  }

  private void add(TokenKind kind, int chars) {
    addTo(at + chars, kind, null);
  }

  private void addTo(int end, TokenKind kind, @org.jspecify.annotations.Nullable Object value) {
    tokens.add(kind, at, end, value);
    at = end;
  }

  private void string(String value) {
    addTo(strings.end(), TokenKind.STRING, value);
  }

  private void skipBlanks() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == ' ' || c >= '\t' && c <= '\r') {
        at++;
      } else if (c == '-' && peek(1) == '-') {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (c == '/' && peek(1) == '*') {
        comment();
      } else {
        return;
      }
    }
  }

  private void comment() {
    int start = at;
    int depth = 0;
    do {
      if (at + 1 >= sql.length()) {
        throw error(start, start + 2, "unterminated /* comment").build();
      }
      if (sql.charAt(at) == '/' && sql.charAt(at + 1) == '*') {
        depth++;
        at += 2;
      } else if (sql.charAt(at) == '*' && sql.charAt(at + 1) == '/') {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0);
  }

  private void word(char first) {
    char second = peek(1);
    if (second == '\'') {
      switch (first) {
        case 'e', 'E' -> {
          string(strings.escaped(at));
          return;
        }
        case 'n', 'N' -> {
          string(strings.plain(at + 1));
          return;
        }
        case 'b', 'B' -> {
          addTo(bitsEnd(), TokenKind.BIT_STRING, bits(1));
          return;
        }
        case 'x', 'X' -> {
          addTo(bitsEnd(), TokenKind.BIT_STRING, bits(4));
          return;
        }
        default -> {}
      }
    }
    if ((first == 'u' || first == 'U') && second == '&') {
      if (peek(2) == '\'') {
        string(strings.unicode(at + 2));
        return;
      }
      if (peek(2) == '"') {
        String name = strings.unicode(at + 2);
        addTo(strings.end(), TokenKind.IDENTIFIER, name);
        return;
      }
    }
    int end = at + 1;
    boolean fold = isUpper(first);
    while (end < sql.length() && isIdentifierPart(sql.charAt(end))) {
      fold |= isUpper(sql.charAt(end));
      end++;
    }
    String name = sql.substring(at, end);
    if (fold) {
      name = foldAscii(name);
    }
    Keyword keyword = Keyword.of(name);
    if (keyword == null) {
      addTo(end, TokenKind.IDENTIFIER, name);
    } else {
      addTo(end, TokenKind.KEYWORD, keyword);
    }
  }

  private int bitsEnd() {
    strings.plain(at + 1);
    return strings.end();
  }

  private String bits(int bitsPerDigit) {
    String digits = strings.plain(at + 1);
    StringBuilder bits = new StringBuilder(digits.length() * bitsPerDigit);
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), 16);
      if (digit < 0 || digit >= 1 << bitsPerDigit || digits.charAt(i) > 127) {
        throw source
            .error(
                ErrorCode.INVALID_TEXT_REPRESENTATION,
                new Span(at, strings.end()),
                "\""
                    + digits.charAt(i)
                    + "\" is not a valid "
                    + (bitsPerDigit == 1 ? "binary" : "hexadecimal")
                    + " digit")
            .build();
      }
      for (int bit = bitsPerDigit - 1; bit >= 0; bit--) {
        bits.append((digit >>> bit & 1) == 0 ? '0' : '1');
      }
    }
    return bits.toString();
  }

  private void dollar() {
    if (isDigit(peek(1))) {
      int end = at + 1;
      long number = 0;
      while (end < sql.length() && isDigit(sql.charAt(end))) {
        number = Math.min(1L << 32, number * 10 + sql.charAt(end) - '0');
        end++;
      }
      if (end < sql.length() && isIdentifierStart(sql.charAt(end))) {
        throw error(
                at,
                end + 1,
                "trailing junk after parameter at or near \"" + sql.substring(at, end + 1) + "\"")
            .build();
      }
      addTo(end, TokenKind.PARAMETER, number);
      return;
    }
    int tagEnd = at + 1;
    while (tagEnd < sql.length()
        && isIdentifierPart(sql.charAt(tagEnd))
        && sql.charAt(tagEnd) != '$') {
      tagEnd++;
    }
    if (tagEnd >= sql.length() || sql.charAt(tagEnd) != '$') {
      throw error(at, at + 1, "syntax error at or near \"$\"").build();
    }
    String tag = sql.substring(at, tagEnd + 1);
    int close = sql.indexOf(tag, tagEnd + 1);
    if (close < 0) {
      throw error(at, tagEnd + 1, "unterminated dollar-quoted string at or near \"" + tag + "\"")
          .build();
    }
    addTo(close + tag.length(), TokenKind.STRING, sql.substring(tagEnd + 1, close));
  }

  private void operator() {
    int end = at + 1;
    while (end < sql.length() && OPERATOR_CHARS.indexOf(sql.charAt(end)) >= 0) {
      char c = sql.charAt(end);
      char next = end + 1 < sql.length() ? sql.charAt(end + 1) : 0;
      if (c == '-' && next == '-' || c == '/' && next == '*') {
        break;
      }
      end++;
    }
    if (end - at > 1 && !endsFreely(end)) {
      while (end - at > 1 && (sql.charAt(end - 1) == '+' || sql.charAt(end - 1) == '-')) {
        end--;
      }
    }
    if (end - at == 1) {
      addTo(end, TokenKind.OPERATOR, SHORT_OPERATORS[sql.charAt(at)]);
      return;
    }
    String text = sql.substring(at, end);
    if (text.equals("=>")) {
      addTo(end, TokenKind.ARROW, null);
    } else {
      addTo(end, TokenKind.OPERATOR, text.equals("!=") ? "<>" : text);
    }
  }

  private boolean endsFreely(int end) {
    for (int i = at; i < end; i++) {
      if (FREE_ENDING_CHARS.indexOf(sql.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private void number() {
    char second = Character.toLowerCase(peek(1));
    if (sql.charAt(at) == '0' && (second == 'x' || second == 'o' || second == 'b')) {
      radixNumber(second == 'x' ? 16 : second == 'o' ? 8 : 2);
      return;
    }
    int end = digits(at);
    boolean isInteger = true;
    if (end < sql.length() && sql.charAt(end) == '.' && !(charAt(end + 1) == '.')) {
      isInteger = false;
      end = digits(end + 1);
    }
    if (end < sql.length() && (sql.charAt(end) == 'e' || sql.charAt(end) == 'E')) {
      int digits = end + 1;
      if (charAt(digits) == '+' || charAt(digits) == '-') {
        digits++;
      }
      if (isDigit(charAt(digits))) {
        isInteger = false;
        end = digits(digits);
      }
    }
    refuseJunk(end);
    String text = sql.substring(at, end).replace("_", "");
    if (isInteger && text.length() <= 18) {
      addTo(end, TokenKind.INTEGER, Long.parseLong(text));
      return;
    }
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw tooLarge(end);
    }
    if (Math.abs((long) value.scale()) > 200_000
        || value.precision() - (long) value.scale() > 131_072
        || value.precision() - value.scale() > 131_072) {
      throw tooLarge(end);
    }
    addNumber(end, value, isInteger);
  }

  private VarveException tooLarge(int end) {
    return source
        .error(ErrorCode.NUMERIC_OUT_OF_RANGE, new Span(at, end), "value overflows numeric format")
        .build();
  }

  private void addNumber(int end, BigDecimal value, boolean isInteger) {
    if (isInteger && value.toBigInteger().bitLength() < Long.SIZE) {
      addTo(end, TokenKind.INTEGER, value.longValueExact());
    } else {
      addTo(end, TokenKind.DECIMAL, value);
    }
  }

  private void radixNumber(int radix) {
    int end = at + 2;
    while (end < sql.length()
        && (Character.digit(sql.charAt(end), radix) >= 0 && sql.charAt(end) < 128
            || sql.charAt(end) == '_')) {
      end++;
    }
    String digits = sql.substring(at + 2, end).replace("_", "");
    if (digits.isEmpty()) {
      throw error(
              at,
              at + 2,
              "invalid "
                  + (radix == 16 ? "hexadecimal" : radix == 8 ? "octal" : "binary")
                  + " integer at or near \""
                  + sql.substring(at, at + 2)
                  + "\"")
          .build();
    }
    refuseJunk(end);
    addNumber(end, new BigDecimal(new BigInteger(digits, radix)), true);
  }

  private int digits(int from) {
    int end = from;
    while (isDigit(charAt(end)) || charAt(end) == '_' && end > from && isDigit(charAt(end + 1))) {
      end++;
    }
    return end;
  }

  private void refuseJunk(int end) {
    if (end < sql.length() && isIdentifierStart(sql.charAt(end))) {
      throw error(
              at,
              end + 1,
              "trailing junk after numeric literal at or near \""
                  + sql.substring(at, end + 1)
                  + "\"")
          .build();
    }
  }

  private VarveException.Builder error(int start, int end, String sentence) {
    return source.error(
        ErrorCode.SYNTAX_ERROR, new Span(start, Math.min(end, sql.length())), sentence);
  }

  private char peek(int ahead) {
    return charAt(at + ahead);
  }

  private char charAt(int index) {
    return index < sql.length() ? sql.charAt(index) : 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  static boolean isIdentifierStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
  }

  static boolean isIdentifierPart(char c) {
    return isIdentifierStart(c) || isDigit(c) || c == '$';
  }

  private static String foldAscii(String name) {
    char[] chars = name.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (isUpper(chars[i])) {
        chars[i] += 'a' - 'A';
      }
    }
    return new String(chars);
  }
}
