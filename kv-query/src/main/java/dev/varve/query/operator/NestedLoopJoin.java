// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Pairs every left row with every right row; the right side is kept in memory. */
public final class NestedLoopJoin extends PairingJoin {
  private final Operator right;
  private final RowBuffer rows;
  private @Nullable Batch batch;
  private int leftAt;
  private int rightAt;

  /** Joins two children. */
  public NestedLoopJoin(JoinSpec spec, Operator left, Operator right) {
    super(spec, left, right.types());
    this.right = right;
    this.rows = new RowBuffer(right.types());
  }

  @Override
  void openSides(ExecutionContext context) {
    right.open(context);
    for (Batch each = right.next(); each != null; each = right.next()) {
      rows.append(each);
    }
    right.close();
    left.open(context);
  }

  @Override
  @Nullable Batch nextLeft() {
    return rows.count() == 0 && !spec.kind().keepsLeft() && !keepsUnmatched() ? null : left.next();
  }

  private boolean keepsUnmatched() {
    return spec.kind() == dev.varve.query.plan.JoinKind.ANTI;
  }

  @Override
  void beginLeft(Batch next) {
    batch = next;
    leftAt = 0;
    rightAt = 0;
  }

  @Override
  int candidates() {
    Batch current = batch;
    if (current == null) {
      return 0;
    }
    int found = 0;
    int total = rows.count();
    boolean once = onePartnerIsEnough();
    while (leftAt < current.count() && found < Batch.CAPACITY) {
      int row = current.row(leftAt);
      int end =
          once && hasPartner(row) ? rightAt : Math.min(total, rightAt + Batch.CAPACITY - found);
      for (; rightAt < end; rightAt++) {
        leftRows[found] = row;
        rightRows[found++] = rightAt;
      }
      if (rightAt == total || once && hasPartner(row)) {
        leftAt++;
        rightAt = 0;
      }
    }
    execution().checkCanceled();
    return found;
  }

  @Override
  Vector rightColumn(int index) {
    return rows.column(index);
  }

  @Override
  int rightCount() {
    return rows.count();
  }

  @Override
  public void close() {
    rows.release();
    batch = null;
    try {
      super.close();
    } finally {
      right.close();
    }
  }
}
