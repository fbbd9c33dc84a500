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
 * DELETE. The source has the row's key, then all columns of the row, then what RETURNING wants of
 * other tables. All of it is read before the first row goes.
 */
final class DeletePlan implements DataPlan {
  private final TableDefinition table;
  private final Cascade cascade;
  private final TableChanges changes;
  private final SourceRows source;
  private final boolean joined;
  private final int others;
  private final @Nullable Returning returning;

  DeletePlan(
      TableDefinition table,
      Cascade cascade,
      SourceRows source,
      boolean joined,
      int others,
      @Nullable Returning returning) {
    this.table = table;
    this.cascade = cascade;
    this.changes = cascade.plan(table);
    this.source = source;
    this.joined = joined;
    this.others = others;
    this.returning = returning;
  }

  @Override
  public String command() {
    return "DELETE";
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
      count += delete(batch, seen, returned, context);
    }
    cascade.finish(context);
    return new DataResult(
        count, returning == null || returned == null ? null : returning.output(returned, context));
  }

  private int delete(
      Batch input,
      Set<ByteBuffer> seen,
      @Nullable RowCollector returned,
      StatementContext context) {
    context.evaluation().checkCanceled();
    Vector[] columns = new Vector[table.columns().size() + others];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = input.column(1 + i);
    }
    Batch old = new Batch(columns);
    int[] first = joined ? UpdatePlan.firsts(input, seen) : null;
    int count = first == null ? input.count() : first.length;
    old.select(first, count);
    StoreTransaction transaction = context.transaction().store();
    for (int k = 0; k < count; k++) {
      int row = old.row(k);
      byte[] rowKey = RowKeys.copy(input.column(0), row);
      changes.lock(transaction, rowKey);
      changes.delete(rowKey, old, row);
      if (returned != null) {
        returned.add(old, row);
      }
    }
    return count;
  }
}
