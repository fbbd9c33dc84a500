// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

/** Characters (code points) in ranges of UTF-8 bytes. */
final class Utf8 {
  private Utf8() {}

  /** The number of characters. */
  static int count(byte[] bytes, int offset, int length) {
    int characters = 0;
    for (int i = offset; i < offset + length; i++) {
      characters += (bytes[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return characters;
  }

  /** The index of the byte at which the character {@code characters} after {@code from} begins. */
  static int skip(byte[] bytes, int from, int end, int characters) {
    int at = from;
    for (int left = characters; left > 0 && at < end; left--) {
      at++;
      while (at < end && (bytes[at] & 0xC0) == 0x80) {
        at++;
      }
    }
    return at;
  }

  /** Whether all bytes are ASCII. */
  static boolean isAscii(byte[] bytes, int offset, int length) {
    int any = 0;
    for (int i = offset; i < offset + length; i++) {
      any |= bytes[i];
    }
    return any >= 0;
  }

  /** Where {@code needle} begins in {@code hay}, from the byte {@code from} on, or -1. */
  static int indexOf(
      byte[] hay, int from, int end, byte[] needle, int needleOffset, int needleLength) {
    if (needleLength == 0) {
      return from;
    }
    byte first = needle[needleOffset];
    int last = end - needleLength;
    for (int at = from; at <= last; at++) {
      if (hay[at] == first) {
        int k = 1;
        while (k < needleLength && hay[at + k] == needle[needleOffset + k]) {
          k++;
        }
        if (k == needleLength) {
          return at;
        }
      }
    }
    return -1;
  }
}
