// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compress;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;

/**
 * Decompresses LZ4 blocks between buffers, which may be direct or not, without a copy and without
 * allocation. Trusts nothing: whatever stands in the source, it reads and writes within the bounds
 * given and says when they do not hold a block of the length expected.
 *
 * <p>Format: <a href="https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md">LZ4 block
 * format</a>. A block is a row of sequences: a token (upper four bits: number of literals, lower
 * four: length of the match - 4; 15 means that bytes follow which add to it, up to one that is not
 * 255), the literals, the distance of the match as two bytes little-endian. The last sequence ends
 * after its literals.
 */
public final class Lz4Decompressor {
  private static final int MIN_MATCH = 4;
  private static final int LENGTH_MASK = 15;
  private static final int WORD = Long.BYTES;

  private Lz4Decompressor() {}

  /**
   * Decompresses {@code fromBytes} bytes into exactly {@code toBytes}.
   *
   * @return whether they were such a block; if not, what stands in the target means nothing
   */
  public static boolean decompress(
      ByteBuffer from, int fromAt, int fromBytes, ByteBuffer to, int toAt, int toBytes) {
    int in = fromAt;
    int inEnd = fromAt + fromBytes;
    int out = toAt;
    int outEnd = toAt + toBytes;
    while (in < inEnd) {
      int token = from.get(in++);
      int literals = token >>> 4 & LENGTH_MASK;
      if (literals == LENGTH_MASK) {
        int more;
        do {
          if (in >= inEnd || literals > toBytes) {
            return false;
          }
          more = from.get(in++) & 0xff;
          literals += more;
        } while (more == 0xff);
      }
      if (literals > inEnd - in || literals > outEnd - out) {
        return false;
      }
      copyLiterals(from, in, inEnd, to, out, outEnd, literals);
      in += literals;
      out += literals;
      if (in == inEnd) {
        return out == outEnd;
      }
      if (inEnd - in < 2) {
        return false;
      }
      int distance = from.get(in) & 0xff | (from.get(in + 1) & 0xff) << 8;
      in += 2;
      int match = token & LENGTH_MASK;
      if (match == LENGTH_MASK) {
        int more;
        do {
          if (in >= inEnd || match > toBytes) {
            return false;
          }
          more = from.get(in++) & 0xff;
          match += more;
        } while (more == 0xff);
      }
      match += MIN_MATCH;
      if (distance == 0 || distance > out - toAt || match > outEnd - out) {
        return false;
      }
      copyMatch(to, out, outEnd, distance, match);
      out += match;
    }
    return false;
  }

  private static void copyLiterals(
      ByteBuffer from, int in, int inEnd, ByteBuffer to, int out, int outEnd, int bytes) {
    int rounded = bytes + WORD - 1 & -WORD;
    if (rounded <= inEnd - in && rounded <= outEnd - out) {
      for (int i = 0; i < bytes; i += WORD) {
        Bytes.setLongLE(to, out + i, Bytes.longLE(from, in + i));
      }
    } else {
      for (int i = 0; i < bytes; i++) {
        to.put(out + i, from.get(in + i));
      }
    }
  }

  private static void copyMatch(ByteBuffer to, int out, int outEnd, int distance, int bytes) {
    int rounded = bytes + WORD - 1 & -WORD;
    if (distance >= WORD && rounded <= outEnd - out) {
      for (int i = 0; i < bytes; i += WORD) {
        Bytes.setLongLE(to, out + i, Bytes.longLE(to, out + i - distance));
      }
    } else {
      for (int i = 0; i < bytes; i++) {
        to.put(out + i, to.get(out + i - distance));
      }
    }
  }
}
