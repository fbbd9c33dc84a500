// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.key;

/**
 * The eight bytes that follow a user key in an internal key: the commit timestamp and the kind of
 * the version.
 *
 * <pre>
 *  63          62                              2  1      0
 * +---+------------------------------------------+--------+
 * | 0 |        commit timestamp (60 bits)        |  kind  |
 * +---+------------------------------------------+--------+
 * </pre>
 *
 * Versions of one key are ordered by trailer, descending. A key has at most one point version per
 * timestamp.
 */
public final class Trailer {
  /** The greatest timestamp. */
  public static final long MAX_TIMESTAMP = (1L << 60) - 1;

  /** A tombstone of one key. */
  public static final int DELETE = 0;

  /** A value. */
  public static final int PUT = 1;

  /** A tombstone of a range of keys: removes versions with a lesser timestamp than its own. */
  public static final int DELETE_RANGE = 2;

  /** The trailer before every other of the same key. */
  public static final long FIRST = Long.MAX_VALUE;

  private static final int KIND_BITS = 2;

  private Trailer() {}

  /** Puts a trailer together. */
  public static long of(long timestamp, int kind) {
    assert timestamp >= 0 && timestamp <= MAX_TIMESTAMP : timestamp;
    return timestamp << KIND_BITS | kind;
  }

  /** The commit timestamp. */
  public static long timestamp(long trailer) {
    return trailer >>> KIND_BITS;
  }

  /** The kind. */
  public static int kind(long trailer) {
    return (int) trailer & (1 << KIND_BITS) - 1;
  }

  /** The first trailer, in order, that a read at {@code timestamp} may see. */
  public static long firstVisible(long timestamp) {
    return Math.min(timestamp, MAX_TIMESTAMP) << KIND_BITS | (1 << KIND_BITS) - 1;
  }
}
