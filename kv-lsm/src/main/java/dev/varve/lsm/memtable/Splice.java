// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

/**
 * Where an insertion goes: on each level the last node before it. Kept from one insertion to the
 * next, since neighbours in time are often neighbours in order. One thread at a time.
 */
final class Splice {
  /** On each level the last node before the key; the head where there is none. */
  final int[] before = new int[MemTableFormat.MAX_HEIGHT];

  /** The bytes that the key and that node's key share, counting zeros behind both. */
  final int[] shared = new int[MemTableFormat.MAX_HEIGHT];

  /** On each level the link out of that node, as it was read. */
  final long[] link = new long[MemTableFormat.MAX_HEIGHT];

  /** What the link out of the new node will be. */
  final long[] onward = new long[MemTableFormat.MAX_HEIGHT];

  /** Levels that are filled; 0 before the first search. */
  int height;

  /** Rises when the last place was of no help, so that random insertions stop asking. */
  int misses;

  /** Insertions to go before the last place is tried again. */
  int skips;
}
