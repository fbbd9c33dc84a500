// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** count(*) and count(x). */
final class CountAccumulator extends Accumulator {
  private long[] counts = {};

  @Override
  public void ensureGroups(int groups) {
    if (groups > counts.length) {
      counts = Arrays.copyOf(counts, grown(counts.length, groups));
    }
  }

  @Override
  public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
    if (arguments.length == 0 || !arguments[0].hasNulls) {
      for (int k = 0; k < count; k++) {
        counts[groups[k]]++;
      }
      return;
    }
    boolean[] nulls = arguments[0].nulls;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      counts[groups[k]] += nulls[row] ? 0 : 1;
    }
  }

  @Override
  public void addToOne(Vector[] arguments, int @Nullable [] selection, int count, int group) {
    int counted = count;
    if (arguments.length > 0 && arguments[0].hasNulls) {
      for (int k = 0; k < count; k++) {
        counted -= arguments[0].nulls[selection == null ? k : selection[k]] ? 1 : 0;
      }
    }
    counts[group] += counted;
  }

  @Override
  public boolean canRemove() {
    return true;
  }

  @Override
  public void remove(Vector[] arguments, int @Nullable [] selection, int count, int group) {
    long before = counts[group];
    addToOne(arguments, selection, count, group);
    counts[group] = 2 * before - counts[group];
  }

  @Override
  public void results(int first, int count, Vector into) {
    System.arraycopy(counts, first, ((LongVector) into).values, 0, count);
  }

  @Override
  public long sizeBytes() {
    return counts.length * 8L;
  }

  @Override
  public void clear() {
    Arrays.fill(counts, 0);
  }
}
