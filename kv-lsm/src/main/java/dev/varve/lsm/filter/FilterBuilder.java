// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.filter;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects hashes and lays out a filter of them. One thread; reused from filter to filter. */
public final class FilterBuilder {
  private final int bitsPerKey;
  private long[] hashes = new long[1 << 10];
  private int count;

  /** Builds filters of {@code bitsPerKey} bits a key; none at all if that is 0. */
  public FilterBuilder(int bitsPerKey) {
    this.bitsPerKey = bitsPerKey;
  }

  /** Adds a key by its hash; one that equals the previous is not counted again. */
  public void add(long hash) {
    if (bitsPerKey == 0 || count > 0 && hashes[count - 1] == hash) {
      return;
    }
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
    }
    hashes[count++] = hash;
  }

  /** Lines that the filter of what was added so far has. */
  public int lines() {
    long bits = (long) count * bitsPerKey;
    return Math.toIntExact((bits + FilterFormat.LINE_BITS - 1) / FilterFormat.LINE_BITS);
  }

  /** Writes the filter at {@code at}, where {@link #lines} lines of zeros stand, and starts anew. */
  public void build(ByteBuffer into, int at) {
    int lines = lines();
    for (int i = 0; i < count; i++) {
      int line = at + FilterFormat.line(hashes[i], lines) * FilterFormat.LINE_BYTES;
      long bits = hashes[i] * FilterFormat.SPREAD;
      for (int probe = 0; probe < FilterFormat.PROBES; probe++) {
        int word = line + (int) (bits >>> 61) * Long.BYTES;
        Bytes.setLongLE(into, word, Bytes.longLE(into, word) | 1L << (bits >>> 55));
        bits <<= FilterFormat.PIECE_BITS;
      }
    }
    count = 0;
  }
}
