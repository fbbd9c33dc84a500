// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Fixed-width numbers in arrays and buffers, and comparison of byte strings that stand in either.
 * Numbers on disk are big-endian where they are compared as bytes and little-endian elsewhere; the
 * method names say which. All accesses are bounds-checked; none changes a buffer's position.
 */
public final class Bytes {
  private static final VarHandle ARRAY_LONG_BE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BUFFER_LONG_BE =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BUFFER_LONG_LE =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BUFFER_INT_LE =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  /** Eight bytes of {@code array}, big-endian. */
  public static long longBE(byte[] array, int at) {
    return (long) ARRAY_LONG_BE.get(array, at);
  }

  /** Stores eight bytes, big-endian. */
  public static void setLongBE(byte[] array, int at, long value) {
    ARRAY_LONG_BE.set(array, at, value);
  }

  /** Eight bytes of {@code buffer}, big-endian. */
  public static long longBE(ByteBuffer buffer, int at) {
    return (long) BUFFER_LONG_BE.get(buffer, at);
  }

  /** Stores eight bytes, big-endian. */
  public static void setLongBE(ByteBuffer buffer, int at, long value) {
    BUFFER_LONG_BE.set(buffer, at, value);
  }

  /** Eight bytes of {@code buffer}, little-endian. */
  public static long longLE(ByteBuffer buffer, int at) {
    return (long) BUFFER_LONG_LE.get(buffer, at);
  }

  /** Stores eight bytes, little-endian. */
  public static void setLongLE(ByteBuffer buffer, int at, long value) {
    BUFFER_LONG_LE.set(buffer, at, value);
  }

  /** Four bytes of {@code buffer}, little-endian. */
  public static int intLE(ByteBuffer buffer, int at) {
    return (int) BUFFER_INT_LE.get(buffer, at);
  }

  /** Stores four bytes, little-endian. */
  public static void setIntLE(ByteBuffer buffer, int at, int value) {
    BUFFER_INT_LE.set(buffer, at, value);
  }

  /** Compares byte strings as unsigned bytes, the shorter first when one begins the other. */
  public static int compare(
      ByteBuffer left, int leftAt, int leftBytes, byte[] right, int rightAt, int rightBytes) {
    int common = Math.min(leftBytes, rightBytes);
    int i = 0;
    for (; i + Long.BYTES <= common; i += Long.BYTES) {
      long l = longBE(left, leftAt + i);
      long r = longBE(right, rightAt + i);
      if (l != r) {
        return Long.compareUnsigned(l, r);
      }
    }
    for (; i < common; i++) {
      int difference = (left.get(leftAt + i) & 0xff) - (right[rightAt + i] & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return leftBytes - rightBytes;
  }

  /** Compares byte strings as unsigned bytes, the shorter first when one begins the other. */
  public static int compare(
      ByteBuffer left, int leftAt, int leftBytes, ByteBuffer right, int rightAt, int rightBytes) {
    int common = Math.min(leftBytes, rightBytes);
    int i = 0;
    for (; i + Long.BYTES <= common; i += Long.BYTES) {
      long l = longBE(left, leftAt + i);
      long r = longBE(right, rightAt + i);
      if (l != r) {
        return Long.compareUnsigned(l, r);
      }
    }
    for (; i < common; i++) {
      int difference = (left.get(leftAt + i) & 0xff) - (right.get(rightAt + i) & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return leftBytes - rightBytes;
  }
}
