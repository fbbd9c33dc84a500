// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hash functions over primitive values and byte ranges. */
public final class Hashes {
  /** What NULL hashes to. */
  public static final long NULL = 0x9E3779B97F4A7C15L;

  private static final long SEED = 0xA0761D6478BD642FL;
  private static final long MULTIPLIER = 0xE7037ED1A0B428DBL;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Hashes() {}

  /** Spreads the bits of {@code value}. */
  public static long mix(long value) {
    long h = value * 0x9E3779B97F4A7C15L;
    h ^= h >>> 32;
    h *= 0xD6E8FEB86659FD93L;
    return h ^ h >>> 32;
  }

  /** Mixes a further hash into {@code hash}; the order matters. */
  public static long combine(long hash, long further) {
    return (Long.rotateLeft(hash, 23) ^ further) * MULTIPLIER;
  }

  /** The hash of {@code length} bytes. */
  public static long bytes(byte[] bytes, int offset, int length) {
    long hash = SEED ^ length;
    int at = offset;
    int end = offset + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(bytes, at)) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    if (at < end) {
      long tail = 0;
      for (int shift = 0; at < end; at++, shift += 8) {
        tail |= (bytes[at] & 0xffL) << shift;
      }
      hash = (hash ^ tail) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    return mix(hash);
  }
}
