// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.shell;

/**
 * Finds where a statement ends: at a semicolon outside of quotes, dollar quotes and comments.
 * Stateless; it looks at the text from its beginning.
 */
final class StatementSplitter {
  private StatementSplitter() {}

  /** The index just behind the first statement's semicolon, or -1 when it is not complete. */
  static int end(CharSequence text) {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ';') {
        return at + 1;
      }
      int next = skip(text, at, c);
      if (next < 0) {
        return -1;
      }
      at = next;
    }
    return -1;
  }

  /** Whether nothing but white space and comments is there. */
  static boolean isBlank(CharSequence text) {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (!Character.isWhitespace(c)) {
        int next = skip(text, at, c);
        boolean comment =
            next > at + 1 && (c == '-' || c == '/') || next < 0 && (c == '-' || c == '/');
        if (!comment) {
          return false;
        }
        if (next < 0) {
          return true;
        }
        at = next;
      } else {
        at++;
      }
    }
    return true;
  }

  /** The index behind the token at {@code at}, or -1 when it is not closed. */
  private static int skip(CharSequence text, int at, char c) {
    if (c == '\'') {
      boolean escapes = at > 0 && (text.charAt(at - 1) == 'E' || text.charAt(at - 1) == 'e');
      return quoted(text, at, c, escapes);
    }
    if (c == '"') {
      return quoted(text, at, c, false);
    }
    if (c == '-' && at + 1 < text.length() && text.charAt(at + 1) == '-') {
      int end = at;
      while (end < text.length() && text.charAt(end) != '\n') {
        end++;
      }
      return end == text.length() ? -1 : end + 1;
    }
    if (c == '/' && at + 1 < text.length() && text.charAt(at + 1) == '*') {
      return comment(text, at);
    }
    if (c == '$') {
      return dollarQuoted(text, at);
    }
    return at + 1;
  }

  private static int quoted(CharSequence text, int at, char quote, boolean escapes) {
    int i = at + 1;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (escapes && c == '\\') {
        i += 2;
        continue;
      }
      if (c == quote) {
        return i + 1;
      }
      i++;
    }
    return -1;
  }

  private static int comment(CharSequence text, int at) {
    int depth = 0;
    int i = at;
    while (i + 1 < text.length()) {
      if (text.charAt(i) == '/' && text.charAt(i + 1) == '*') {
        depth++;
        i += 2;
      } else if (text.charAt(i) == '*' && text.charAt(i + 1) == '/') {
        depth--;
        i += 2;
        if (depth == 0) {
          return i;
        }
      } else {
        i++;
      }
    }
    return -1;
  }

  private static int dollarQuoted(CharSequence text, int at) {
    int i = at + 1;
    while (i < text.length()
        && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_')) {
      i++;
    }
    if (i >= text.length() || text.charAt(i) != '$' || Character.isDigit(text.charAt(at + 1))) {
      return at + 1;
    }
    String tag = text.subSequence(at, i + 1).toString();
    int end = text.toString().indexOf(tag, i + 1);
    return end < 0 ? -1 : end + tag.length();
  }
}
