// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A LIKE pattern, compiled to the pieces between its {@code %}. A piece is matched where it is first
 * found; the last one at the end. Immutable.
 */
final class LikePattern {
  /** A piece: bytes, of which those marked stand for any one character. */
  private record Piece(byte[] bytes, boolean[] any, boolean hasAny, boolean endsEscaping) {}

  private final List<Piece> pieces = new ArrayList<>();

  /** Compiles a pattern; {@code escape} is a single character, or empty for none. */
  LikePattern(String pattern, String escape) {
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw ErrorCode.INVALID_ESCAPE_SEQUENCE
          .error("Invalid escape string.")
          .hint("The escape string must be empty or one character.")
          .build();
    }
    int escaping = escape.isEmpty() ? -1 : escape.codePointAt(0);
    StringBuilder literal = new StringBuilder();
    List<Integer> wildcards = new ArrayList<>();
    for (int i = 0; i < pattern.length(); ) {
      int character = pattern.codePointAt(i);
      i += Character.charCount(character);
      if (character == escaping) {
        if (i == pattern.length()) {
          finish(literal, wildcards, true);
          return;
        }
        character = pattern.codePointAt(i);
        i += Character.charCount(character);
        literal.appendCodePoint(character);
      } else if (character == '%') {
        finish(literal, wildcards, false);
      } else {
        if (character == '_') {
          wildcards.add(literal.toString().getBytes(StandardCharsets.UTF_8).length);
        }
        literal.appendCodePoint(character);
      }
    }
    finish(literal, wildcards, false);
  }

  private void finish(StringBuilder literal, List<Integer> wildcards, boolean endsEscaping) {
    byte[] bytes = literal.toString().getBytes(StandardCharsets.UTF_8);
    boolean[] any = new boolean[bytes.length];
    wildcards.forEach(at -> any[at] = true);
    pieces.add(new Piece(bytes, any, !wildcards.isEmpty(), endsEscaping));
    literal.setLength(0);
    wildcards.clear();
  }

  /** Whether a range of UTF-8 bytes matches as a whole. */
  boolean matches(byte[] text, int offset, int length) {
    int end = offset + length;
    Piece first = pieces.get(0);
    int at = matchAt(first, text, offset, end);
    if (at < 0) {
      return false;
    }
    int last = pieces.size() - 1;
    if (last == 0) {
      return at == end;
    }
    for (int i = 1; i < last; i++) {
      at = find(pieces.get(i), text, at, end);
      if (at < 0) {
        return false;
      }
    }
    return endsWith(pieces.get(last), text, at, end);
  }

  private static boolean endsWith(Piece piece, byte[] text, int from, int end) {
    if (piece.endsEscaping()) {
      return find(piece, text, from, end) == end;
    }
    if (!piece.hasAny()) {
      int begin = end - piece.bytes().length;
      return begin >= from && matchAt(piece, text, begin, end) == end;
    }
    int begin = end;
    for (int i = 0; i < charactersIn(piece); i++) {
      begin--;
      while (begin > from && (text[begin] & 0xC0) == 0x80) {
        begin--;
      }
      if (begin < from) {
        return false;
      }
    }
    return matchAt(piece, text, begin, end) == end;
  }

  private static int charactersIn(Piece piece) {
    return Utf8.count(piece.bytes(), 0, piece.bytes().length);
  }

  /** Where the first match at or after {@code from} ends, or -1. */
  private static int find(Piece piece, byte[] text, int from, int end) {
    if (!piece.hasAny()) {
      int found = Utf8.indexOf(text, from, end, piece.bytes(), 0, piece.bytes().length);
      return found < 0 ? -1 : matchAt(piece, text, found, end);
    }
    for (int at = from; at <= end; at++) {
      if (at == end || (text[at] & 0xC0) != 0x80) {
        int stop = matchAt(piece, text, at, end);
        if (stop >= 0) {
          return stop;
        }
      }
    }
    return -1;
  }

  /** Where the piece ends if it matches at {@code from}, or -1. */
  private static int matchAt(Piece piece, byte[] text, int from, int end) {
    byte[] bytes = piece.bytes();
    boolean[] any = piece.any();
    int at = from;
    for (int i = 0; i < bytes.length; i++) {
      if (at >= end) {
        return -1;
      }
      if (any[i]) {
        at = Utf8.skip(text, at, end, 1);
      } else if (text[at++] != bytes[i]) {
        return -1;
      }
    }
    if (piece.endsEscaping()) {
      if (at < end) {
        throw ErrorCode.INVALID_ESCAPE_SEQUENCE
            .error("The LIKE pattern must not end with the escape character.")
            .build();
      }
      return -1;
    }
    return at;
  }
}
