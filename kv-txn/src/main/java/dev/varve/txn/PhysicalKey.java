// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.core.codec.KeyspacePrefix;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A physical key under construction: keyspace prefix and user key, in an array that is used again and
 * again. One thread.
 */
final class PhysicalKey {
  private static final int KEPT_BYTES = 4_096;

  private byte[] array = new byte[64];
  private int length;

  /** Becomes the key of {@code keyspace} that stands in an array. */
  void set(int keyspace, byte[] key, int offset, int bytes) {
    int prefix = begin(keyspace, bytes);
    System.arraycopy(key, offset, array, prefix, bytes);
    length = prefix + bytes;
  }

  /** Becomes the key of {@code keyspace} that is what remains in a buffer, whose position stays. */
  void set(int keyspace, ByteBuffer key) {
    int bytes = key.remaining();
    int prefix = begin(keyspace, bytes);
    key.get(key.position(), array, prefix, bytes);
    length = prefix + bytes;
  }

  private int begin(int keyspace, int bytes) {
    if (bytes > KeyValues.MAX_KEY_BYTES) {
      throw ErrorCode.KEY_TOO_LONG
          .error("A key is longer than Varve stores.")
          .fact("keyBytes", bytes)
          .fact("maxBytes", KeyValues.MAX_KEY_BYTES)
          .build();
    }
    int needed = KeyspacePrefix.MAX_BYTES + bytes;
    if (array.length < needed || array.length > KEPT_BYTES) {
      array = new byte[Math.max(64, needed)];
    }
    return KeyspacePrefix.write(keyspace, array, 0);
  }

  /** Holds the key from 0 on. */
  byte[] array() {
    return array;
  }

  /** Its length. */
  int length() {
    return length;
  }

  byte[] copy() {
    return Arrays.copyOf(array, length);
  }

  /** A physical key in an array of its own. */
  static byte[] of(int keyspace, byte[] key) {
    byte[] prefix = KeyspacePrefix.of(keyspace);
    byte[] physical = Arrays.copyOf(prefix, prefix.length + key.length);
    System.arraycopy(key, 0, physical, prefix.length, key.length);
    return physical;
  }

  /** The physical keys of a range of a keyspace, in its direction; both bounds are there. */
  static KeyRange range(int keyspace, KeyRange range) {
    byte[] from = range.from();
    byte[] to = range.to();
    byte[] low = of(keyspace, from == null ? new byte[0] : from);
    byte[] high = to == null ? end(keyspace) : of(keyspace, to);
    KeyRange physical = KeyRange.between(low, high);
    return range.isReversed() ? physical.reversed() : physical;
  }

  /** The least key behind those of a keyspace. */
  static byte[] end(int keyspace) {
    byte[] end = KeyRange.prefix(KeyspacePrefix.of(keyspace)).to();
    assert end != null : "no prefix is all 0xFF";
    return end;
  }

  /** The user key of a physical one. */
  static byte[] userKey(byte[] physical) {
    return Arrays.copyOfRange(physical, KeyspacePrefix.lengthFrom(physical[0]), physical.length);
  }
}
