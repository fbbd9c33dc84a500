// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.query.expression.ScalarFunction.Volatility;
import dev.varve.query.type.TextOutput;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.BytesVector;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Text as a whole: joining, searching, replacing, splitting, quoting. */
final class TextFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;
  private static final TypeKind INT = TypeKind.INTEGER;
  private static final Set<String> RESERVED =
      Set.of(
          ("all analyse analyze and any array as asc asymmetric authorization between bigint binary"
                  + " bit boolean both case cast char character check coalesce collate collation"
                  + " column concurrently constraint create cross current_catalog current_date"
                  + " current_role current_schema current_time current_timestamp current_user dec"
                  + " decimal default deferrable desc distinct do else end except exists extract"
                  + " false fetch float for foreign freeze from full grant greatest group grouping"
                  + " having ilike in initially inner inout int integer intersect interval into is"
                  + " isnull join lateral leading least left like limit localtime localtimestamp"
                  + " national natural nchar none normalize not notnull null nullif numeric offset"
                  + " on only or order out outer overlaps overlay placing position precision"
                  + " primary real references returning right row select session_user setof"
                  + " similar smallint some substring symmetric table tablesample then time"
                  + " timestamp to trailing treat trim true union unique user using values varchar"
                  + " variadic verbose when where window with")
              .split(" "));

  private TextFunctions() {}

  static void register(Catalog catalog) {
    joining(catalog);
    searching(catalog);
    replacing(catalog);
    quoting(catalog);
  }

  /** Appends an argument of any type as text. */
  static void append(StringBuilder text, Cells c, int argument) {
    Object datum = c.datum(argument);
    if (datum instanceof Boolean bool) {
      text.append(bool ? "t" : "f");
    } else if (datum != null) {
      TextOutput.append(text, datum, c.type(argument), c.context().zone());
    }
  }

  private static void joining(Catalog catalog) {
    catalog.row("||", TEXT, TextFunctions::concatBytes, TEXT, TEXT);
    catalog.row("||", TypeKind.BYTEA, TextFunctions::concatBytes, TypeKind.BYTEA, TypeKind.BYTEA);
    rows(
        catalog,
        "||",
        new @Nullable TypeKind[] {TEXT, null},
        false,
        true,
        TextFunctions::concatAny);
    rows(
        catalog,
        "||",
        new @Nullable TypeKind[] {null, TEXT},
        false,
        true,
        TextFunctions::concatAny);
    rows(catalog, "concat", new @Nullable TypeKind[] {null}, true, false, TextFunctions::concat);
    rows(
        catalog,
        "concat_ws",
        new @Nullable TypeKind[] {TEXT, null},
        true,
        false,
        TextFunctions::concatWithSeparator);
    rows(
        catalog,
        "format",
        new @Nullable TypeKind[] {TEXT, null},
        true,
        false,
        c -> Formatter.format(c));
    rows(
        catalog, "format", new @Nullable TypeKind[] {TEXT}, false, false, c -> Formatter.format(c));
  }

  private static void rows(
      Catalog catalog,
      String name,
      @Nullable TypeKind[] parameters,
      boolean variadic,
      boolean strict,
      RowFunction function) {
    catalog.rows(name, parameters, variadic, TEXT, Volatility.STABLE, strict, function);
  }

  private static void concatBytes(Cells c) {
    BytesVector out = c.resultBytes();
    int left = c.length(0);
    int right = c.length(1);
    int at = out.append(CharacterFunctions.checkedLength((long) left + right));
    System.arraycopy(c.bytes(0).bytes, c.offset(0), out.bytes, at, left);
    System.arraycopy(c.bytes(1).bytes, c.offset(1), out.bytes, at + left, right);
    out.setRange(c.row(), at, left + right);
  }

  private static void concatAny(Cells c) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2; i++) {
      Object datum = c.datum(i);
      assert datum != null;
      TextOutput.append(text, datum, c.type(i), c.context().zone());
    }
    c.set(text.toString());
  }

  private static void concat(Cells c) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < c.count(); i++) {
      append(text, c, i);
    }
    c.set(text.toString());
  }

  private static void concatWithSeparator(Cells c) {
    if (c.isNull(0)) {
      c.setNull();
      return;
    }
    String separator = c.text(0);
    StringBuilder text = new StringBuilder();
    boolean first = true;
    for (int i = 1; i < c.count(); i++) {
      if (!c.isNull(i)) {
        text.append(first ? "" : separator);
        append(text, c, i);
        first = false;
      }
    }
    c.set(text.toString());
  }

  private static void searching(Catalog catalog) {
    catalog.row("strpos", INT, c -> c.set(position(c, 0, 1)), TEXT, TEXT);
    catalog.row("position", INT, c -> c.set(position(c, 1, 0)), TEXT, TEXT);
    catalog.row(
        "position", INT, c -> c.set(bytePosition(c, 1, 0) + 1), TypeKind.BYTEA, TypeKind.BYTEA);
    for (String name : new String[] {"starts_with", "^@"}) {
      catalog.row(name, TypeKind.BOOLEAN, TextFunctions::startsWith, TEXT, TEXT);
    }
    catalog.row("split_part", TEXT, TextFunctions::splitPart, TEXT, TEXT, INT);
  }

  private static int bytePosition(Cells c, int hay, int needle) {
    int from = c.offset(hay);
    int found =
        Utf8.indexOf(
            c.bytes(hay).bytes,
            from,
            from + c.length(hay),
            c.bytes(needle).bytes,
            c.offset(needle),
            c.length(needle));
    return found < 0 ? -1 : found - from;
  }

  private static int position(Cells c, int hay, int needle) {
    int found = bytePosition(c, hay, needle);
    return found < 0 ? 0 : Utf8.count(c.bytes(hay).bytes, c.offset(hay), found) + 1;
  }

  private static void startsWith(Cells c) {
    int length = c.length(1);
    int at = c.offset(0);
    c.set(
        length <= c.length(0)
            && Arrays.equals(
                c.bytes(0).bytes,
                at,
                at + length,
                c.bytes(1).bytes,
                c.offset(1),
                c.offset(1) + length));
  }

  private static void splitPart(Cells c) {
    int part = c.integer(2);
    if (part == 0) {
      throw ErrorCode.INVALID_ARGUMENT.error("The field position must not be zero.").build();
    }
    String text = c.text(0);
    String delimiter = c.text(1);
    if (delimiter.isEmpty()) {
      c.set(part == 1 || part == -1 ? text : "");
      return;
    }
    c.set(part > 0 ? partFromStart(text, delimiter, part) : partFromEnd(text, delimiter, -part));
  }

  private static String partFromStart(String text, String delimiter, int part) {
    int from = 0;
    for (int i = 1; ; i++) {
      int next = text.indexOf(delimiter, from);
      if (i == part) {
        return text.substring(from, next < 0 ? text.length() : next);
      }
      if (next < 0) {
        return "";
      }
      from = next + delimiter.length();
    }
  }

  private static String partFromEnd(String text, String delimiter, int part) {
    int end = text.length();
    for (int i = 1; ; i++) {
      int last = end == 0 ? -1 : text.lastIndexOf(delimiter, end - delimiter.length());
      if (i == part) {
        return text.substring(last < 0 ? 0 : last + delimiter.length(), end);
      }
      if (last < 0) {
        return "";
      }
      end = last;
    }
  }

  private static void replacing(Catalog catalog) {
    catalog.row(
        "replace",
        TEXT,
        c -> c.set(c.length(1) == 0 ? c.text(0) : c.text(0).replace(c.text(1), c.text(2))),
        TEXT,
        TEXT,
        TEXT);
    catalog.row(
        "translate",
        TEXT,
        c -> c.set(translate(c.text(0), c.text(1), c.text(2))),
        TEXT,
        TEXT,
        TEXT);
  }

  private static String translate(String text, String from, String to) {
    int[] sources = from.codePoints().toArray();
    int[] targets = to.codePoints().toArray();
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            character -> {
              for (int i = 0; i < sources.length; i++) {
                if (sources[i] == character) {
                  if (i < targets.length) {
                    result.appendCodePoint(targets[i]);
                  }
                  return;
                }
              }
              result.appendCodePoint(character);
            });
    return result.toString();
  }

  private static void quoting(Catalog catalog) {
    catalog.row("quote_ident", TEXT, c -> c.set(quoteIdentifier(c.text(0))), TEXT);
    catalog.row("quote_literal", TEXT, c -> c.set(quoteLiteral(c.text(0))), TEXT);
    catalog.rows(
        "quote_literal",
        new @Nullable TypeKind[] {null},
        false,
        TEXT,
        Volatility.STABLE,
        true,
        c -> {
          c.set(quoteLiteral(cast(c)));
        });
    catalog.rows(
        "quote_nullable",
        new @Nullable TypeKind[] {null},
        false,
        TEXT,
        Volatility.STABLE,
        false,
        c -> {
          c.set(c.isNull(0) ? "NULL" : quoteLiteral(cast(c)));
        });
  }

  /** The first argument as a cast to TEXT gives it. */
  private static String cast(Cells c) {
    Object datum = c.datum(0);
    return datum == null ? "" : TextOutput.text(datum, c.type(0), c.context().zone());
  }

  /** The name as it must be written in SQL. */
  static String quoteIdentifier(String name) {
    boolean plain = !name.isEmpty() && !RESERVED.contains(name);
    for (int i = 0; i < name.length() && plain; i++) {
      char character = name.charAt(i);
      plain =
          character >= 'a' && character <= 'z'
              || character == '_'
              || i > 0 && character >= '0' && character <= '9';
    }
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The text as a literal. */
  static String quoteLiteral(String text) {
    String doubled = text.replace("'", "''");
    return doubled.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : "E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
