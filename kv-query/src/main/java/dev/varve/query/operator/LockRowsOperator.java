// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BytesVector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Locks the rows of tables that went into each row, one row at a time, so that a LIMIT above locks no
 * more than it returns. A row that another transaction has deleted meanwhile is left out; when it was
 * changed instead, the statement has to run again, with the locks it has.
 */
public final class LockRowsOperator implements Operator {
  /**
   * A table whose rows are locked.
   *
   * @param column the column with the rows' keys
   */
  public record Target(int keyspace, int column, LockMode mode, LockWait waiting) {}

  private final Operator child;
  private final List<Target> targets;
  private final int[] selected = new int[1];
  private int[] rows = new int[16];
  private @Nullable Batch input;
  private int count;
  private int at;
  private @Nullable ExecutionContext context;

  /** Locks as the rows of {@code child} pass by. */
  public LockRowsOperator(Operator child, List<Target> targets) {
    this.child = child;
    this.targets = List.copyOf(targets);
  }

  @Override
  public List<SqlType> types() {
    return child.types();
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    input = null;
    child.open(execution);
  }

  @Override
  public @Nullable Batch next() {
    while (true) {
      Batch batch = input;
      if (batch == null) {
        batch = child.next();
        if (batch == null) {
          return null;
        }
        rows = Arrays.copyOf(rows, Math.max(rows.length, batch.count()));
        for (int k = 0; k < batch.count(); k++) {
          rows[k] = batch.row(k);
        }
        count = batch.count();
        at = 0;
        input = batch;
      }
      while (at < count) {
        selected[0] = rows[at++];
        if (lock(batch, selected[0])) {
          batch.select(selected, 1);
          return batch;
        }
      }
      input = null;
    }
  }

  private boolean lock(Batch batch, int row) {
    ExecutionContext execution = context;
    if (execution == null) {
      return false;
    }
    for (Target target : targets) {
      BytesVector keys = (BytesVector) batch.column(target.column());
      if (!keys.isNull(row)) {
        byte[] key = keys.copyOf(row);
        LockResult result =
            execution.transaction().lock(target.keyspace(), key, target.mode(), target.waiting());
        if (result == LockResult.SKIPPED) {
          return false;
        }
        if (result == LockResult.CHANGED) {
          if (execution.transaction().getNewest(target.keyspace(), key) == null) {
            return false;
          }
          throw execution.restart();
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    context = null;
    input = null;
    child.close();
  }
}
