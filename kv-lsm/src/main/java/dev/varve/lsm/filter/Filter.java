// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.filter;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;

/** Asks a filter, where it stands. */
public final class Filter {
  private Filter() {}

  /** False when no key with this hash was added to the filter of {@code lines} lines at {@code at}. */
  public static boolean mayContain(ByteBuffer buffer, int at, int lines, long hash) {
    if (lines == 0) {
      return true;
    }
    int line = at + FilterFormat.line(hash, lines) * FilterFormat.LINE_BYTES;
    long bits = hash * FilterFormat.SPREAD;
    return has(buffer, line, bits)
        && has(buffer, line, bits << FilterFormat.PIECE_BITS)
        && has(buffer, line, bits << 2 * FilterFormat.PIECE_BITS)
        && has(buffer, line, bits << 3 * FilterFormat.PIECE_BITS)
        && has(buffer, line, bits << 4 * FilterFormat.PIECE_BITS)
        && has(buffer, line, bits << 5 * FilterFormat.PIECE_BITS);
  }

  /** Whether the bit is set that the top nine bits name. */
  private static boolean has(ByteBuffer buffer, int line, long bits) {
    long word = Bytes.longLE(buffer, line + (int) (bits >>> 61) * Long.BYTES);
    return (word >>> (bits >>> 55) & 1) != 0;
  }
}
