// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/** Shows bytes to people: as text when all are printable ASCII, else in hexadecimal, bounded. */
final class Printable {
  private static final int MAX_BYTES = 64;

  private Printable() {}

  static String of(byte[] bytes) {
    int shown = Math.min(bytes.length, MAX_BYTES);
    StringBuilder text = new StringBuilder();
    if (isPrintable(bytes, shown)) {
      text.append('\'');
      for (int i = 0; i < shown; i++) {
        text.append((char) bytes[i]);
      }
      text.append('\'');
    } else {
      text.append("0x");
      for (int i = 0; i < shown; i++) {
        text.append(Character.forDigit(bytes[i] >> 4 & 0xf, 16));
        text.append(Character.forDigit(bytes[i] & 0xf, 16));
      }
    }
    if (shown < bytes.length) {
      text.append("..(").append(bytes.length).append(" bytes)");
    }
    return text.toString();
  }

  private static boolean isPrintable(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] < 0x20 || bytes[i] == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
