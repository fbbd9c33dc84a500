// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.window;

import dev.varve.query.vector.Vector;

/** The rows {@code [from, to)} of a partition, and which of them are equal in the order: peers. */
final class Partition {
  private int from;
  private int to;
  private int[] peerStarts = {};
  private int[] peerEnds = {};
  private int[] groups = {};
  private int[] groupStarts = {};
  private int groupCount;

  /** Looks at rows whose order keys stand in {@code keys}; without keys all are peers. */
  void set(int first, int end, Vector[] keys) {
    from = first;
    to = end;
    int size = end - first;
    if (peerStarts.length < size) {
      peerStarts = new int[size];
      peerEnds = new int[size];
      groups = new int[size];
      groupStarts = new int[size + 1];
    }
    groupCount = 0;
    for (int row = first; row < end; row++) {
      if (row == first || !arePeers(keys, row - 1, row)) {
        groupStarts[groupCount++] = row;
      }
      groups[row - first] = groupCount - 1;
      peerStarts[row - first] = groupStarts[groupCount - 1];
    }
    groupStarts[groupCount] = end;
    for (int i = 0; i < size; i++) {
      peerEnds[i] = groupStarts[groups[i] + 1];
    }
  }

  /** Whether two rows agree in all keys, NULL agreeing with NULL. */
  static boolean arePeers(Vector[] keys, int row, int other) {
    for (Vector key : keys) {
      boolean isNull = key.nulls[row];
      if (isNull != key.nulls[other] || !isNull && !key.equal(row, key, other)) {
        return false;
      }
    }
    return true;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  int size() {
    return to - from;
  }

  /** The first peer of a row. */
  int peerStart(int row) {
    return peerStarts[row - from];
  }

  /** The row after the last peer. */
  int peerEnd(int row) {
    return peerEnds[row - from];
  }

  /** The number of a row's group of peers, from 0. */
  int group(int row) {
    return groups[row - from];
  }

  int groupCount() {
    return groupCount;
  }

  /** Where a group of peers begins; {@code groupCount} gives the partition's end. */
  int groupStart(int group) {
    return groupStarts[group];
  }
}
