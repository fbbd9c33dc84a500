// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import dev.varve.ErrorCode;
import dev.varve.VarveException;

/** The text of a statement; starts errors that point into it. */
public final class SourceText {
  private static final int SHOWN_CHARS = 100;

  private final String sql;

  /** Of the text {@code sql}. */
  public SourceText(String sql) {
    this.sql = sql;
  }

  /** The whole text. */
  public String sql() {
    return sql;
  }

  /** The text that {@code span} covers. */
  public String slice(Span span) {
    return span.start() < 0 ? "" : sql.substring(span.start(), Math.min(span.end(), sql.length()));
  }

  /** An error at {@code span}, with its position and its line of text underlined. */
  public VarveException.Builder error(ErrorCode code, Span span, String sentence) {
    VarveException.Builder error = code.error(sentence);
    return span.start() < 0 ? error : error.position(span.position()).fragment(fragment(span));
  }

  /** The line on which {@code span} begins and below it a line that underlines the span. */
  String fragment(Span span) {
    int start = Math.min(span.start(), sql.length());
    int lineStart = start == 0 ? 0 : sql.lastIndexOf('\n', start - 1) + 1;
    int lineEnd = sql.indexOf('\n', start);
    if (lineEnd < 0) {
      lineEnd = sql.length();
    }
    int from = Math.max(lineStart, start - SHOWN_CHARS / 2);
    int to = Math.min(lineEnd, from + SHOWN_CHARS);
    int end = Math.max(start + 1, Math.min(span.end(), to));
    StringBuilder text = new StringBuilder();
    text.append("LINE ").append(lineNumber(start)).append(": ");
    text.append(from > lineStart ? "..." : "");
    int indent = text.length() + start - from;
    for (int i = from; i < to; i++) {
      char c = sql.charAt(i);
      text.append(c < ' ' ? ' ' : c);
    }
    text.append(to < lineEnd ? "...\n" : "\n");
    return text.append(" ".repeat(indent))
        .append('^')
        .append("~".repeat(end - start - 1))
        .toString();
  }

  private int lineNumber(int at) {
    int line = 1;
    for (int i = 0; i < at; i++) {
      if (sql.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }
}
