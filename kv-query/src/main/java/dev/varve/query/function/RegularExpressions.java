// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Turns PostgreSQL's advanced regular expressions and SQL's SIMILAR TO patterns into Java's. */
final class RegularExpressions {
  private RegularExpressions() {}

  /** Compiles an advanced regular expression. */
  static Pattern compile(String expression, String options) {
    int flags = Pattern.DOTALL;
    for (int i = 0; i < options.length(); i++) {
      flags =
          switch (options.charAt(i)) {
            case 'i' -> flags | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
            case 'c' -> flags & ~Pattern.CASE_INSENSITIVE;
            case 'n', 'm' -> flags & ~Pattern.DOTALL | Pattern.MULTILINE;
            case 'p' -> flags & ~Pattern.DOTALL;
            case 'w' -> flags | Pattern.MULTILINE;
            case 's' -> flags & ~Pattern.MULTILINE | Pattern.DOTALL;
            case 'x' -> flags | Pattern.COMMENTS;
            case 'q' -> flags | Pattern.LITERAL;
            case 't', 'e', 'b' -> flags;
            default ->
                throw ErrorCode.INVALID_ARGUMENT
                    .error("Invalid regular expression option: \"" + options.charAt(i) + "\".")
                    .build();
          };
    }
    if ((flags & Pattern.LITERAL) != 0) {
      return Pattern.compile(expression, flags);
    }
    String text = expression;
    if (text.startsWith("***=")) {
      return Pattern.compile(text.substring(4), flags | Pattern.LITERAL);
    }
    if (text.startsWith("***:")) {
      text = text.substring(4);
    }
    return compiled(translated(text, (flags & Pattern.MULTILINE) != 0), flags, expression);
  }

  private static Pattern compiled(String java, int flags, String shown) {
    try {
      return Pattern.compile(java, flags);
    } catch (PatternSyntaxException e) {
      throw invalid(shown, e.getDescription(), e);
    } catch (StackOverflowError e) {
      throw invalid(shown, "too deeply nested", e);
    }
  }

  private static VarveException invalid(String shown, String why, Throwable cause) {
    return ErrorCode.INVALID_REGULAR_EXPRESSION
        .error("Invalid regular expression: " + why + ".")
        .fact("expression", shown)
        .cause(cause)
        .build();
  }

  private static String translated(String text, boolean multiline) {
    StringBuilder java = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        escape(java, text.charAt(i));
      } else if (c == '[') {
        i = bracket(java, text, i);
      } else if (c == '$' && !multiline) {
        java.append("\\z");
      } else if (c == '{' && !(i + 1 < text.length() && Character.isDigit(text.charAt(i + 1)))) {
        java.append("\\{");
      } else {
        java.append(c);
      }
    }
    return java.toString();
  }

  private static void escape(StringBuilder java, char c) {
    switch (c) {
      case 'y' -> java.append("\\b");
      case 'm' -> java.append("\\b(?=\\w)");
      case 'M' -> java.append("\\b(?<=\\w)");
      case 'Z' -> java.append("\\z");
      case 'b' -> java.append("\\x08");
      case 'B' -> java.append("\\\\");
      case 'Y' -> java.append("\\B");
      default -> {
        boolean known = "dswDSWAnrtfvaecxu0123456789".indexOf(c) >= 0;
        java.append(known || !Character.isLetterOrDigit(c) ? "\\" + c : String.valueOf(c));
      }
    }
  }

  private static int bracket(StringBuilder java, String text, int open) {
    if (text.startsWith("[[:<:]]", open)) {
      java.append("\\b(?=\\w)");
      return open + 6;
    }
    if (text.startsWith("[[:>:]]", open)) {
      java.append("\\b(?<=\\w)");
      return open + 6;
    }
    java.append('[');
    int i = open + 1;
    if (i < text.length() && text.charAt(i) == '^') {
      java.append('^');
      i++;
    }
    boolean first = true;
    for (; i < text.length(); i++, first = false) {
      char c = text.charAt(i);
      if (c == ']' && !first) {
        java.append(']');
        return i;
      }
      int end = c == '[' && i + 1 < text.length() ? classEnd(text, i) : -1;
      if (end > 0) {
        characterClass(java, text.substring(i + 2, end), text.charAt(i + 1));
        i = end + 1;
      } else if (c == '\\' && i + 1 < text.length()) {
        i++;
        java.append('\\').append(text.charAt(i));
      } else if (c == '[' || c == ']' || c == '&' || c == '^' || c == '~') {
        java.append('\\').append(c);
      } else {
        java.append(c);
      }
    }
    throw invalid(text, "brackets [] not balanced", new PatternSyntaxException("[", text, open));
  }

  private static int classEnd(String text, int at) {
    char kind = text.charAt(at + 1);
    return kind == ':' || kind == '.' || kind == '=' ? text.indexOf(kind + "]", at + 2) : -1;
  }

  private static void characterClass(StringBuilder java, String name, char kind) {
    if (kind != ':') {
      java.append(Pattern.quote(name));
      return;
    }
    java.append(
        switch (name) {
          case "alpha" -> "\\p{IsAlphabetic}";
          case "digit" -> "\\p{Digit}";
          case "alnum" -> "\\p{IsAlphabetic}\\p{Digit}";
          case "upper" -> "\\p{Lu}";
          case "lower" -> "\\p{Ll}";
          case "space" -> "\\s";
          case "blank" -> " \\t";
          case "punct" -> "\\p{Punct}";
          case "cntrl" -> "\\p{Cntrl}";
          case "graph" -> "\\p{Graph}";
          case "print" -> "\\p{Print}";
          case "xdigit" -> "\\p{XDigit}";
          case "word" -> "\\w";
          default ->
              throw invalid(name, "invalid character class", new IllegalArgumentException(name));
        });
  }

  /** Compiles a SIMILAR TO pattern; {@code escape} is a single character, or empty for none. */
  static Pattern similar(String pattern, String escape) {
    if (escape.length() > 1) {
      throw ErrorCode.INVALID_ESCAPE_SEQUENCE
          .error("Invalid escape string.")
          .hint("The escape string must be empty or one character.")
          .build();
    }
    StringBuilder java = new StringBuilder("(?:");
    char escaping = escape.isEmpty() ? '\0' : escape.charAt(0);
    int separators = 0;
    boolean inBracket = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == escaping && !escape.isEmpty() && i + 1 < pattern.length()) {
        i++;
        if (pattern.charAt(i) == '"' && separators < 2) {
          java.append(separators == 0 ? ")(" : ")(?:");
          separators++;
        } else {
          java.append(Pattern.quote(pattern.substring(i, i + 1)));
        }
      } else if (inBracket) {
        inBracket = c != ']';
        java.append(c == '\\' || c == '[' || c == '&' ? "\\" + c : String.valueOf(c));
      } else if (c == '[') {
        inBracket = true;
        java.append(c);
      } else {
        java.append(
            switch (c) {
              case '%' -> ".*";
              case '_' -> ".";
              case '.', '^', '$', '\\' -> "\\" + c;
              case '(' -> "(?:";
              default -> String.valueOf(c);
            });
      }
    }
    return compiled(java.append(')').toString(), Pattern.DOTALL, pattern);
  }
}
