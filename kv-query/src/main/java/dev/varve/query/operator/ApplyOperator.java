// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dependent join: runs the right side for each left row with the values it reads from there, and
 * keeps what it found by those values for as long as memory allows.
 */
public final class ApplyOperator extends PairingJoin {
  private final Operator right;
  private final int[] sources;
  private final int[] slots;
  private final boolean isCacheable;
  private final RowBuffer rows;
  private final Map<List<@Nullable Object>, Range> known = new HashMap<>();
  private @Nullable Batch batch;
  private int leftAt;
  private @Nullable Range current;
  private int rightAt;

  private record Range(int from, int to) {}

  /**
   * Joins two children.
   *
   * @param sources the left columns that the right side reads
   * @param slots the index behind the parameters at which each of them is handed down
   * @param isCacheable whether the right side yields the same for the same values
   */
  public ApplyOperator(
      JoinSpec spec,
      Operator left,
      Operator right,
      int[] sources,
      int[] slots,
      boolean isCacheable) {
    super(spec, left, right.types());
    this.right = right;
    this.sources = sources.clone();
    this.slots = slots.clone();
    this.isCacheable = isCacheable;
    this.rows = new RowBuffer(right.types());
  }

  @Override
  void openSides(ExecutionContext context) {
    left.open(context);
  }

  @Override
  void beginLeft(Batch next) {
    batch = next;
    leftAt = 0;
    rightAt = 0;
    current = null;
    if (!isCacheable || rows.sizeBytes() > execution().workMemoryBytes()) {
      rows.clear();
      known.clear();
    }
  }

  @Override
  int candidates() {
    Batch outer = batch;
    if (outer == null) {
      return 0;
    }
    int found = 0;
    while (leftAt < outer.count() && found < Batch.CAPACITY) {
      Range range = current;
      if (range == null) {
        range = range(outer, outer.row(leftAt));
        current = range;
        rightAt = range.from();
      }
      int row = outer.row(leftAt);
      int end = Math.min(range.to(), rightAt + Batch.CAPACITY - found);
      for (; rightAt < end; rightAt++) {
        leftRows[found] = row;
        rightRows[found++] = rightAt;
      }
      if (rightAt == range.to()) {
        leftAt++;
        current = null;
      }
    }
    return found;
  }

  private Range range(Batch outer, int row) {
    List<@Nullable Object> values = new ArrayList<>(sources.length);
    for (int source : sources) {
      values.add(outer.column(source).datum(row));
    }
    Range range = isCacheable ? known.get(values) : null;
    if (range == null) {
      range = run(values);
      known.put(values, range);
    }
    return range;
  }

  private Range run(List<@Nullable Object> values) {
    ExecutionContext context = execution();
    context.checkCanceled();
    for (int i = 0; i < slots.length; i++) {
      context.handDown(slots[i], values.get(i));
    }
    boolean firstOnly = onePartnerIsEnough() && spec.conditions() == null;
    int from = rows.count();
    try (Operator inner = right) {
      inner.open(context);
      for (Batch each = inner.next(); each != null; each = inner.next()) {
        rows.append(each);
        if (firstOnly) {
          break;
        }
      }
    }
    return new Range(from, rows.count());
  }

  @Override
  Vector rightColumn(int index) {
    return rows.column(index);
  }

  @Override
  int rightCount() {
    throw new IllegalStateException("a dependent join keeps no right rows");
  }

  @Override
  public void close() {
    rows.release();
    known.clear();
    batch = null;
    try {
      super.close();
    } finally {
      right.close();
    }
  }
}
