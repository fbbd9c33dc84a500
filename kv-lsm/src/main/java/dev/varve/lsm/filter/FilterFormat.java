// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.filter;

/**
 * A blocked Bloom filter: lines of 64 bytes, one cache line each. A key sets six bits, all in the
 * line that the upper half of its hash chooses.
 *
 * <pre>
 * offset        bytes  what
 * 64 * i        64     line i: eight words of 64 bits, little-endian
 *
 * line of a key   (hash >>> 32) * lines >>> 32
 * bits of a key   hash * {@value #SPREAD}; from its top, six pieces of nine bits:
 *                 the upper three choose the word, the lower six the bit in it
 * </pre>
 *
 * The hash is {@link KeyHash}. How many lines there are, the holder of the filter knows. No line at
 * all means that nothing is known and every key may be there.
 */
public final class FilterFormat {
  /** Size of a line: a cache line's. */
  public static final int LINE_BYTES = 64;

  /** Spreads the lower half of the hash, which did not choose the line, over the bits. */
  static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  static final int PROBES = 6;
  static final int PIECE_BITS = 9;
  static final int LINE_BITS = LINE_BYTES * Byte.SIZE;

  private FilterFormat() {}

  static int line(long hash, int lines) {
    return (int) ((hash >>> 32) * lines >>> 32);
  }
}
