// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.query.type.TypeKind;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** LIKE, SIMILAR TO, regular expressions. */
final class PatternFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;
  private static final TypeKind INT = TypeKind.INTEGER;
  private static final TypeKind BOOL = TypeKind.BOOLEAN;

  /** A pattern and what it is compiled with. */
  private record Key(String pattern, String option) {}

  private PatternFunctions() {}

  static void register(Catalog catalog) {
    like(catalog);
    similar(catalog);
    operators(catalog);
    functions(catalog);
  }

  private static void like(Catalog catalog) {
    like(catalog, "~~", "like", false, true);
    like(catalog, "!~~", "notlike", false, false);
    like(catalog, "~~*", "ilike", true, true);
    like(catalog, "!~~*", "notilike", true, false);
    catalog.row("~~", BOOL, c -> c.set(likeBytes(c)), TypeKind.BYTEA, TypeKind.BYTEA);
    catalog.row("!~~", BOOL, c -> c.set(!likeBytes(c)), TypeKind.BYTEA, TypeKind.BYTEA);
  }

  private static void like(
      Catalog catalog, String symbol, String name, boolean anyCase, boolean wanted) {
    catalog.row(symbol, BOOL, c -> c.set(like(c, "\\", anyCase) == wanted), TEXT, TEXT);
    catalog.row(name, BOOL, c -> c.set(like(c, "\\", anyCase) == wanted), TEXT, TEXT);
    catalog.row(name, BOOL, c -> c.set(like(c, c.text(2), anyCase) == wanted), TEXT, TEXT, TEXT);
  }

  private static boolean like(Cells c, String escape, boolean anyCase) {
    if (anyCase) {
      LikePattern pattern =
          c.memo(
              new Key(c.text(1), escape),
              key ->
                  new LikePattern(
                      key.pattern().toLowerCase(Locale.ROOT),
                      key.option().toLowerCase(Locale.ROOT)));
      byte[] lower =
          c.text(0).toLowerCase(Locale.ROOT).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return pattern.matches(lower, 0, lower.length);
    }
    LikePattern pattern = likePattern(c, escape);
    return pattern.matches(c.bytes(0).bytes, c.offset(0), c.length(0));
  }

  private static LikePattern likePattern(Cells c, String escape) {
    return c.samePattern(1, escape, key -> new LikePattern(key, escape));
  }

  private static boolean likeBytes(Cells c) {
    LikePattern pattern =
        c.memo(new Key(latin(c, 1), "\\"), key -> new LikePattern(key.pattern(), key.option()));
    byte[] text = latin(c, 0).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return pattern.matches(text, 0, text.length);
  }

  private static String latin(Cells c, int argument) {
    return new String(
        c.bytes(argument).bytes,
        c.offset(argument),
        c.length(argument),
        java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static void similar(Catalog catalog) {
    catalog.row("similar_to", BOOL, c -> c.set(similar(c, "\\")), TEXT, TEXT);
    catalog.row("similar_to", BOOL, c -> c.set(similar(c, c.text(2))), TEXT, TEXT, TEXT);
    catalog.row("substring", TEXT, c -> substring(c, regex(c, "")), TEXT, TEXT);
    catalog.row(
        "substring",
        TEXT,
        c -> {
          Pattern pattern =
              c.memo(
                  new Key(c.text(1), c.text(2)),
                  key -> RegularExpressions.similar(key.pattern(), key.option()));
          Matcher matcher = pattern.matcher(c.text(0));
          if (matcher.matches()) {
            c.set(matcher.groupCount() > 0 ? matcher.group(1) : matcher.group());
          } else {
            c.setNull();
          }
        },
        TEXT,
        TEXT,
        TEXT);
  }

  private static boolean similar(Cells c, String escape) {
    Pattern pattern =
        c.memo(
            new Key(c.text(1), escape),
            key -> RegularExpressions.similar(key.pattern(), key.option()));
    return matcher(pattern, c.text(0)).matches();
  }

  private static Matcher matcher(Pattern pattern, String text) {
    return pattern.matcher(text);
  }

  private static Pattern regex(Cells c, String options) {
    return c.samePattern(1, options, text -> RegularExpressions.compile(text, options));
  }

  private static void substring(Cells c, Pattern pattern) {
    Matcher matcher = matcher(pattern, c.text(0));
    if (!find(matcher)) {
      c.setNull();
      return;
    }
    String found = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
    if (found == null) {
      c.setNull();
    } else {
      c.set(found);
    }
  }

  /** Searches; a pattern that needs too deep a recursion for the text is an error, not a crash. */
  private static boolean find(Matcher matcher) {
    try {
      return matcher.find();
    } catch (StackOverflowError e) {
      throw ErrorCode.STATEMENT_TOO_COMPLEX
          .error("The regular expression is too complex for this text.")
          .fact("expression", matcher.pattern())
          .cause(e)
          .build();
    }
  }

  private static void operators(Catalog catalog) {
    operator(catalog, "~", "", true);
    operator(catalog, "~*", "i", true);
    operator(catalog, "!~", "", false);
    operator(catalog, "!~*", "i", false);
  }

  private static void operator(Catalog catalog, String symbol, String options, boolean wanted) {
    catalog.row(
        symbol,
        BOOL,
        c -> c.set(find(matcher(regex(c, options), c.text(0))) == wanted),
        TEXT,
        TEXT);
  }

  private static void functions(Catalog catalog) {
    catalog.row(
        "regexp_like", BOOL, c -> c.set(find(matcher(regex(c, ""), c.text(0)))), TEXT, TEXT);
    catalog.row(
        "regexp_like",
        BOOL,
        c -> c.set(find(matcher(regex(c, noGlobal(c.text(2))), c.text(0)))),
        TEXT,
        TEXT,
        TEXT);
    catalog.row("regexp_replace", TEXT, c -> replace(c, 1, 1, ""), TEXT, TEXT, TEXT);
    catalog.row(
        "regexp_replace",
        TEXT,
        c -> {
          String flags = c.text(3);
          boolean all = flags.indexOf('g') >= 0;
          replace(c, 1, all ? 0 : 1, flags.replace("g", ""));
        },
        TEXT,
        TEXT,
        TEXT,
        TEXT);
    catalog.row(
        "regexp_replace", TEXT, c -> replace(c, c.integer(3), 1, ""), TEXT, TEXT, TEXT, INT);
    catalog.row(
        "regexp_replace",
        TEXT,
        c -> replace(c, c.integer(3), c.integer(4), ""),
        TEXT,
        TEXT,
        TEXT,
        INT,
        INT);
    catalog.row(
        "regexp_replace",
        TEXT,
        c -> replace(c, c.integer(3), c.integer(4), noGlobal(c.text(5))),
        TEXT,
        TEXT,
        TEXT,
        INT,
        INT,
        TEXT);
    counting(catalog);
  }

  private static String noGlobal(String flags) {
    if (flags.indexOf('g') >= 0) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("This function does not support the \"global\" option.")
          .build();
    }
    return flags;
  }

  private static void counting(Catalog catalog) {
    catalog.row("regexp_count", INT, c -> c.set(count(c, 1, "")), TEXT, TEXT);
    catalog.row("regexp_count", INT, c -> c.set(count(c, c.integer(2), "")), TEXT, TEXT, INT);
    catalog.row(
        "regexp_count",
        INT,
        c -> c.set(count(c, c.integer(2), noGlobal(c.text(3)))),
        TEXT,
        TEXT,
        INT,
        TEXT);
    catalog.row("regexp_substr", TEXT, c -> nth(c, 1, 1, "", 0), TEXT, TEXT);
    catalog.row("regexp_substr", TEXT, c -> nth(c, c.integer(2), 1, "", 0), TEXT, TEXT, INT);
    catalog.row(
        "regexp_substr",
        TEXT,
        c -> nth(c, c.integer(2), c.integer(3), "", 0),
        TEXT,
        TEXT,
        INT,
        INT);
    catalog.row(
        "regexp_substr",
        TEXT,
        c -> nth(c, c.integer(2), c.integer(3), noGlobal(c.text(4)), 0),
        TEXT,
        TEXT,
        INT,
        INT,
        TEXT);
    catalog.row(
        "regexp_substr",
        TEXT,
        c -> nth(c, c.integer(2), c.integer(3), noGlobal(c.text(4)), c.integer(5)),
        TEXT,
        TEXT,
        INT,
        INT,
        TEXT,
        INT);
    instr(catalog);
  }

  private static void instr(Catalog catalog) {
    catalog.row("regexp_instr", INT, c -> instr(c, 1, 1, 0, "", 0), TEXT, TEXT);
    catalog.row("regexp_instr", INT, c -> instr(c, c.integer(2), 1, 0, "", 0), TEXT, TEXT, INT);
    catalog.row(
        "regexp_instr",
        INT,
        c -> instr(c, c.integer(2), c.integer(3), 0, "", 0),
        TEXT,
        TEXT,
        INT,
        INT);
    catalog.row(
        "regexp_instr",
        INT,
        c -> instr(c, c.integer(2), c.integer(3), c.integer(4), "", 0),
        TEXT,
        TEXT,
        INT,
        INT,
        INT);
    catalog.row(
        "regexp_instr",
        INT,
        c -> instr(c, c.integer(2), c.integer(3), c.integer(4), noGlobal(c.text(5)), 0),
        TEXT,
        TEXT,
        INT,
        INT,
        INT,
        TEXT);
    catalog.row(
        "regexp_instr",
        INT,
        c -> instr(c, c.integer(2), c.integer(3), c.integer(4), noGlobal(c.text(5)), c.integer(6)),
        TEXT,
        TEXT,
        INT,
        INT,
        INT,
        TEXT,
        INT);
  }

  private static int positive(String name, int value) {
    if (value <= 0) {
      throw notAllowed(name, value);
    }
    return value;
  }

  private static dev.varve.VarveException notAllowed(String name, int value) {
    return ErrorCode.INVALID_ARGUMENT
        .error("Invalid value for parameter \"" + name + "\": " + value + ".")
        .build();
  }

  private static int startOf(String text, int start) {
    positive("start", start);
    return Math.min(
        text.length(),
        start - 1 <= text.codePointCount(0, text.length())
            ? text.offsetByCodePoints(0, start - 1)
            : text.length() + 1);
  }

  private static int count(Cells c, int start, String flags) {
    String text = c.text(0);
    positive("start", start);
    if (start - 1 > text.codePointCount(0, text.length())) {
      return 0;
    }
    Matcher matcher = matcher(regex(c, flags), text);
    matcher.region(startOf(text, start), text.length()).useAnchoringBounds(false);
    int count = 0;
    while (find(matcher)) {
      count++;
    }
    return count;
  }

  private static boolean findNth(Matcher matcher, String text, int start, int n) {
    positive("n", n);
    positive("start", start);
    if (start - 1 > text.codePointCount(0, text.length())) {
      return false;
    }
    matcher.region(startOf(text, start), text.length()).useAnchoringBounds(false);
    for (int i = 0; i < n; i++) {
      if (!find(matcher)) {
        return false;
      }
    }
    return true;
  }

  private static void nth(Cells c, int start, int n, String flags, int group) {
    String text = c.text(0);
    Matcher matcher = matcher(regex(c, flags), text);
    if (group < 0) {
      throw notAllowed("subexpr", group);
    }
    boolean found = findNth(matcher, text, start, n) && group <= matcher.groupCount();
    String value = found ? matcher.group(group) : null;
    if (value == null) {
      c.setNull();
    } else {
      c.set(value);
    }
  }

  private static void instr(Cells c, int start, int n, int end, String flags, int group) {
    String text = c.text(0);
    if (end != 0 && end != 1) {
      throw notAllowed("endoption", end);
    }
    if (group < 0) {
      throw notAllowed("subexpr", group);
    }
    Matcher matcher = matcher(regex(c, flags), text);
    boolean found = findNth(matcher, text, start, n) && group <= matcher.groupCount();
    int at = !found ? -1 : end == 0 ? matcher.start(group) : matcher.end(group);
    c.set(at < 0 ? 0 : text.codePointCount(0, at) + 1);
  }

  /** Replaces the {@code n}-th match from {@code start} on; all of them when n is 0. */
  private static void replace(Cells c, int start, int n, String flags) {
    String text = c.text(0);
    if (n < 0) {
      throw notAllowed("n", n);
    }
    int from = startOf(text, start);
    Matcher matcher = matcher(regex(c, flags), text);
    matcher.region(from, text.length()).useAnchoringBounds(false);
    String replacement = c.text(2);
    StringBuilder result = new StringBuilder();
    int copied = 0;
    int match = 0;
    while (find(matcher)) {
      match++;
      if (n == 0 || match == n) {
        result.append(text, copied, matcher.start());
        expand(result, replacement, matcher);
        copied = matcher.end();
        if (n != 0) {
          break;
        }
      }
    }
    c.set(result.append(text, copied, text.length()).toString());
  }

  private static void expand(StringBuilder result, String replacement, Matcher matcher) {
    for (int i = 0; i < replacement.length(); i++) {
      char character = replacement.charAt(i);
      if (character != '\\' || i + 1 == replacement.length()) {
        result.append(character);
        continue;
      }
      char next = replacement.charAt(++i);
      if (next == '&') {
        result.append(matcher.group());
      } else if (next >= '1' && next <= '9') {
        int group = next - '0';
        String value = group <= matcher.groupCount() ? matcher.group(group) : null;
        result.append(value == null ? "" : value);
      } else if (next == '\\') {
        result.append('\\');
      } else {
        result.append('\\').append(next);
      }
    }
  }
}
