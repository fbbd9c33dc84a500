// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what stands in quotes. Each method returns the value and sets {@link #end}. */
final class StringLexer {
  private final SourceText source;
  private final String sql;
  private int end;

  StringLexer(SourceText source) {
    this.source = source;
    this.sql = source.sql();
  }

  /** The place after what was read last. */
  int end() {
    return end;
  }

  /** A string whose quote stands at {@code start}; goes on in the next line if that begins with a quote. */
  String plain(int start) {
    String value = quoted(start, '\'');
    int next = continuation();
    if (next < 0) {
      return value;
    }
    StringBuilder all = new StringBuilder(value);
    while (next >= 0) {
      all.append(quoted(next, '\''));
      next = continuation();
    }
    return all.toString();
  }

  /** An identifier whose quote stands at {@code start}. */
  String quotedIdentifier(int start) {
    String name = quoted(start, '"');
    if (name.isEmpty()) {
      throw error(start, end, "zero-length delimited identifier at or near \"\"\"\"").build();
    }
    return name;
  }

  private String quoted(int start, char quote) {
    int from = start + 1;
    int close = sql.indexOf(quote, from);
    if (close >= 0 && (close + 1 >= sql.length() || sql.charAt(close + 1) != quote)) {
      end = close + 1;
      return refuseNul(start, sql.substring(from, close));
    }
    StringBuilder value = new StringBuilder();
    while (close >= 0) {
      value.append(sql, from, close);
      from = close + 1;
      if (from >= sql.length() || sql.charAt(from) != quote) {
        end = from;
        return refuseNul(start, value.toString());
      }
      value.append(quote);
      from++;
      close = sql.indexOf(quote, from);
    }
    throw unterminated(start, quote);
  }

  private String refuseNul(int start, String value) {
    if (value.indexOf(0) >= 0) {
      throw source
          .error(
              ErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
              new Span(start, end),
              "invalid byte sequence for encoding \"UTF8\": 0x00")
          .build();
    }
    return value;
  }

  private VarveException unterminated(int start, char quote) {
    int shown = Math.min(sql.length(), start + 20);
    return error(
            start,
            sql.length(),
            (quote == '"' ? "unterminated quoted identifier" : "unterminated quoted string")
                + " at or near \""
                + sql.substring(start, shown)
                + "\"")
        .build();
  }

  /** Where the string that ended at {@link #end} goes on after a line break, or -1. */
  private int continuation() {
    int at = end;
    boolean newLine = false;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\n' || c == '\r') {
        newLine = true;
        at++;
      } else if (c == ' ' || c == '\t' || c == '\f') {
        at++;
      } else {
        return newLine && c == '\'' ? at : -1;
      }
    }
    return -1;
  }

  /** E'..' whose E stands at {@code start}. */
  String escaped(int start) {
    StringBuilder value = new StringBuilder();
    int at = start + 2;
    while (true) {
      if (at >= sql.length()) {
        throw unterminated(start, '\'');
      }
      char c = sql.charAt(at);
      if (c == '\'') {
        if (at + 1 < sql.length() && sql.charAt(at + 1) == '\'') {
          value.append('\'');
          at += 2;
          continue;
        }
        end = at + 1;
        int next = continuation();
        if (next < 0) {
          return refuseNul(start, value.toString());
        }
        at = next + 1;
      } else if (c == '\\') {
        at = escape(at, value);
      } else {
        value.append(c);
        at++;
      }
    }
  }

  /** Appends what the escape at {@code at} stands for; returns the place after it. */
  private int escape(int at, StringBuilder value) {
    if (at + 1 >= sql.length()) {
      return at + 1;
    }
    char c = sql.charAt(at + 1);
    switch (c) {
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'u' -> {
        return appendCodePoint(at, at + 2, 4, value);
      }
      case 'U' -> {
        return appendCodePoint(at, at + 2, 8, value);
      }
      default -> {
        if (isByteEscape(at)) {
          return bytes(at, value);
        }
        value.append(c);
      }
    }
    return at + 2;
  }

  private boolean isByteEscape(int at) {
    if (at + 1 >= sql.length() || sql.charAt(at) != '\\') {
      return false;
    }
    char c = sql.charAt(at + 1);
    return c >= '0' && c <= '7' || c == 'x' && hexDigit(at + 2) >= 0;
  }

  /** Reads neighbouring octal and hexadecimal escapes, which together are UTF-8. */
  private int bytes(int start, StringBuilder value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int at = start;
    while (isByteEscape(at)) {
      int number = 0;
      if (sql.charAt(at + 1) == 'x') {
        at += 2;
        for (int i = 0; i < 2 && hexDigit(at) >= 0; i++) {
          number = number * 16 + hexDigit(at++);
        }
      } else {
        at++;
        for (int i = 0;
            i < 3 && at < sql.length() && sql.charAt(at) >= '0' && sql.charAt(at) <= '7';
            i++) {
          number = number * 8 + sql.charAt(at++) - '0';
        }
      }
      bytes.write(number);
    }
    try {
      value.append(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())));
    } catch (CharacterCodingException e) {
      throw source
          .error(
              ErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
              new Span(start, at),
              "invalid byte sequence for encoding \"UTF8\"")
          .cause(e)
          .build();
    }
    return at;
  }

  private int appendCodePoint(int start, int from, int digits, StringBuilder value) {
    int codePoint = 0;
    for (int i = 0; i < digits; i++) {
      int digit = hexDigit(from + i);
      if (digit < 0) {
        throw badEscape(start, from + i);
      }
      codePoint = codePoint << 4 | digit;
    }
    if (codePoint <= 0 || codePoint > Character.MAX_CODE_POINT) {
      throw badEscape(start, from + digits);
    }
    value.appendCodePoint(codePoint);
    return from + digits;
  }

  private VarveException badEscape(int start, int stop) {
    return source
        .error(
            ErrorCode.INVALID_ESCAPE_SEQUENCE,
            new Span(start, Math.min(stop, sql.length())),
            "invalid Unicode escape value")
        .hint("Unicode escapes are \\XXXX, \\uXXXX or \\UXXXXXXXX, of a character other than zero.")
        .build();
  }

  private int hexDigit(int at) {
    return at < sql.length() && sql.charAt(at) < 128 ? Character.digit(sql.charAt(at), 16) : -1;
  }

  /** U&'..' or U&".." whose quote stands at {@code start}, with the UESCAPE that may follow. */
  String unicode(int start) {
    String raw = sql.charAt(start) == '"' ? quotedIdentifier(start) : plain(start);
    char escape = uescape();
    StringBuilder value = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c != escape) {
        value.append(c);
        i++;
      } else if (i + 1 < raw.length() && raw.charAt(i + 1) == escape) {
        value.append(escape);
        i += 2;
      } else {
        i = unicodeEscape(start, raw, i, value);
      }
    }
    return value.toString();
  }

  private int unicodeEscape(int start, String raw, int at, StringBuilder value) {
    boolean isLong = at + 1 < raw.length() && raw.charAt(at + 1) == '+';
    int from = at + (isLong ? 2 : 1);
    int digits = isLong ? 6 : 4;
    int codePoint = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < raw.length() && raw.charAt(i) < 128 ? Character.digit(raw.charAt(i), 16) : -1;
      if (digit < 0) {
        throw badEscape(start, end);
      }
      codePoint = codePoint << 4 | digit;
    }
    if (codePoint == 0 || codePoint > Character.MAX_CODE_POINT) {
      throw badEscape(start, end);
    }
    value.appendCodePoint(codePoint);
    return from + digits;
  }

  /** Reads UESCAPE 'c' if it follows. */
  private char uescape() {
    int at = end;
    while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
      at++;
    }
    if (!sql.regionMatches(true, at, "uescape", 0, 7)) {
      return '\\';
    }
    at += 7;
    while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
      at++;
    }
    if (at + 2 >= sql.length() || sql.charAt(at) != '\'' || sql.charAt(at + 2) != '\'') {
      throw error(at, at + 1, "UESCAPE must be followed by a simple string literal").build();
    }
    char escape = sql.charAt(at + 1);
    if (Character.digit(escape, 16) >= 0
        || "+'\"".indexOf(escape) >= 0
        || Character.isWhitespace(escape)) {
      throw error(at, at + 3, "invalid Unicode escape character").build();
    }
    end = at + 3;
    return escape;
  }

  private VarveException.Builder error(int start, int stop, String sentence) {
    return source.error(
        ErrorCode.SYNTAX_ERROR, new Span(start, Math.min(stop, sql.length())), sentence);
  }
}
