// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.window;

import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.expression.SortKey;
import dev.varve.query.function.WindowCall;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.sort.RowOrder;
import dev.varve.query.sort.RowSorter;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.ColumnStore;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds columns with the results of window functions that share partition and order. Sorts the child's
 * rows, on disk when they do not fit the work memory; then computes whole partitions at a time, so
 * that memory must hold the largest one.
 */
public final class WindowOperator implements Operator {
  private final Operator child;
  private final ExpressionCompiler compiler;
  private final List<WindowCall> calls;
  private final Evaluator[] keys;
  private final int partitionKeys;
  private final List<SqlType> types;
  private final List<SqlType> sortedTypes;
  private final RowOrder order;
  private @Nullable RowSorter sorter;
  private WindowState[] states = {};
  private ColumnStore rows;
  private @Nullable Batch pending;
  private int pendingAt;
  private Vector[] results = {};
  private final Batch output;
  private int[] sequence = {};
  private int cursor;

  /**
   * Functions over the child's rows.
   *
   * @param calls with the same PARTITION BY and ORDER BY; column references are positions in the child
   */
  public WindowOperator(Operator child, List<WindowCall> calls, ExpressionCompiler compiler) {
    this.child = child;
    this.compiler = compiler;
    this.calls = List.copyOf(calls);
    this.types = new ArrayList<>(child.types());
    calls.forEach(call -> types.add(call.type()));
    this.sortedTypes = new ArrayList<>(child.types());
    WindowCall first = calls.get(0);
    this.partitionKeys = first.partitionBy().size();
    this.keys = new Evaluator[partitionKeys + first.orderBy().size()];
    List<SortOrder> orders = new ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      boolean isPartition = i < partitionKeys;
      SortKey key =
          isPartition
              ? SortKey.ascending(first.partitionBy().get(i))
              : first.orderBy().get(i - partitionKeys);
      Expression expression = key.expression();
      orders.add(new SortOrder(sortedTypes.size(), key.descending(), key.nullsFirst()));
      sortedTypes.add(expression.type());
      keys[i] = compiler.compile(expression);
    }
    this.order = new RowOrder(orders);
    this.rows = new ColumnStore(sortedTypes);
    this.output = Batch.allocate(types, Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext context) {
    EvaluationContext evaluation = context.evaluation();
    states = new WindowState[calls.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = WindowState.of(calls.get(i), compiler, evaluation);
    }
    RowSorter opened =
        new RowSorter(sortedTypes, order, context.workMemoryBytes(), context.spill());
    sorter = opened;
    child.open(context);
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      context.checkCanceled();
      opened.add(withKeys(batch));
    }
    child.close();
    opened.finish();
    pending = opened.next();
    pendingAt = 0;
    rows = new ColumnStore(sortedTypes);
    cursor = 0;
  }

  private Batch withKeys(Batch batch) {
    Vector[] columns = new Vector[batch.width() + keys.length];
    for (int i = 0; i < batch.width(); i++) {
      columns[i] = batch.column(i);
    }
    for (int i = 0; i < keys.length; i++) {
      columns[batch.width() + i] = keys[i].evaluate(batch);
    }
    Batch all = new Batch(columns);
    all.select(batch.selection(), batch.count());
    return all;
  }

  @Override
  public @Nullable Batch next() {
    if (cursor == rows.count() && !load()) {
      return null;
    }
    int count = Math.min(Batch.CAPACITY, rows.count() - cursor);
    if (sequence.length < count) {
      sequence = new int[Batch.CAPACITY];
    }
    for (int i = 0; i < count; i++) {
      sequence[i] = cursor + i;
    }
    int width = child.types().size();
    for (int i = 0; i < types.size(); i++) {
      Vector source = i < width ? rows.column(i) : results[i - width];
      ColumnStore.view(output.column(i), source, sequence, 0, count);
    }
    output.setCount(count);
    cursor += count;
    return output;
  }

  /** Reads whole partitions until there are rows enough for a batch, and computes them. */
  private boolean load() {
    rows = new ColumnStore(sortedTypes);
    cursor = 0;
    int[] starts = new int[16];
    int partitions = 0;
    while (pending != null) {
      Batch batch = pending;
      Vector[] columns = columns(batch);
      for (; pendingAt < batch.count(); pendingAt++) {
        int row = batch.row(pendingAt);
        if (rows.count() == 0 || !continues(columns, row)) {
          if (rows.count() >= Batch.CAPACITY) {
            compute(starts, partitions);
            return true;
          }
          if (partitions + 1 >= starts.length) {
            starts = Arrays.copyOf(starts, starts.length * 2);
          }
          starts[partitions++] = rows.count();
        }
        rows.append(columns, row);
      }
      RowSorter opened = sorter;
      pending = opened == null ? null : opened.next();
      pendingAt = 0;
    }
    if (partitions == 0) {
      return false;
    }
    compute(starts, partitions);
    return true;
  }

  private static Vector[] columns(Batch batch) {
    Vector[] columns = new Vector[batch.width()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    return columns;
  }

  /** Whether a row belongs to the partition of the last row read. */
  private boolean continues(Vector[] columns, int row) {
    int last = rows.count() - 1;
    int width = child.types().size();
    for (int i = width; i < width + partitionKeys; i++) {
      Vector mine = rows.column(i);
      boolean isNull = columns[i].nulls[row];
      if (isNull != mine.nulls[last] || !isNull && !mine.equal(last, columns[i], row)) {
        return false;
      }
    }
    return true;
  }

  private void compute(int[] starts, int partitions) {
    int count = rows.count();
    Batch all = new Batch(rows.columns());
    all.setCount(count);
    int width = child.types().size();
    Vector[] orderKeys =
        Arrays.copyOfRange(rows.columns(), width + partitionKeys, width + keys.length);
    results = new Vector[states.length];
    for (int i = 0; i < states.length; i++) {
      results[i] = Vector.allocate(calls.get(i).type(), count);
      states[i].begin(all);
    }
    Partition partition = new Partition();
    for (int p = 0; p < partitions; p++) {
      int end = p + 1 < partitions ? starts[p + 1] : count;
      partition.set(starts[p], end, orderKeys);
      for (int i = 0; i < states.length; i++) {
        states[i].compute(partition, results[i]);
      }
    }
  }

  @Override
  public void close() {
    try {
      if (sorter != null) {
        sorter.close();
        sorter = null;
      }
      rows.clear();
      results = new Vector[0];
      states = new WindowState[0];
      pending = null;
      cursor = 0;
    } finally {
      child.close();
    }
  }
}
