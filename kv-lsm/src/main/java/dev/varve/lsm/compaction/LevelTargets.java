// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.lsm.version.Version;

/**
 * How large each level should be, derived from the largest: every level above it is smaller by the
 * multiplier, down to the base level, which takes what comes from level 0. So nine tenths of the data
 * stand in the last level whatever the size of the store, and what the levels above may hide of it is
 * bounded.
 */
final class LevelTargets {
  private final long[] targets = new long[Version.LEVELS];
  private final int baseLevel;

  LevelTargets(Version version, long baseBytes, int multiplier) {
    int last = Version.LEVELS - 1;
    long largest = 0;
    int first = last;
    for (int level = last; level > 0; level--) {
      long bytes = version.levelBytes(level);
      largest = Math.max(largest, bytes);
      if (bytes > 0) {
        first = level;
      }
    }
    long size = largest;
    int base = last;
    while (base > 1 && (size > baseBytes || base > first)) {
      targets[base] = Math.max(size, baseBytes);
      size /= multiplier;
      base--;
    }
    targets[base] = Math.max(size, baseBytes / multiplier + 1);
    baseLevel = base;
  }

  /** The level that the runs of level 0 are merged into. */
  int baseLevel() {
    return baseLevel;
  }

  /** How many bytes a level from the base level on should hold. */
  long targetBytes(int level) {
    return targets[level];
  }
}
