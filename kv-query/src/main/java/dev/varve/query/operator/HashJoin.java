// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.plan.JoinKind;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Finds partners by the hash of equal keys; the right side is the one put into the table. */
public final class HashJoin extends PairingJoin {
  private final Operator right;
  private final int[] leftKeys;
  private final int[] rightKeys;
  private final boolean[] nullSafe;
  private final boolean isNullAware;
  private final JoinTable table;
  private final long[] hashes = new long[Batch.CAPACITY];
  private final boolean[] absent = new boolean[Batch.CAPACITY];
  private boolean anyAbsent;
  private @Nullable Batch batch;
  private int leftAt;
  private int chain;

  /**
   * Joins two children.
   *
   * @param nullSafe for each key, whether NULL equals NULL
   * @param isNullAware of a MARK join whose keys are all that decides: whether a NULL among the keys
   *     makes the answer unknown
   */
  public HashJoin(
      JoinSpec spec,
      Operator left,
      Operator right,
      int[] leftKeys,
      int[] rightKeys,
      boolean[] nullSafe,
      boolean isNullAware) {
    super(spec, left, right.types());
    this.right = right;
    this.leftKeys = leftKeys.clone();
    this.rightKeys = rightKeys.clone();
    this.nullSafe = nullSafe.clone();
    this.isNullAware = isNullAware;
    this.table = new JoinTable(right.types(), this.rightKeys, this.nullSafe);
  }

  @Override
  void openSides(ExecutionContext context) {
    table.release();
    right.open(context);
    for (Batch each = right.next(); each != null; each = right.next()) {
      table.append(each);
    }
    right.close();
    table.finish();
    left.open(context);
  }

  @Override
  @Nullable Batch nextLeft() {
    JoinKind kind = spec.kind();
    return table.rows().count() == 0 && !kind.keepsLeft() && kind != JoinKind.ANTI
        ? null
        : left.next();
  }

  @Override
  void beginLeft(Batch next) {
    batch = next;
    leftAt = -1;
    chain = -1;
    JoinTable.hash(next, leftKeys, hashes);
    anyAbsent = false;
    for (int i = 0; i < leftKeys.length; i++) {
      Vector key = next.column(leftKeys[i]);
      if (key.hasNulls && !nullSafe[i]) {
        for (int k = 0; k < next.count(); k++) {
          absent[k] = anyAbsent && absent[k] || key.nulls[next.row(k)];
        }
        anyAbsent = true;
      }
    }
  }

  @Override
  int candidates() {
    Batch current = batch;
    if (current == null) {
      return 0;
    }
    int found;
    do {
      found = walk(current);
      for (int i = 0; i < leftKeys.length && found > 0; i++) {
        Vector leftKey = current.column(leftKeys[i]);
        Vector rightKey = table.rows().column(rightKeys[i]);
        found = nullSafe[i] ? agreeing(leftKey, rightKey, found) : equal(leftKey, rightKey, found);
      }
    } while (found == 0 && leftAt < current.count());
    return found;
  }

  private int walk(Batch current) {
    int found = 0;
    int count = current.count();
    int[] selection = current.selection();
    boolean once = onePartnerIsEnough();
    while (found < Batch.CAPACITY) {
      if (chain < 0) {
        leftAt++;
        if (leftAt >= count) {
          break;
        }
        chain = anyAbsent && absent[leftAt] ? -1 : table.first(hashes[leftAt]);
      } else {
        int row = selection == null ? leftAt : selection[leftAt];
        if (once && hasPartner(row)) {
          chain = -1;
        } else {
          leftRows[found] = row;
          rightRows[found++] = chain;
          chain = table.following(chain, hashes[leftAt]);
        }
      }
    }
    return found;
  }

  private int equal(Vector leftKey, Vector rightKey, int count) {
    int kept = 0;
    if (leftKey instanceof LongVector l && rightKey instanceof LongVector r) {
      for (int k = 0; k < count; k++) {
        leftRows[kept] = leftRows[k];
        rightRows[kept] = rightRows[k];
        kept += l.values[leftRows[k]] == r.values[rightRows[k]] ? 1 : 0;
      }
    } else if (leftKey instanceof IntVector l && rightKey instanceof IntVector r) {
      for (int k = 0; k < count; k++) {
        leftRows[kept] = leftRows[k];
        rightRows[kept] = rightRows[k];
        kept += l.values[leftRows[k]] == r.values[rightRows[k]] ? 1 : 0;
      }
    } else {
      for (int k = 0; k < count; k++) {
        boolean same = leftKey.equal(leftRows[k], rightKey, rightRows[k]);
        leftRows[kept] = leftRows[k];
        rightRows[kept] = rightRows[k];
        kept += same ? 1 : 0;
      }
    }
    return kept;
  }

  private int agreeing(Vector leftKey, Vector rightKey, int count) {
    int kept = 0;
    for (int k = 0; k < count; k++) {
      int leftRow = leftRows[k];
      int rightRow = rightRows[k];
      boolean isNull = leftKey.nulls[leftRow];
      boolean same =
          isNull == rightKey.nulls[rightRow]
              && (isNull || leftKey.equal(leftRow, rightKey, rightRow));
      leftRows[kept] = leftRow;
      rightRows[kept] = rightRow;
      kept += same ? 1 : 0;
    }
    return kept;
  }

  @Override
  boolean unmatchedIsUnknown(int leftRow) {
    if (!isNullAware || table.rows().count() == 0) {
      return false;
    }
    if (table.hasNullKey()) {
      return true;
    }
    Batch current = batch;
    for (int key : leftKeys) {
      if (current != null && current.column(key).isNull(leftRow)) {
        return true;
      }
    }
    return false;
  }

  @Override
  Vector rightColumn(int index) {
    return table.rows().column(index);
  }

  @Override
  int rightCount() {
    return table.rows().count();
  }

  @Override
  public void close() {
    table.release();
    batch = null;
    try {
      super.close();
    } finally {
      right.close();
    }
  }
}
