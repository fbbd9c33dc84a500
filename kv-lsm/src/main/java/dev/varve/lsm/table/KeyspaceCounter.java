// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.KeyspacePrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Counts what a table gets of each keyspace, while its versions pass by in order. */
final class KeyspaceCounter {
  private final IntUnaryOperator prefixes;
  private final List<KeyspaceProperties> finished = new ArrayList<>();
  private final byte[] current = new byte[KeyspacePrefix.MAX_BYTES];
  private int currentBytes;
  private int prefixBytes;
  private long entries;
  private long deletes;
  private long keyBytes;
  private long valueBytes;

  KeyspaceCounter(IntUnaryOperator prefixes) {
    this.prefixes = prefixes;
  }

  /** Turns to the keyspace of {@code key}; one that is too short to name one counts for none. */
  void enter(byte[] key, int offset, int bytes) {
    int length = bytes == 0 ? 0 : KeyspacePrefix.lengthFrom(key[offset]);
    if (length > bytes) {
      length = 0;
    }
    if (length == currentBytes
        && java.util.Arrays.equals(key, offset, offset + length, current, 0, length)) {
      return;
    }
    leave();
    System.arraycopy(key, offset, current, 0, length);
    currentBytes = length;
    prefixBytes =
        length == 0 ? 0 : Math.max(0, prefixes.applyAsInt(KeyspacePrefix.read(current, 0)));
  }

  private void leave() {
    if (currentBytes > 0 && entries > 0) {
      finished.add(
          new KeyspaceProperties(
              KeyspacePrefix.read(current, 0),
              entries,
              deletes,
              keyBytes,
              valueBytes,
              prefixBytes));
    }
    entries = 0;
    deletes = 0;
    keyBytes = 0;
    valueBytes = 0;
  }

  /** Counts a version of the keyspace entered last. */
  void count(boolean delete, int bytesOfKey, int bytesOfValue) {
    entries++;
    deletes += delete ? 1 : 0;
    keyBytes += bytesOfKey;
    valueBytes += bytesOfValue;
  }

  /** Length of the prefixes of whole keys that go into the filter; 0 for none. */
  int filteredBytes() {
    return prefixBytes == 0 ? 0 : currentBytes + prefixBytes;
  }

  List<KeyspaceProperties> finish() {
    leave();
    currentBytes = 0;
    return List.copyOf(finished);
  }
}
