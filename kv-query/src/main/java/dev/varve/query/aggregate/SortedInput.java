// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.aggregate;

import dev.varve.query.function.Accumulator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Feeds sorted rows (group, .., arguments) to an accumulator, leaving out, when asked, those whose
 * group and arguments repeat the row before.
 */
final class SortedInput {
  private final int argumentCount;
  private final int skipped;
  private final Vector[] arguments;
  private final int[] kept = new int[Batch.CAPACITY];
  private final int[] groups = new int[Batch.CAPACITY];
  private Vector @Nullable [] last;
  private int lastGroup;

  /**
   * Of rows with that many arguments at their end, and that many columns between the group and them.
   */
  SortedInput(int argumentCount, int skipped) {
    this.argumentCount = argumentCount;
    this.skipped = skipped;
    this.arguments = new Vector[argumentCount];
  }

  void feed(Batch batch, boolean distinct, Accumulator accumulator) {
    IntVector group = (IntVector) batch.column(0);
    for (int i = 0; i < argumentCount; i++) {
      arguments[i] = batch.column(1 + skipped + i);
    }
    int found = 0;
    for (int k = 0; k < batch.count(); k++) {
      int row = batch.row(k);
      if (!distinct || !repeats(group.values[row], row, k == 0 ? -1 : batch.row(k - 1))) {
        kept[found] = row;
        groups[found++] = group.values[row];
      }
      lastGroup = group.values[row];
    }
    accumulator.add(arguments, kept, found, groups);
    if (distinct && batch.count() > 0) {
      remember(batch.row(batch.count() - 1));
    }
  }

  private boolean repeats(int group, int row, int before) {
    Vector[] present = last;
    if (before < 0 && present == null || group != lastGroup) {
      return false;
    }
    for (int i = 0; i < argumentCount; i++) {
      Vector earlier = before >= 0 || present == null ? arguments[i] : present[i];
      int earlierRow = Math.max(before, 0);
      boolean isNull = arguments[i].nulls[row];
      if (isNull != earlier.nulls[earlierRow]
          || !isNull && !arguments[i].equal(row, earlier, earlierRow)) {
        return false;
      }
    }
    return true;
  }

  private void remember(int row) {
    Vector[] present = new Vector[argumentCount];
    for (int i = 0; i < argumentCount; i++) {
      SqlType type = arguments[i].type();
      present[i] = Vector.allocate(type, 1);
      present[i].copy(0, arguments[i], row);
    }
    last = present;
  }
}
