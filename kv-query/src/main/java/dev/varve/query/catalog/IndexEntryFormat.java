// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.ErrorCode;
import dev.varve.core.codec.Bytes;
import dev.varve.core.codec.TupleWriter;

/**
 * An entry of an index, which leads from indexed values to the key of a row.
 *
 * <pre>
 * BTREE    key:   the indexed values as a tuple; the row's key, except in a unique index when no value
 *                 is NULL (or NULLs count as equal)
 * HASH     key:   hash of that tuple, 8 bytes; the row's key
 * both     value: n, varint: how many bytes at the end of the key are the row's key;
 *                 0: the row's key is the rest of the value
 * </pre>
 *
 * So two rows with the same unique values have the same entry key, and the store's row locks decide
 * between them. All parts of the tuple may be NULL, whatever the column says, since NOT NULL may come
 * and go. Who finds a row by a HASH entry compares the values again.
 */
public final class IndexEntryFormat {
  /** The bytes of the hash in an entry of a HASH index. */
  public static final int HASH_BYTES = Long.BYTES;

  private static final int MAX_LENGTH_BYTES = 5;
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private IndexEntryFormat() {}

  /** The value of an entry whose key ends with {@code rowKeyBytes} bytes of the row's key. */
  public static byte[] valueForSuffix(int rowKeyBytes) {
    byte[] value = new byte[MAX_LENGTH_BYTES];
    int length = 0;
    int rest = rowKeyBytes;
    while ((rest & ~0x7f) != 0) {
      value[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    value[length++] = (byte) rest;
    return java.util.Arrays.copyOf(value, length);
  }

  /** The value of an entry that holds the row's key itself. */
  public static byte[] valueWithRowKey(byte[] rowKey, int offset, int bytes) {
    byte[] value = new byte[bytes + 1];
    System.arraycopy(rowKey, offset, value, 1, bytes);
    return value;
  }

  /** The length of the row's key that an entry leads to. */
  public static int rowKeyBytes(byte[] value, int valueOffset, int valueBytes) {
    int suffix = suffixBytes(value, valueOffset, valueBytes);
    return suffix == 0 ? valueBytes - 1 : suffix;
  }

  /** Copies the row's key that an entry leads to. */
  public static byte[] rowKey(
      byte[] key, int keyOffset, int keyBytes, byte[] value, int valueOffset, int valueBytes) {
    int suffix = suffixBytes(value, valueOffset, valueBytes);
    byte[] rowKey = new byte[suffix == 0 ? valueBytes - 1 : suffix];
    if (suffix == 0) {
      System.arraycopy(value, valueOffset + 1, rowKey, 0, rowKey.length);
    } else {
      System.arraycopy(key, keyOffset + keyBytes - suffix, rowKey, 0, suffix);
    }
    return rowKey;
  }

  /** Copies the row's key out of a value that holds it; for unique entries without NULL. */
  public static byte[] rowKey(byte[] value) {
    return java.util.Arrays.copyOfRange(value, 1, value.length);
  }

  /** How many bytes at the end of an entry's key are the row's key; 0 when the value holds it. */
  public static int suffixBytes(byte[] value, int valueOffset, int valueBytes) {
    int length = 0;
    for (int i = 0; i < valueBytes && i < MAX_LENGTH_BYTES; i++) {
      byte b = value[valueOffset + i];
      length |= (b & 0x7f) << 7 * i;
      if (b >= 0) {
        return length;
      }
    }
    throw ErrorCode.CORRUPTION
        .error("An index entry does not say where its row is.")
        .fact("value", java.util.Arrays.copyOfRange(value, valueOffset, valueOffset + valueBytes))
        .build();
  }

  /** Replaces a tuple by its hash, as in the key of a HASH entry. */
  public static void hash(TupleWriter tuple) {
    long hash = hash(tuple.bytes(), tuple.length());
    tuple.reset().direction(false).fixed(hash);
  }

  /** The hash of a tuple: part of the format, never to be changed. */
  static long hash(byte[] bytes, int length) {
    long hash = length * PRIME;
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      hash = mix(hash ^ Bytes.longBE(bytes, i));
    }
    long tail = 0;
    for (; i < length; i++) {
      tail = tail << 8 | bytes[i] & 0xff;
    }
    return mix(hash ^ tail);
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 32) * PRIME;
    mixed = (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L;
    return mixed ^ mixed >>> 32;
  }
}
