// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A template of to_char, to_date and to_timestamp, taken apart. Immutable. */
final class DateTimePattern {
  /** The template patterns, longest first where one begins another. */
  private static final String[] NAMES = {
    "HH24", "HH12", "HH", "MI", "SSSSS", "SSSS", "SS", "MS", "US", "FF1", "FF2", "FF3", "FF4",
    "FF5", "FF6", "A.M.", "P.M.", "AM", "PM", "A.D.", "B.C.", "AD", "BC", "Y,YYY", "YYYY", "YYY",
    "YY", "Y", "IYYY", "IYY", "IYDDD", "IY", "IDDD", "ID", "IW", "I", "MONTH", "MON", "MM", "DAY",
    "DY", "DDD", "DD", "D", "WW", "W", "CC", "J", "Q", "RM", "TZH", "TZM", "TZ", "OF"
  };

  /**
   * A piece of the template.
   *
   * @param name the pattern in upper case, empty for literal text
   * @param text as written; for a literal what stands for itself
   */
  record Node(
      String name,
      String text,
      boolean fillMode,
      boolean ordinalUpper,
      boolean ordinalLower,
      boolean translated,
      boolean quoted) {
    boolean isLiteral() {
      return name.isEmpty();
    }

    boolean hasOrdinal() {
      return ordinalUpper || ordinalLower;
    }
  }

  private final List<Node> nodes = new ArrayList<>();
  private boolean exact;

  /** Takes a template apart. */
  DateTimePattern(String template) {
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      if (template.startsWith("FX", at)) {
        exact = true;
        at += 2;
        continue;
      }
      boolean fill = false;
      boolean local = false;
      while (true) {
        if (template.regionMatches(true, at, "FM", 0, 2)) {
          fill = true;
          at += 2;
        } else if (template.regionMatches(true, at, "TM", 0, 2)
            && patternAt(template, at + 2) != null) {
          local = true;
          at += 2;
        } else {
          break;
        }
      }
      String name = patternAt(template, at);
      if (name != null) {
        flush(literal, false);
        at = pattern(template, at, name, fill, local);
      } else if (!fill && !local) {
        at = literal(template, at, literal);
      }
    }
    flush(literal, false);
  }

  private int pattern(String template, int from, String name, boolean fill, boolean local) {
    int at = from + name.length();
    String text = template.substring(from, at);
    boolean upper = template.startsWith("TH", at);
    boolean lower = template.startsWith("th", at);
    nodes.add(new Node(name, text, fill, upper, lower, local, false));
    at += upper || lower ? 2 : 0;
    return template.startsWith("SP", at) ? at + 2 : at;
  }

  private int literal(String template, int from, StringBuilder literal) {
    char c = template.charAt(from);
    if (c == '"') {
      flush(literal, false);
      int at = from + 1;
      while (at < template.length() && template.charAt(at) != '"') {
        if (template.charAt(at) == '\\' && at + 1 < template.length()) {
          at++;
        }
        literal.append(template.charAt(at++));
      }
      flush(literal, true);
      return at + 1;
    }
    if (c == '\\' && from + 1 < template.length() && template.charAt(from + 1) == '"') {
      literal.append('"');
      return from + 2;
    }
    int character = template.codePointAt(from);
    literal.appendCodePoint(character);
    return from + Character.charCount(character);
  }

  private void flush(StringBuilder literal, boolean quoted) {
    if (!literal.isEmpty()) {
      nodes.add(new Node("", literal.toString(), false, false, false, false, quoted));
      literal.setLength(0);
    }
  }

  private static @Nullable String patternAt(String template, int at) {
    for (String name : NAMES) {
      if (template.regionMatches(true, at, name, 0, name.length())) {
        return name.toUpperCase(Locale.ROOT);
      }
    }
    return null;
  }

  List<Node> nodes() {
    return nodes;
  }

  /** Whether the input must match the template exactly: FX. */
  boolean isExact() {
    return exact;
  }
}
