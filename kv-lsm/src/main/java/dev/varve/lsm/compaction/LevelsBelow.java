// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.Version;
import java.util.Arrays;

/** Whether the levels below one have a table that may hold a key; keys must not descend. */
final class LevelsBelow implements VersionSieve.Below {
  private final SortedRun[] runs;
  private final int[] at;

  LevelsBelow(Version version, int level) {
    int count = Version.LEVELS - 1 - level;
    runs = new SortedRun[count];
    at = new int[count];
    for (int i = 0; i < count; i++) {
      runs[i] = version.level(level + 1 + i);
    }
  }

  @Override
  public boolean mayHold(byte[] key, int keyBytes) {
    for (int i = 0; i < runs.length; i++) {
      SortedRun run = runs[i];
      while (at[i] < run.size() && endsBefore(run, at[i], key, keyBytes)) {
        at[i]++;
      }
      if (at[i] < run.size() && !run.startsAfter(at[i], key, 0, keyBytes)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsBefore(SortedRun run, int index, byte[] key, int keyBytes) {
    byte[] largest = run.file(index).meta().largest();
    return Arrays.compareUnsigned(largest, 0, largest.length, key, 0, keyBytes) < 0;
  }
}
