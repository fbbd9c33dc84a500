// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

/** What one thread does with an {@link Engine}. */
public interface Session extends AutoCloseable {
  /** Sets a key. */
  void put(byte[] key, byte[] value);

  /** Removes a key. */
  void delete(byte[] key);

  /** Sets {@code count} keys in one atomic batch. */
  void putBatch(byte[][] keys, byte[][] values, int count);

  /** Removes {@code count} keys in one atomic batch. */
  void deleteBatch(byte[][] keys, int count);

  /** Copies the value into {@code into}; returns its length, or -1. */
  int get(byte[] key, byte[] into);

  /**
   * Walks up to {@code count} entries from {@code from} (null: from the first, or for a reversed walk
   * from the last), touching key and value; returns how many there were.
   */
  long scan(byte[] from, long count, boolean reversed);

  @Override
  void close();
}
