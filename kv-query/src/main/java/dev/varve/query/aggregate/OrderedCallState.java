// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.aggregate;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.expression.SortKey;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.sort.RowOrder;
import dev.varve.query.sort.RowSorter;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call with ORDER BY, or DISTINCT where order matters: rows are sorted before they are taken in. */
final class OrderedCallState extends CallState {
  private final List<SqlType> types = new ArrayList<>();
  private final RowOrder order;
  private final Evaluator[] keys;
  private @Nullable RowSorter sorter;
  private @Nullable ExecutionContext context;
  private IntVector groupColumn = new IntVector(SqlType.INTEGER, 0);

  OrderedCallState(AggregateCall call, ExpressionCompiler compiler) {
    super(call, compiler);
    List<SortOrder> orders = new ArrayList<>();
    types.add(SqlType.INTEGER);
    orders.add(new SortOrder(0, false, false));
    keys = new Evaluator[call.orderBy().size()];
    for (int i = 0; i < keys.length; i++) {
      SortKey key = call.orderBy().get(i);
      orders.add(new SortOrder(types.size(), key.descending(), key.nullsFirst()));
      types.add(key.expression().type());
      keys[i] = compiler.compile(key.expression());
    }
    for (Expression argument : call.arguments()) {
      if (call.distinct()) {
        orders.add(new SortOrder(types.size(), false, false));
      }
      types.add(argument.type());
    }
    order = new RowOrder(orders);
  }

  @Override
  void open(ExecutionContext execution) {
    super.open(execution);
    context = execution;
  }

  private RowSorter sorter() {
    RowSorter present = sorter;
    ExecutionContext execution = context;
    if (present == null) {
      assert execution != null : "not open";
      present = new RowSorter(types, order, execution.workMemoryBytes() / 2, execution.spill());
      sorter = present;
    }
    return present;
  }

  @Override
  void take(
      Batch batch, Vector[] values, int @Nullable [] rows, int count, int @Nullable [] groups) {
    Vector[] columns = new Vector[types.size()];
    int[] rowGroups = orZeros(groups, count);
    groupColumn.ensureCapacity(rows == null ? count : rows[count - 1] + 1);
    for (int k = 0; k < count; k++) {
      groupColumn.values[rows == null ? k : rows[k]] = rowGroups[k];
    }
    columns[0] = groupColumn;
    for (int i = 0; i < keys.length; i++) {
      columns[1 + i] = keys[i].evaluate(batch, rows, count);
    }
    System.arraycopy(values, 0, columns, 1 + keys.length, values.length);
    Batch sorted = new Batch(columns);
    sorted.select(rows, count);
    sorter().add(sorted);
  }

  @Override
  void finish() {
    RowSorter present = sorter;
    if (present == null) {
      return;
    }
    present.finish();
    SortedInput input = new SortedInput(evaluators.length, keys.length);
    for (Batch batch = present.next(); batch != null; batch = present.next()) {
      input.feed(batch, call.distinct(), accumulator);
    }
    present.close();
    sorter = null;
  }

  @Override
  void clear() {
    super.clear();
    if (sorter != null) {
      sorter.close();
      sorter = null;
    }
  }

  @Override
  public void close() {
    super.close();
    groupColumn = new IntVector(SqlType.INTEGER, 0);
    context = null;
  }
}
