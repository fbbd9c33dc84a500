// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import java.util.Arrays;

/**
 * The operations of one commit in order, on physical keys (keyspace prefix and user key), in one
 * growing heap array. Reused by its owner; nothing is allocated per operation once it has grown.
 *
 * <p>Layout of an operation: kind (1 byte), first length (varint), second length (varint), first
 * bytes, second bytes. A put has key and value, a delete key and nothing, a range delete its two
 * bounds, the upper one exclusive. This is also how an operation stands in the log.
 *
 * <p>Where several operations touch a key, the last one counts: a range delete removes what came
 * before it in the same commit and leaves what comes after.
 */
public final class Operations {
  /** Sets a key. */
  public static final byte PUT = 1;

  /** Removes a key. */
  public static final byte DELETE = 2;

  /** Removes the keys of a range. */
  public static final byte DELETE_RANGE = 3;

  private byte[] data;
  private int length;
  private int count;
  private int rangeDeletes;

  /** Empty, with room for {@code capacityBytes}. */
  public Operations(int capacityBytes) {
    data = new byte[capacityBytes];
  }

  /** Removes all operations. An array that has grown beyond {@code keepBytes} is let go. */
  public void clear(int keepBytes) {
    length = 0;
    count = 0;
    rangeDeletes = 0;
    if (data.length > keepBytes) {
      data = new byte[keepBytes];
    }
  }

  /** Adds a put. */
  public void put(
      byte[] key, int keyOffset, int keyBytes, byte[] value, int valueOffset, int valueBytes) {
    append(PUT, key, keyOffset, keyBytes, value, valueOffset, valueBytes);
  }

  /** Adds a delete. */
  public void delete(byte[] key, int keyOffset, int keyBytes) {
    append(DELETE, key, keyOffset, keyBytes, key, 0, 0);
  }

  /** Adds a range delete; {@code to} is exclusive. */
  public void deleteRange(
      byte[] from, int fromOffset, int fromBytes, byte[] to, int toOffset, int toBytes) {
    append(DELETE_RANGE, from, fromOffset, fromBytes, to, toOffset, toBytes);
    rangeDeletes++;
  }

  /** The array the operations stand in, up to {@link #length()}. */
  public byte[] data() {
    return data;
  }

  /** The bytes taken. */
  public int length() {
    return length;
  }

  /** The number of operations. */
  public int count() {
    return count;
  }

  /** The number of range deletes among them. */
  public int rangeDeletes() {
    return rangeDeletes;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return count == 0;
  }

  private void append(
      byte kind,
      byte[] first,
      int firstOffset,
      int firstBytes,
      byte[] second,
      int secondOffset,
      int secondBytes) {
    long needed = (long) length + 11 + firstBytes + secondBytes;
    if (needed > data.length) {
      if (needed > Integer.MAX_VALUE - 64) {
        throw dev.varve.ErrorCode.LIMIT_EXCEEDED
            .error("The operations of one commit exceed 2 GiB.")
            .fact("bytes", needed)
            .build();
      }
      data = Arrays.copyOf(data, (int) Math.min(Integer.MAX_VALUE - 64, needed + needed / 2));
    }
    data[length++] = kind;
    length = putVarint(length, firstBytes);
    length = putVarint(length, secondBytes);
    System.arraycopy(first, firstOffset, data, length, firstBytes);
    length += firstBytes;
    System.arraycopy(second, secondOffset, data, length, secondBytes);
    length += secondBytes;
    count++;
  }

  private int putVarint(int at, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      data[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    data[at++] = (byte) rest;
    return at;
  }
}
