// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BytesVector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Locks the rows of tables that went into each row. A row that another transaction changed before it
 * was locked is left out when it was deleted; how it is read again is the session's business.
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
  private final int[] selected = new int[Batch.CAPACITY];
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
    child.open(execution);
  }

  @Override
  public @Nullable Batch next() {
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      int kept = 0;
      for (int k = 0; k < batch.count(); k++) {
        int row = batch.row(k);
        selected[kept] = row;
        kept += lock(batch, row) ? 1 : 0;
      }
      if (kept > 0) {
        batch.select(selected, kept);
        return batch;
      }
    }
    return null;
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
        if (result == LockResult.SKIPPED
            || result == LockResult.CHANGED
                && execution.transaction().getNewest(target.keyspace(), key) == null) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    context = null;
    child.close();
  }
}
