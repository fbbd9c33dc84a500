// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.nio.ByteBuffer;

/**
 * Walks the entries of a {@link KeyRange} in its direction: {@code while (cursor.next()) ...}. Starts
 * before the first entry. One thread at a time; the caller closes.
 */
public interface Cursor extends AutoCloseable {
  /** Moves to the next entry; false at the end, and then for ever until {@link #seek}. */
  boolean next();

  /**
   * Moves to the first entry at or after {@code key} in the cursor's direction; false when there is
   * none. May move backwards.
   */
  boolean seek(byte[] key);

  /** A copy of the entry's key. */
  byte[] key();

  /** A copy of the entry's value. */
  byte[] value();

  /** A read-only view of the entry's key, valid until the next call on this cursor. */
  ByteBuffer keyBuffer();

  /** A read-only view of the entry's value, valid until the next call on this cursor. */
  ByteBuffer valueBuffer();

  @Override
  void close();
}
