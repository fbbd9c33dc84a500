// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.core.store.StoreTransaction;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE. The source has the row's key, then all columns of the row, then the values to be set, then
 * what RETURNING wants of other tables. All of it is read before the first row is written.
 */
final class UpdatePlan implements DataPlan {
  private final TableDefinition table;
  private final Cascade cascade;
  private final TableChanges changes;
  private final SourceRows source;

  /** The columns set, in the order of the source's values. */
  private final int[] assigned;

  /** Whether a row may come several times, of which the first counts. */
  private final boolean joined;

  /** How many columns of other tables come last. */
  private final int others;

  private final @Nullable Returning returning;

  UpdatePlan(
      TableDefinition table,
      Cascade cascade,
      SourceRows source,
      int[] assigned,
      boolean joined,
      int others,
      @Nullable Returning returning) {
    this.table = table;
    this.cascade = cascade;
    this.changes = cascade.plan(table);
    this.source = source;
    this.assigned = assigned;
    this.joined = joined;
    this.others = others;
    this.returning = returning;
  }

  @Override
  public String command() {
    return "UPDATE";
  }

  @Override
  public List<PlanColumn> columns() {
    return Returning.columns(returning);
  }

  @Override
  public List<String> explain() {
    return source.query().explain();
  }

  @Override
  public DataResult run(StatementContext context) {
    cascade.begin();
    cascade.open(table, context);
    RowCollector rows = source.collect(context, Map.of());
    RowCollector returned = returning == null ? null : returning.input();
    Set<ByteBuffer> seen = new HashSet<>();
    long count = 0;
    for (Batch batch : rows.batches()) {
      count += update(batch, seen, returned, context);
    }
    cascade.finish(context);
    return new DataResult(
        count, returning == null || returned == null ? null : returning.output(returned, context));
  }

  private int update(
      Batch input,
      Set<ByteBuffer> seen,
      @Nullable RowCollector returned,
      StatementContext context) {
    context.evaluation().checkCanceled();
    int width = table.columns().size();
    Batch old = new Batch(new Vector[width]);
    Batch changed = new Batch(new Vector[width + others]);
    for (int i = 0; i < width; i++) {
      old.setColumn(i, input.column(1 + i));
      changed.setColumn(i, input.column(1 + i));
    }
    for (int i = 0; i < assigned.length; i++) {
      changed.setColumn(assigned[i], input.column(1 + width + i));
    }
    for (int i = 0; i < others; i++) {
      changed.setColumn(width + i, input.column(1 + width + assigned.length + i));
    }
    int[] first = joined ? firsts(input, seen) : null;
    int count = first == null ? input.count() : first.length;
    changed.select(first, count);
    StoreTransaction transaction = context.transaction().store();
    changes.checks().apply(changed);
    for (int k = 0; k < count; k++) {
      int row = changed.row(k);
      byte[] rowKey = RowKeys.copy(input.column(0), row);
      changes.lock(transaction, rowKey);
      changes.update(rowKey, old, row, changed, row);
      if (returned != null) {
        returned.add(changed, row);
      }
    }
    return count;
  }

  /** The rows whose key has not been seen before. */
  static int[] firsts(Batch input, Set<ByteBuffer> seen) {
    int[] rows = new int[input.count()];
    int count = 0;
    for (int row = 0; row < input.count(); row++) {
      if (seen.add(ByteBuffer.wrap(RowKeys.copy(input.column(0), row)))) {
        rows[count++] = row;
      }
    }
    return java.util.Arrays.copyOf(rows, count);
  }
}
