// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.ErrorCode;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.LongVector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out rows at the beginning and ends after a number of rows, or, with ties, after the last row
 * that agrees with the last one counted.
 */
public final class LimitOperator implements Operator {
  private final Operator child;
  private final @Nullable Evaluator count;
  private final @Nullable Evaluator offset;
  private final int[] ties;
  private final RowBuffer last;
  private int[] selected = new int[Batch.CAPACITY];
  private long toSkip;
  private long toReturn;
  private boolean done;

  /** Limits {@code child}; the evaluators yield BIGINT; {@code ties} are key columns or empty. */
  public LimitOperator(
      Operator child, @Nullable Evaluator count, @Nullable Evaluator offset, int[] ties) {
    this.child = child;
    this.count = count;
    this.offset = offset;
    this.ties = ties.clone();
    this.last = new RowBuffer(child.types());
  }

  @Override
  public List<SqlType> types() {
    return child.types();
  }

  @Override
  public void open(ExecutionContext context) {
    toSkip = value(offset, 0, ErrorCode.INVALID_OFFSET, "OFFSET must not be negative.");
    toReturn = value(count, Long.MAX_VALUE, ErrorCode.INVALID_LIMIT, "LIMIT must not be negative.");
    done = toReturn == 0;
    last.clear();
    child.open(context);
  }

  private static long value(
      @Nullable Evaluator evaluator, long absent, ErrorCode code, String sentence) {
    if (evaluator == null) {
      return absent;
    }
    Batch row = new Batch();
    row.setCount(1);
    LongVector vector = (LongVector) evaluator.evaluate(row);
    if (vector.isNull(0)) {
      return absent;
    }
    if (vector.values[0] < 0) {
      throw code.error(sentence).fact("value", vector.values[0]).build();
    }
    return vector.values[0];
  }

  @Override
  public @Nullable Batch next() {
    while (!done) {
      Batch batch = child.next();
      if (batch == null) {
        done = true;
        return null;
      }
      if (toSkip >= batch.count()) {
        toSkip -= batch.count();
        continue;
      }
      if (cut(batch)) {
        return batch;
      }
    }
    return null;
  }

  private boolean cut(Batch batch) {
    int from = (int) toSkip;
    toSkip = 0;
    int taken = (int) Math.min(batch.count() - from, toReturn);
    int to = from + taken;
    toReturn -= taken;
    if (toReturn == 0) {
      if (ties.length == 0) {
        done = true;
      } else {
        if (taken > 0) {
          last.clear();
          last.append(batch, to - 1);
        }
        while (to < batch.count() && isTie(batch, batch.row(to))) {
          to++;
        }
        done = to < batch.count();
      }
    }
    narrow(batch, from, to);
    return to > from;
  }

  private boolean isTie(Batch batch, int row) {
    for (int key : ties) {
      boolean isNull = batch.column(key).isNull(row);
      if (isNull != last.column(key).isNull(0)
          || !isNull && !batch.column(key).equal(row, last.column(key), 0)) {
        return false;
      }
    }
    return true;
  }

  private void narrow(Batch batch, int from, int to) {
    if (from == 0) {
      batch.select(batch.selection(), to);
      return;
    }
    if (selected.length < to - from) {
      selected = new int[to - from];
    }
    for (int k = from; k < to; k++) {
      selected[k - from] = batch.row(k);
    }
    batch.select(selected, to - from);
  }

  @Override
  public void close() {
    last.clear();
    child.close();
  }
}
