// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import java.util.Locale;

/** Turns JDBC's escapes in braces into SQL: {d ..}, {t ..}, {ts ..}, {fn ..}, {oj ..}, {escape ..}. */
final class EscapeSyntax {
  private EscapeSyntax() {}

  /** The text without escapes; the same object when there are none. */
  static String translate(String sql) {
    if (sql.indexOf('{') < 0) {
      return sql;
    }
    StringBuilder out = new StringBuilder(sql.length());
    int depth = 0;
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      int literal = literalEnd(sql, i);
      if (literal > i) {
        out.append(sql, i, literal);
        i = literal;
      } else if (c == '{') {
        int word = i + 1;
        while (word < sql.length() && Character.isWhitespace(sql.charAt(word))) {
          word++;
        }
        int end = word;
        while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
          end++;
        }
        String replacement = keyword(sql.substring(word, end));
        if (replacement == null) {
          out.append(c);
          i++;
        } else {
          out.append(replacement);
          depth++;
          i = end;
        }
      } else if (c == '}' && depth > 0) {
        depth--;
        i++;
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  private static @org.jspecify.annotations.Nullable String keyword(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "d" -> "DATE ";
      case "t" -> "TIME ";
      case "ts" -> "TIMESTAMP ";
      case "fn", "oj" -> "";
      case "escape" -> "ESCAPE ";
      case "limit" -> "LIMIT ";
      default -> null;
    };
  }

  /** The end of the literal, quoted name or comment that begins at {@code i}, or {@code i}. */
  private static int literalEnd(String sql, int i) {
    char c = sql.charAt(i);
    if (c == '\'' || c == '"') {
      int end = sql.indexOf(c, i + 1);
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("--", i)) {
      int end = sql.indexOf('\n', i);
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("/*", i)) {
      int end = sql.indexOf("*/", i + 2);
      return end < 0 ? sql.length() : end + 2;
    }
    return i;
  }
}
