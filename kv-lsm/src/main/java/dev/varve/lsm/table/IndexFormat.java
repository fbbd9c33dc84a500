// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;

/**
 * A node of the static B+-tree over a table's blocks. All numbers little-endian.
 *
 * <pre>
 * offset      bytes  what
 * 0           4      n: number of children, 1 to {@value #FANOUT}
 * 4           4      p: bytes that all separators begin with
 * 8           p      what they begin with, and zeros up to a multiple of 8
 * ..          8*n    heads: of each separator the eight bytes after the first p, zeros after its end,
 *                    as a big-endian number with the sign bit flipped; of the first, the least number
 * ..          4*n    leaf: where each data block's payload begins; bit 0 set if it is compressed
 *             8*n    inner: where each child's filter begins and where the child does
 * ..          4*n+4  bits 0-30 where each separator's rest begins, from the node's begin; bit 31 set if
 *                    eight bytes of trailer follow it; one more for where the last ends
 * ..                 the rests of the separators after the first p bytes, and trailers, big-endian
 * ..          8      zeros
 * </pre>
 *
 * Separator i is greater than all versions below child i-1 and not greater than any below child i. It
 * is a user key, which stands before all versions of that key, or a user key and a trailer, where
 * versions of one key lie on both sides. The first child has none: what is less than the second
 * separator belongs to it.
 *
 * <p>Every leaf has {@value #FANOUT} children and every inner node {@value #FANOUT}, the last of each
 * level excepted; so the way to the block of a given number is arithmetic. The payload of a leaf's
 * frame begins with the filter of all keys below it ({@link dev.varve.lsm.filter.FilterFormat}), as
 * many lines as fit before the leaf; an inner node has no filter and is its frame's whole payload.
 */
final class IndexFormat {
  static final int FANOUT_BITS = 8;
  static final int FANOUT = 1 << FANOUT_BITS;

  static final int PREFIX = 8;
  static final int HEAD_BYTES = 8;
  static final int LEAF_POINTER_BYTES = 4;
  static final int INNER_POINTER_BYTES = 8;
  static final int PADDING_BYTES = 8;

  /** Set in a leaf's pointer to a compressed block. */
  static final int COMPRESSED = 1;

  /** Set in the place of a separator that has a trailer. */
  static final int HAS_TRAILER = 1 << 31;

  private IndexFormat() {}

  static int children(ByteBuffer buffer, int node) {
    return Bytes.intLE(buffer, node);
  }

  static int prefixBytes(ByteBuffer buffer, int node) {
    return Bytes.intLE(buffer, node + 4);
  }

  /** Where the heads begin, from the node's begin. */
  static int headsFrom(int prefixBytes) {
    return PREFIX + (prefixBytes + 7 & -8);
  }

  /** Where the pointers begin, from the node's begin. */
  static int pointersFrom(int prefixBytes, int children) {
    return headsFrom(prefixBytes) + children * HEAD_BYTES;
  }

  static int pointers(ByteBuffer buffer, int node) {
    return node + pointersFrom(prefixBytes(buffer, node), children(buffer, node));
  }

  /** The head of a separator or key whose bytes after the common ones are given. */
  static long head(byte[] key, int at, int bytes) {
    if (bytes >= HEAD_BYTES) {
      return Bytes.longBE(key, at) ^ Long.MIN_VALUE;
    }
    if (at + bytes >= HEAD_BYTES) {
      long last = bytes == 0 ? 0 : Bytes.longBE(key, at + bytes - HEAD_BYTES);
      return last << (HEAD_BYTES - bytes << 3) ^ Long.MIN_VALUE;
    }
    long head = 0;
    for (int i = 0; i < bytes; i++) {
      head |= (key[at + i] & 0xffL) << 56 - (i << 3);
    }
    return head ^ Long.MIN_VALUE;
  }

  /**
   * Whether what stands in {@code bytes} bytes, its checksum being right, is a node whose arrays lie
   * within them.
   */
  static boolean isPlausible(ByteBuffer buffer, int node, int bytes, int pointerBytes) {
    if (bytes < PREFIX + HEAD_BYTES + pointerBytes + 8 + PADDING_BYTES) {
      return false;
    }
    int n = children(buffer, node);
    int p = prefixBytes(buffer, node);
    return n >= 1
        && n <= FANOUT
        && p >= 0
        && p <= 1 << 16
        && pointersFrom(p, n) + n * pointerBytes + (n + 1) * 4 + PADDING_BYTES <= bytes;
  }
}
