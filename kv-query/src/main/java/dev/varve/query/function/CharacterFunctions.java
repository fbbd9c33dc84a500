// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.BytesVector;
import java.util.Locale;

/** Text by its characters: length, case, parts, padding, trimming. */
final class CharacterFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;
  private static final TypeKind INT = TypeKind.INTEGER;
  private static final int MAX_BYTES = (1 << 30) - 1;

  private CharacterFunctions() {}

  static void register(Catalog catalog) {
    lengths(catalog);
    cases(catalog);
    parts(catalog);
    padding(catalog);
    trimming(catalog);
    codes(catalog);
  }

  /** The length if text may have it. */
  static int checkedLength(long bytes) {
    if (bytes > MAX_BYTES) {
      throw ErrorCode.LIMIT_EXCEEDED
          .error("The requested length is too large.")
          .fact("bytes", bytes)
          .build();
    }
    return (int) bytes;
  }

  private static void lengths(Catalog catalog) {
    for (String name : new String[] {"length", "char_length", "character_length"}) {
      catalog.row(
          name, INT, c -> c.set(Utf8.count(c.bytes(0).bytes, c.offset(0), c.length(0))), TEXT);
    }
    catalog.row("length", INT, c -> c.set(c.length(0)), TypeKind.BYTEA);
    for (TypeKind kind : new TypeKind[] {TEXT, TypeKind.BYTEA}) {
      catalog.row("octet_length", INT, c -> c.set(c.length(0)), kind);
      catalog.row("bit_length", INT, c -> c.set(c.length(0) * 8), kind);
    }
    catalog.row(
        "octet_length",
        INT,
        c -> {
          int characters = Utf8.count(c.bytes(0).bytes, c.offset(0), c.length(0));
          c.set(c.length(0) + Math.max(0, c.type(0).size() - characters));
        },
        TypeKind.CHAR);
  }

  private static void cases(Catalog catalog) {
    catalog.row("lower", TEXT, c -> fold(c, 'A', 'Z'), TEXT);
    catalog.row("upper", TEXT, c -> fold(c, 'a', 'z'), TEXT);
    catalog.row("initcap", TEXT, c -> c.set(initcap(c.text(0))), TEXT);
    catalog.row(
        "reverse", TEXT, c -> c.set(new StringBuilder(c.text(0)).reverse().toString()), TEXT);
  }

  /** Changes the case of the ASCII letters in a range, or by Unicode when there are others. */
  private static void fold(Cells c, char from, char to) {
    BytesVector in = c.bytes(0);
    int offset = c.offset(0);
    int length = c.length(0);
    if (!Utf8.isAscii(in.bytes, offset, length)) {
      String text = c.text(0);
      c.set(from == 'A' ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT));
      return;
    }
    BytesVector out = c.resultBytes();
    int at = out.append(length);
    byte[] target = out.bytes;
    for (int i = 0; i < length; i++) {
      byte b = in.bytes[offset + i];
      target[at + i] = b >= from && b <= to ? (byte) (b ^ 0x20) : b;
    }
    out.setRange(c.row(), at, length);
  }

  private static String initcap(String text) {
    StringBuilder result = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      result.appendCodePoint(
          inWord ? Character.toLowerCase(character) : Character.toUpperCase(character));
      inWord = Character.isLetterOrDigit(character);
    }
    return result.toString();
  }

  private static void parts(Catalog catalog) {
    for (String name : new String[] {"substring", "substr"}) {
      for (TypeKind kind : new TypeKind[] {TEXT, TypeKind.BYTEA}) {
        catalog.row(
            name, kind, c -> substring(c, c.integer(1), Integer.MAX_VALUE, true), kind, INT);
        catalog.row(
            name, kind, c -> substring(c, c.integer(1), c.integer(2), false), kind, INT, INT);
      }
    }
    catalog.row("left", TEXT, c -> left(c, c.integer(1)), TEXT, INT);
    catalog.row("right", TEXT, c -> right(c, c.integer(1)), TEXT, INT);
    catalog.row(
        "overlay",
        TEXT,
        c -> overlay(c, Utf8.count(c.bytes(1).bytes, c.offset(1), c.length(1))),
        TEXT,
        TEXT,
        INT);
    catalog.row("overlay", TEXT, c -> overlay(c, c.integer(3)), TEXT, TEXT, INT, INT);
  }

  private static VarveException negativeLength() {
    return ErrorCode.SUBSTRING_ERROR.error("A negative substring length is not allowed.").build();
  }

  private static void substring(Cells c, int start, int length, boolean toEnd) {
    if (length < 0) {
      throw negativeLength();
    }
    long last = toEnd ? Integer.MAX_VALUE : (long) start + length;
    int skip = Math.max(start, 1) - 1;
    int take = (int) Math.max(0, Math.min(last - 1 - skip, Integer.MAX_VALUE));
    BytesVector in = c.bytes(0);
    int from = c.offset(0);
    int end = from + c.length(0);
    boolean isText = in.type().kind() != TypeKind.BYTEA;
    int begin = isText ? Utf8.skip(in.bytes, from, end, skip) : Math.min(end, from + skip);
    int stop =
        isText ? Utf8.skip(in.bytes, begin, end, take) : (int) Math.min(end, (long) begin + take);
    c.set(in.bytes, begin, stop - begin);
  }

  private static void left(Cells c, int count) {
    BytesVector in = c.bytes(0);
    int from = c.offset(0);
    int length = c.length(0);
    int wanted = count >= 0 ? count : Math.max(0, Utf8.count(in.bytes, from, length) + count);
    c.set(in.bytes, from, Utf8.skip(in.bytes, from, from + length, wanted) - from);
  }

  private static void right(Cells c, int count) {
    BytesVector in = c.bytes(0);
    int from = c.offset(0);
    int length = c.length(0);
    long total = Utf8.count(in.bytes, from, length);
    long skipped = count >= 0 ? Math.max(0, total - count) : Math.min(total, -(long) count);
    int begin = Utf8.skip(in.bytes, from, from + length, (int) skipped);
    c.set(in.bytes, begin, from + length - begin);
  }

  private static void overlay(Cells c, int length) {
    int start = c.integer(2);
    if (start <= 0) {
      throw negativeLength();
    }
    long next = (long) start + length;
    if (next > Integer.MAX_VALUE) {
      throw dev.varve.query.type.Conversions.outOfRange(INT);
    }
    String text = c.text(0);
    int characters = text.codePointCount(0, text.length());
    int head = text.offsetByCodePoints(0, Math.min(start - 1, characters));
    int tail = text.offsetByCodePoints(0, (int) Math.max(0, Math.min(next - 1, characters)));
    c.set(text.substring(0, head) + c.text(1) + text.substring(tail));
  }

  private static void padding(Catalog catalog) {
    for (String name : new String[] {"lpad", "rpad"}) {
      boolean isLeft = name.equals("lpad");
      catalog.row(name, TEXT, c -> c.set(pad(c.text(0), c.integer(1), " ", isLeft)), TEXT, INT);
      catalog.row(
          name, TEXT, c -> c.set(pad(c.text(0), c.integer(1), c.text(2), isLeft)), TEXT, INT, TEXT);
    }
    catalog.row("repeat", TEXT, CharacterFunctions::repeat, TEXT, INT);
  }

  private static String pad(String text, int length, String fill, boolean isLeft) {
    int characters = text.codePointCount(0, text.length());
    if (length <= characters) {
      return text.substring(0, text.offsetByCodePoints(0, Math.max(length, 0)));
    }
    if (fill.isEmpty()) {
      return text;
    }
    checkedLength(length);
    int missing = length - characters;
    int fillCharacters = fill.codePointCount(0, fill.length());
    String whole = fill.repeat(missing / fillCharacters);
    String padding =
        whole + fill.substring(0, fill.offsetByCodePoints(0, missing % fillCharacters));
    return isLeft ? padding + text : text + padding;
  }

  private static void repeat(Cells c) {
    int times = Math.max(0, c.integer(1));
    int length = c.length(0);
    int total = checkedLength((long) length * times);
    BytesVector in = c.bytes(0);
    BytesVector out = c.resultBytes();
    int at = out.append(total);
    for (int i = 0; i < times && length > 0; i++) {
      System.arraycopy(in.bytes, c.offset(0), out.bytes, at + i * length, length);
    }
    out.setRange(c.row(), at, total);
  }

  private static void trimming(Catalog catalog) {
    trim(catalog, "btrim", true, true);
    trim(catalog, "trim", true, true);
    trim(catalog, "ltrim", true, false);
    trim(catalog, "rtrim", false, true);
  }

  private static void trim(Catalog catalog, String name, boolean left, boolean right) {
    catalog.row(name, TEXT, c -> trimBlanks(c, left, right), TEXT);
    catalog.row(name, TEXT, c -> c.set(trim(c.text(0), c.text(1), left, right)), TEXT, TEXT);
    catalog.row(
        name, TypeKind.BYTEA, c -> trimBytes(c, left, right), TypeKind.BYTEA, TypeKind.BYTEA);
  }

  private static void trimBlanks(Cells c, boolean left, boolean right) {
    byte[] bytes = c.bytes(0).bytes;
    int from = c.offset(0);
    int end = from + c.length(0);
    while (left && from < end && bytes[from] == ' ') {
      from++;
    }
    while (right && end > from && bytes[end - 1] == ' ') {
      end--;
    }
    c.set(bytes, from, end - from);
  }

  private static void trimBytes(Cells c, boolean left, boolean right) {
    byte[] bytes = c.bytes(0).bytes;
    byte[] set = c.bytes(1).copyOf(c.row());
    int from = c.offset(0);
    int end = from + c.length(0);
    while (left && from < end && contains(set, bytes[from])) {
      from++;
    }
    while (right && end > from && contains(set, bytes[end - 1])) {
      end--;
    }
    c.set(bytes, from, end - from);
  }

  private static boolean contains(byte[] set, byte value) {
    for (byte each : set) {
      if (each == value) {
        return true;
      }
    }
    return false;
  }

  private static String trim(String text, String set, boolean left, boolean right) {
    int from = 0;
    int end = text.length();
    while (left && from < end && set.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && end > from && set.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(from, end);
  }

  private static void codes(Catalog catalog) {
    catalog.row("ascii", INT, c -> c.set(c.length(0) == 0 ? 0 : c.text(0).codePointAt(0)), TEXT);
    catalog.row("chr", TEXT, c -> c.set(character(c.integer(0))), INT);
    catalog.row("to_hex", TEXT, c -> c.set(Integer.toHexString(c.integer(0))), INT);
    catalog.row("to_hex", TEXT, c -> c.set(Long.toHexString(c.bigint(0))), TypeKind.BIGINT);
  }

  private static String character(int code) {
    if (code == 0) {
      throw ErrorCode.LIMIT_EXCEEDED.error("The null character is not permitted.").build();
    }
    if (code < 0) {
      throw ErrorCode.INVALID_ARGUMENT.error("The character number must be positive.").build();
    }
    if (code > Character.MAX_CODE_POINT || code >= 0xD800 && code <= 0xDFFF) {
      throw ErrorCode.LIMIT_EXCEEDED
          .error("The requested character is not valid for UTF-8.")
          .fact("code", code)
          .build();
    }
    return Character.toString(code);
  }
}
