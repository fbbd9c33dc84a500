// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.filter;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;

/**
 * The 64-bit hash of a key that filters are built of and asked with. It is part of the format of
 * tables: the same on every machine, for ever. Multiply-and-fold over eight bytes at a time; not
 * meant to withstand an adversary who knows it (who gains false positives, no more).
 */
public final class KeyHash {
  private static final long START = 0x9E37_79B9_7F4A_7C15L;
  private static final long FACTOR = 0xD6E8_FEB8_6659_FD93L;
  private static final long FINISH = 0xA076_1D64_78BD_642FL;

  private KeyHash() {}

  /** The hash of {@code bytes} bytes of {@code key} from {@code at}. */
  public static long of(byte[] key, int at, int bytes) {
    long hash = START ^ bytes;
    int end = at + bytes;
    int i = at;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      hash = fold(hash ^ Bytes.longBE(key, i), FACTOR);
    }
    if (i < end) {
      long tail = 0;
      for (; i < end; i++) {
        tail = tail << 8 | key[i] & 0xff;
      }
      hash = fold(hash ^ tail, FACTOR);
    }
    return fold(hash, FINISH);
  }

  /** The same hash, of a key that stands in a buffer. */
  public static long of(ByteBuffer key, int at, int bytes) {
    long hash = START ^ bytes;
    int end = at + bytes;
    int i = at;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      hash = fold(hash ^ Bytes.longBE(key, i), FACTOR);
    }
    if (i < end) {
      long tail = 0;
      for (; i < end; i++) {
        tail = tail << 8 | key.get(i) & 0xff;
      }
      hash = fold(hash ^ tail, FACTOR);
    }
    return fold(hash, FINISH);
  }

  /** Both halves of the product, folded; never loses an input of zero to a product of zero for good. */
  private static long fold(long a, long b) {
    return Math.multiplyHigh(a, b) ^ a * b ^ Long.rotateLeft(a, 32);
  }
}
