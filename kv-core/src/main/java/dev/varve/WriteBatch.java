// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.util.Arrays;

/**
 * Writes that take effect together: {@link Database#write}. Later operations of a batch override
 * earlier ones on the same key. Reusable after {@link #clear}. One thread at a time.
 *
 * <p>Operations are kept in one growing array, each as its kind, its first length, its second length
 * and the two byte strings; nothing else is allocated per operation.
 */
public final class WriteBatch {
  /** The kinds of operations, as {@link Visitor} is told them. */
  private static final byte PUT = 1;

  private static final byte DELETE = 2;
  private static final byte DELETE_RANGE = 3;
  private static final int HEADER_BYTES = 9;
  private static final int MAX_BATCH_BYTES = Integer.MAX_VALUE - 64;

  private byte[] data = new byte[256];
  private int length;
  private int count;

  /** An empty batch. */
  public WriteBatch() {}

  /** Receives the operations of a batch in order. Arrays are the batch's own: read, do not keep. */
  public interface Visitor {
    /** A put. */
    void put(byte[] data, int keyOffset, int keyBytes, int valueOffset, int valueBytes);

    /** A delete. */
    void delete(byte[] data, int keyOffset, int keyBytes);

    /** A range delete. */
    void deleteRange(byte[] data, int fromOffset, int fromBytes, int toOffset, int toBytes);
  }

  /** Adds a put. */
  public WriteBatch put(byte[] key, byte[] value) {
    checkKey(key);
    if (value.length > KeyValues.MAX_VALUE_BYTES) {
      throw ErrorCode.VALUE_TOO_LONG
          .error("A value is longer than Varve stores.")
          .fact("valueBytes", value.length)
          .fact("maxBytes", KeyValues.MAX_VALUE_BYTES)
          .build();
    }
    append(PUT, key, value);
    return this;
  }

  /** Adds a delete. */
  public WriteBatch delete(byte[] key) {
    checkKey(key);
    append(DELETE, key, new byte[0]);
    return this;
  }

  /** Adds a range delete, from inclusive, to exclusive. */
  public WriteBatch deleteRange(byte[] from, byte[] to) {
    checkKey(from);
    checkKey(to);
    append(DELETE_RANGE, from, to);
    return this;
  }

  /** The number of operations. */
  public int count() {
    return count;
  }

  /** The memory the operations take, in bytes. */
  public int bytes() {
    return length;
  }

  /** Removes all operations; memory is kept for the next ones. */
  public WriteBatch clear() {
    length = 0;
    count = 0;
    return this;
  }

  /** Hands the operations to {@code visitor} in the order they were added. */
  public void forEach(Visitor visitor) {
    int at = 0;
    while (at < length) {
      int first = intAt(at + 1);
      int second = intAt(at + 5);
      int firstOffset = at + HEADER_BYTES;
      int secondOffset = firstOffset + first;
      switch (data[at]) {
        case PUT -> visitor.put(data, firstOffset, first, secondOffset, second);
        case DELETE -> visitor.delete(data, firstOffset, first);
        default -> visitor.deleteRange(data, firstOffset, first, secondOffset, second);
      }
      at = secondOffset + second;
    }
  }

  private static void checkKey(byte[] key) {
    if (key.length > KeyValues.MAX_KEY_BYTES) {
      throw ErrorCode.KEY_TOO_LONG
          .error("A key is longer than Varve stores.")
          .fact("keyBytes", key.length)
          .fact("maxBytes", KeyValues.MAX_KEY_BYTES)
          .build();
    }
  }

  private void append(byte kind, byte[] first, byte[] second) {
    long needed = (long) length + HEADER_BYTES + first.length + second.length;
    if (needed > MAX_BATCH_BYTES) {
      throw ErrorCode.LIMIT_EXCEEDED
          .error("A write batch is larger than 2 GiB.")
          .fact("batchBytes", needed)
          .hint("Use a transaction, which has no such bound.")
          .build();
    }
    if (needed > data.length) {
      data =
          Arrays.copyOf(data, (int) Math.min(MAX_BATCH_BYTES, Math.max(needed, data.length * 2L)));
    }
    data[length] = kind;
    setIntAt(length + 1, first.length);
    setIntAt(length + 5, second.length);
    System.arraycopy(first, 0, data, length + HEADER_BYTES, first.length);
    System.arraycopy(second, 0, data, length + HEADER_BYTES + first.length, second.length);
    length = (int) needed;
    count++;
  }

  private int intAt(int at) {
    return (data[at] & 0xff) << 24
        | (data[at + 1] & 0xff) << 16
        | (data[at + 2] & 0xff) << 8
        | data[at + 3] & 0xff;
  }

  private void setIntAt(int at, int value) {
    data[at] = (byte) (value >>> 24);
    data[at + 1] = (byte) (value >>> 16);
    data[at + 2] = (byte) (value >>> 8);
    data[at + 3] = (byte) value;
  }
}
