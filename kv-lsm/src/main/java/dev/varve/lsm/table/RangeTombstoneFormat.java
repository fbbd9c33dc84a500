// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

/**
 * The range tombstones of a table: the bounds that occur, sorted, cut the keys into slices; a
 * segment tree over the slices says which timestamps cover them. All numbers little-endian.
 *
 * <pre>
 * offset       bytes  what
 * 0            4      n: number of range tombstones, at least 1
 * 4            4      b: number of bounds; slice i goes from bound i to bound i+1
 * 8            4      w: leaves of the tree, the least power of two that is at least b-1
 * 12           4      t: number of timestamps in the tree
 * 16           4*b+4  where each bound begins, from the payload's begin, and where the last ends
 * ..           16*n   range tombstones by lower bound, upper bound, timestamp descending:
 *                     number of the lower bound (4), of the upper bound (4), timestamp (8)
 * ..           8*w+4  number of the first timestamp of each node 0 .. 2w-1 of the tree, and t
 * ..           8*t    timestamps, descending within a node
 * ..                  bounds
 * ..           8      zeros
 * </pre>
 *
 * Node 1 is the root, the children of node i are 2i and 2i+1, and leaf w+i is slice i. A range
 * tombstone is in the fewest nodes that together cover its slices, at most 2 log2(w). So n of them
 * take O(n log n) bytes however they overlap, where listing for each slice all that cover it would
 * take O(n * n) for a queue that is trimmed over and over from the same begin. A look-up finds the
 * slice by halves and asks the nodes from its leaf up to the root.
 */
final class RangeTombstoneFormat {
  static final int COUNT = 0;
  static final int BOUNDS = 4;
  static final int LEAVES = 8;
  static final int TIMESTAMPS = 12;
  static final int PLACES = 16;
  static final int TOMBSTONE_BYTES = 16;
  static final int PADDING_BYTES = 8;

  private RangeTombstoneFormat() {}
}
