// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.lsm.version.TableFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What to do to which tables. Immutable.
 *
 * @param kind what to do
 * @param reason why
 * @param inputLevel where {@code runs} stand
 * @param runs tables of the input level by run, newest run first; one run below level 0
 * @param outputLevel where the result goes
 * @param lower tables of the output level that the inputs overlap
 */
public record CompactionPlan(
    Kind kind,
    Reason reason,
    int inputLevel,
    List<List<TableFile>> runs,
    int outputLevel,
    List<TableFile> lower) {

  /** What to do. */
  public enum Kind {
    /** Merge all inputs into new tables at the output level. */
    MERGE,
    /** Place the inputs at the output level as they are. */
    MOVE,
    /** Remove the inputs, of which nobody can see anything any more. */
    DROP
  }

  /** Why. */
  public enum Reason {
    LEVEL0_RUNS,
    LEVEL_SIZE,
    RANGE_DELETED,
    TOMBSTONES,
    GARBAGE,
    SPACE,
    MANUAL
  }

  /** Every table taken in. */
  public List<TableFile> inputs() {
    List<TableFile> all = new ArrayList<>();
    runs.forEach(all::addAll);
    all.addAll(lower);
    return all;
  }

  /** Their sizes on disk together. */
  public long inputBytes() {
    long sum = 0;
    for (TableFile each : inputs()) {
      sum += each.meta().fileBytes();
    }
    return sum;
  }
}
