// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Counters as bytes: 16-byte keys, values of 8 bytes. */
final class Counters {
  private Counters() {}

  static byte[] key(int number) {
    return String.format("account-%08d", number).getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] value(long amount) {
    return ByteBuffer.allocate(8).putLong(amount).array();
  }

  static long amount(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  /** Keys of the first {@code count} counters, made once. */
  static byte[][] keys(int count) {
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = key(i);
    }
    return keys;
  }
}
