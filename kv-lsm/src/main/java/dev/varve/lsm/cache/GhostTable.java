// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

/**
 * Remembers about which blocks were evicted lately without having been hit. One fingerprint to a
 * place, a later one replaces an earlier: old ones are forgotten at random rather than in order,
 * which the policy does not notice. Under the shard's lock.
 */
final class GhostTable {
  private final short[] fingerprints;

  /** Remembers up to {@code count}. */
  GhostTable(int count) {
    this.fingerprints = new short[Integer.highestOneBit(Math.max(1, count))];
  }

  void add(long hash) {
    fingerprints[place(hash)] = fingerprint(hash);
  }

  /** Whether the block was evicted lately; forgets it. */
  boolean remove(long hash) {
    int place = place(hash);
    if (fingerprints[place] != fingerprint(hash)) {
      return false;
    }
    fingerprints[place] = 0;
    return true;
  }

  private int place(long hash) {
    return (int) hash & fingerprints.length - 1;
  }

  private static short fingerprint(long hash) {
    return (short) (hash >>> 32 | 1);
  }
}
