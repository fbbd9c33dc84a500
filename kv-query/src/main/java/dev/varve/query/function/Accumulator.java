// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The state of one aggregate function for many groups, numbered from 0. Not thread-safe.
 *
 * <p>A new group has seen no row: its result is NULL, or 0 for counts.
 */
public abstract class Accumulator {
  private int[] sameGroup = {};

  /** Makes groups up to {@code groups - 1} exist. */
  public abstract void ensureGroups(int groups);

  /**
   * Takes in rows.
   *
   * @param arguments the function's arguments, indexed by row
   * @param selection the rows, or null for {@code 0 .. count - 1}
   * @param groups the group of each, indexed like {@code selection}
   */
  public abstract void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups);

  /** Takes in rows that all belong to one group. */
  public void addToOne(Vector[] arguments, int @Nullable [] selection, int count, int group) {
    if (sameGroup.length < count || sameGroup.length > 0 && sameGroup[0] != group) {
      sameGroup = new int[Math.max(count, sameGroup.length)];
      Arrays.fill(sameGroup, group);
    }
    add(arguments, selection, count, sameGroup);
  }

  /** Whether {@link #remove} works: whether what was taken in can be taken out again exactly. */
  public boolean canRemove() {
    return false;
  }

  /** Takes rows out of a group that were taken in before. */
  public void remove(Vector[] arguments, int @Nullable [] selection, int count, int group) {
    throw new UnsupportedOperationException(getClass().getSimpleName());
  }

  /** Writes the results of groups {@code first .. first + count - 1} to rows 0 .. of {@code into}. */
  public abstract void results(int first, int count, Vector into);

  /** Heap bytes of the state. */
  public abstract long sizeBytes();

  /** Forgets all groups, keeping the room. */
  public abstract void clear();

  /** The capacity to grow to from {@code present} so that {@code needed} fit. */
  static int grown(int present, int needed) {
    return Math.max(needed, Math.max(16, present + (present >> 1)));
  }
}
