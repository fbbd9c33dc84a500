// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.snapshot;

import java.util.Arrays;

/**
 * The timestamps at which somebody may still read: every one from {@code floor} on, and single ones
 * before it. They divide time into stripes; of the versions of a key in one stripe only the newest
 * can ever be seen. Immutable.
 */
public final class ReadPoints {
  private final long floor;
  private final long[] pinned;

  /** Every timestamp from {@code floor} on, and those of {@code pinned} before it, in any order. */
  public ReadPoints(long floor, long[] pinned) {
    this.floor = floor;
    this.pinned = Arrays.stream(pinned).filter(each -> each < floor).sorted().distinct().toArray();
  }

  /** From here on any timestamp may be read. */
  public long floor() {
    return floor;
  }

  /** The earliest timestamp that may be read. */
  public long oldest() {
    return pinned.length > 0 ? pinned[0] : floor;
  }

  /** Names the stripe of a version: the earliest read point that may see it. */
  public long stripe(long timestamp) {
    if (timestamp > floor) {
      return timestamp;
    }
    for (long each : pinned) {
      if (timestamp <= each) {
        return each;
      }
    }
    return floor;
  }

  /** Whether a read point lies in {@code from <= point < to}. */
  public boolean anyWithin(long from, long to) {
    if (to > floor) {
      return true;
    }
    for (long each : pinned) {
      if (each >= from) {
        return each < to;
      }
    }
    return false;
  }
}
