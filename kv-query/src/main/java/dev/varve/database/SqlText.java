// SPDX-License-Identifier: Apache-2.0
package dev.varve.database;

import java.util.Locale;
import java.util.Set;

/** Tells SQL from the name of a prepared transaction. */
final class SqlText {
  private static final Set<String> FIRST_WORDS =
      Set.of(
          "alter",
          "analyze",
          "begin",
          "call",
          "commit",
          "copy",
          "create",
          "deallocate",
          "delete",
          "drop",
          "end",
          "execute",
          "explain",
          "insert",
          "lock",
          "merge",
          "prepare",
          "release",
          "reset",
          "rollback",
          "savepoint",
          "select",
          "set",
          "show",
          "start",
          "table",
          "truncate",
          "update",
          "values",
          "with");

  private SqlText() {}

  /** Whether {@code text} starts with the keyword of a statement, or with a comment or bracket. */
  static boolean isStatement(String text) {
    String trimmed = text.strip();
    if (trimmed.startsWith("(") || trimmed.startsWith("--") || trimmed.startsWith("/*")) {
      return true;
    }
    int end = 0;
    while (end < trimmed.length() && Character.isLetter(trimmed.charAt(end))) {
      end++;
    }
    boolean wordEnds =
        end == trimmed.length()
            || Character.isWhitespace(trimmed.charAt(end))
            || trimmed.charAt(end) == '('
            || trimmed.charAt(end) == ';'
            || trimmed.charAt(end) == '*'
            || trimmed.charAt(end) == '\'';
    return wordEnds && FIRST_WORDS.contains(trimmed.substring(0, end).toLowerCase(Locale.ROOT));
  }
}
