// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.util.List;

/**
 * Finds primary keys by other bytes. Entries are a set of pairs (indexed bytes, primary key).
 * Changes made by hand are only for indexes created without an extractor.
 */
public interface Index {
  /** Its name. */
  String name();

  /** What it can find. */
  IndexType type();

  /** Adds the pair; adding it twice is adding it once. */
  void insert(byte[] indexed, byte[] primaryKey);

  /** Removes the pair if it is there. */
  void remove(byte[] indexed, byte[] primaryKey);

  /** The primary keys under {@code indexed}, ascending. */
  List<byte[]> find(byte[] indexed);

  /**
   * Walks a range of indexed bytes: {@code key()} is the indexed bytes, {@code value()} the primary
   * key. Only {@link IndexType#BTREE}. The caller closes the cursor.
   */
  Cursor range(KeyRange range);
}
