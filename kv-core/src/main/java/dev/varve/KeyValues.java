// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Ordered keys and values. Keys are 0 to {@value #MAX_KEY_BYTES} bytes, compared as unsigned bytes;
 * values 0 bytes to 1 GiB. A key or value outside of that is a {@link VarveException} and nothing is
 * written. Implementations say which threads may call, and how a write becomes durable.
 */
public interface KeyValues {
  /** The longest key, in bytes. */
  int MAX_KEY_BYTES = 65_536;

  /** The longest value, in bytes. */
  int MAX_VALUE_BYTES = 1 << 30;

  /** A copy of the value of {@code key}, or null when it has none. */
  byte @Nullable [] get(byte[] key);

  /**
   * Copies the value of {@code key} into {@code value}, as many bytes as fit.
   *
   * @param key its remaining bytes are the key; its position does not move
   * @param value receives the bytes from its position, which advances past them
   * @return the value's whole length in bytes, or -1 when the key has no value
   */
  int get(ByteBuffer key, ByteBuffer value);

  /** Whether {@code key} has a value. */
  boolean contains(byte[] key);

  /** Sets the value of {@code key}. */
  void put(byte[] key, byte[] value);

  /** Sets the value of {@code key}, from the remaining bytes of both; their positions stay. */
  void put(ByteBuffer key, ByteBuffer value);

  /** Removes {@code key} if it is there. */
  void delete(byte[] key);

  /** Removes all keys from {@code from}, inclusive, to {@code to}, exclusive, in constant time. */
  void deleteRange(byte[] from, byte[] to);

  /** A cursor over the entries of {@code range}; the caller closes it. */
  Cursor scan(KeyRange range);
}
