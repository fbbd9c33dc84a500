// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.ColumnStore;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first rows in an order, keeping no more of them in memory than a few times as many as are
 * wanted. What cannot be among them is dropped as it comes. When more are wanted than fit the work
 * memory, all are sorted on disk.
 */
public final class TopOperator implements Operator {
  private final Operator child;
  private final RowOrder order;
  private final Expression count;
  private final @Nullable Expression offset;
  private final Batch output;
  private ColumnStore kept;
  private int[] sorted = {};
  private int cursor;
  private @Nullable RowSorter sorter;

  /**
   * The first {@code offset + count} rows of the child by columns given by position.
   *
   * @param count a row-independent BIGINT; NULL is no bound
   * @param offset the same, or null
   */
  public TopOperator(
      Operator child, List<SortOrder> keys, Expression count, @Nullable Expression offset) {
    this.child = child;
    this.order = new RowOrder(keys);
    this.count = count;
    this.offset = offset;
    this.kept = new ColumnStore(child.types());
    this.output = Batch.allocate(child.types(), Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return child.types();
  }

  @Override
  public void open(ExecutionContext context) {
    long wanted = wanted(new ExpressionCompiler(context.evaluation()));
    cursor = 0;
    kept = new ColumnStore(child.types());
    child.open(context);
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      context.checkCanceled();
      RowSorter onDisk = sorter;
      if (onDisk != null) {
        onDisk.add(batch);
      } else {
        add(batch, wanted, context);
      }
    }
    child.close();
    if (sorter != null) {
      sorter.finish();
    } else {
      sorted = IndirectSort.sorted(order, kept.columns(), kept.count());
      if (sorted.length > wanted) {
        sorted = java.util.Arrays.copyOf(sorted, (int) wanted);
      }
    }
  }

  /** How many rows can be read; negative numbers are for the reader to refuse. */
  private long wanted(ExpressionCompiler compiler) {
    Object most = compiler.value(count);
    Object skipped = offset == null ? null : compiler.value(offset);
    if (most == null) {
      return Long.MAX_VALUE;
    }
    long sum = ((Number) most).longValue() + (skipped == null ? 0 : ((Number) skipped).longValue());
    return sum < 0 ? ((Number) most).longValue() < 0 ? 0 : Long.MAX_VALUE : sum;
  }

  private void add(Batch batch, long wanted, ExecutionContext context) {
    if (wanted == 0) {
      return;
    }
    Vector[] columns = new Vector[batch.width()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    for (int k = 0; k < batch.count(); k++) {
      int row = batch.row(k);
      if (sorted.length == 0
          || order.compare(columns, row, kept.columns(), sorted[sorted.length - 1]) < 0) {
        kept.append(columns, row);
      }
    }
    if (kept.count() > Math.max(wanted * 4, 4096) && wanted < Integer.MAX_VALUE / 8) {
      shrink((int) wanted);
    } else if (kept.sizeBytes() > context.workMemoryBytes()) {
      moveToDisk(context);
    }
  }

  /** Keeps the best rows only; the last of them is what later ones must be better than. */
  private void shrink(int wanted) {
    int[] best = IndirectSort.sorted(order, kept.columns(), kept.count());
    int left = Math.min(wanted, best.length);
    ColumnStore smaller = new ColumnStore(child.types());
    for (int i = 0; i < left; i++) {
      smaller.append(kept.columns(), best[i]);
    }
    kept = smaller;
    sorted = new int[] {left - 1};
  }

  private void moveToDisk(ExecutionContext context) {
    RowSorter onDisk =
        new RowSorter(child.types(), order, context.workMemoryBytes(), context.spill());
    sorter = onDisk;
    for (int row = 0; row < kept.count(); row++) {
      onDisk.add(kept.columns(), row);
    }
    kept.clear();
    sorted = new int[0];
  }

  @Override
  public @Nullable Batch next() {
    if (sorter != null) {
      return sorter.next();
    }
    int size = Math.min(Batch.CAPACITY, sorted.length - cursor);
    if (size <= 0) {
      return null;
    }
    kept.read(sorted, cursor, size, output);
    cursor += size;
    return output;
  }

  @Override
  public void close() {
    try {
      if (sorter != null) {
        sorter.close();
        sorter = null;
      }
      kept.clear();
      sorted = new int[0];
    } finally {
      child.close();
    }
  }
}
