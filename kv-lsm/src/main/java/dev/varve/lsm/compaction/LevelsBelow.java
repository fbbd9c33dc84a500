// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.lsm.version.SortedRun;
import java.util.Arrays;

/** Whether any of several runs has a table that may hold a key; keys must not descend. */
final class LevelsBelow implements VersionSieve.Below {
  private final SortedRun[] runs;
  private final int[] at;

  LevelsBelow(SortedRun[] runs) {
    this.runs = runs;
    this.at = new int[runs.length];
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
