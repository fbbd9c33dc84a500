// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.workload;

import java.util.Random;

/**
 * Keys and values of a run. Keys have 16 bytes: the entry's number in decimal, padded with zeros.
 * Values are cut from a pool in which every other half repeats, so that they compress to about half.
 */
public final class Data {
  /** The length of a key in bytes. */
  public static final int KEY_BYTES = 16;

  private static final int POOL_BYTES = 1 << 20;

  private final long entries;
  private final int valueBytes;
  private final byte[] pool = new byte[POOL_BYTES];

  /** Data of {@code entries} entries with values of {@code valueBytes}. */
  public Data(long entries, int valueBytes) {
    this.entries = entries;
    this.valueBytes = valueBytes;
    Random random = new Random(42);
    byte[] half = new byte[Math.max(1, valueBytes / 2)];
    for (int at = 0; at < POOL_BYTES; at += valueBytes) {
      random.nextBytes(half);
      for (int i = at; i < Math.min(POOL_BYTES, at + valueBytes); i++) {
        pool[i] = half[(i - at) % half.length];
      }
    }
  }

  /** How many entries there are. */
  public long entries() {
    return entries;
  }

  /** The length of a value. */
  public int valueBytes() {
    return valueBytes;
  }

  /** The key of entry {@code number}, into {@code key}. */
  public static void key(long number, byte[] key) {
    long rest = number;
    for (int i = KEY_BYTES - 1; i >= 0; i--) {
      key[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** A key beside the one of entry {@code number} that is never stored. */
  public static void missingKey(long number, byte[] key) {
    key(number, key);
    key[KEY_BYTES - 1] += 32;
  }

  /** Some value, into {@code value}. */
  public void value(long random, byte[] value) {
    int slots = (POOL_BYTES - valueBytes) / valueBytes;
    int at = (int) Long.remainderUnsigned(random, slots) * valueBytes;
    System.arraycopy(pool, at, value, 0, valueBytes);
  }

  /** The number of the entry at place {@code index} of a fixed random order of all entries. */
  public long shuffled(long index) {
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, entries - 1));
    int half = (bits + 1) / 2;
    long mask = (1L << half) - 1;
    long x = index;
    do {
      long left = x >>> half;
      long right = x & mask;
      for (int round = 0; round < 4; round++) {
        long next = left ^ Mix.mix(right + round * 0x9E37_79B9_7F4A_7C15L) & mask;
        left = right;
        right = next;
      }
      x = left << half | right;
    } while (x >= entries);
    return x;
  }
}
