// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.aggregate;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
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

/**
 * A DISTINCT call where order does not matter: a hash set of (group, arguments) lets each through
 * once. When memory is short the set is frozen: what is not in it is sorted on disk, made distinct
 * there, and taken in at the end.
 */
final class DistinctCallState extends CallState {
  private final List<SqlType> types;
  private final GroupTable seen;
  private @Nullable ExecutionContext context;
  private @Nullable RowSorter overflow;
  private IntVector groupColumn = new IntVector(SqlType.INTEGER, 0);
  private int[] numbers = {};
  private int[] kept = {};
  private int[] keptGroups = {};

  DistinctCallState(AggregateCall call, ExpressionCompiler compiler) {
    super(call, compiler);
    types = new ArrayList<>();
    types.add(SqlType.INTEGER);
    for (Expression argument : call.arguments()) {
      types.add(argument.type());
    }
    seen = new GroupTable(types);
  }

  @Override
  void open(ExecutionContext execution) {
    super.open(execution);
    context = execution;
  }

  @Override
  void take(
      Batch batch, Vector[] values, int @Nullable [] rows, int count, int @Nullable [] groups) {
    if (kept.length < count) {
      numbers = new int[Math.max(count, Batch.CAPACITY)];
      kept = new int[numbers.length];
      keptGroups = new int[numbers.length];
    }
    int[] rowGroups = orZeros(groups, count);
    Vector[] key = key(values, rows, count, rowGroups);
    RowSorter sorter = overflow;
    int next = seen.count();
    seen.assign(key, rows, count, numbers, sorter == null);
    int found = 0;
    for (int k = 0; k < count; k++) {
      int row = rows == null ? k : rows[k];
      if (numbers[k] == GroupTable.ABSENT && sorter != null) {
        sorter.add(key, row);
      } else if (numbers[k] == next) {
        next++;
        kept[found] = row;
        keptGroups[found++] = rowGroups[k];
      }
    }
    accumulator.add(values, kept, found, keptGroups);
  }

  private Vector[] key(Vector[] values, int @Nullable [] rows, int count, int[] groups) {
    Vector[] key = new Vector[values.length + 1];
    groupColumn.ensureCapacity(rows == null ? count : rows[count - 1] + 1);
    for (int k = 0; k < count; k++) {
      groupColumn.values[rows == null ? k : rows[k]] = groups[k];
    }
    key[0] = groupColumn;
    System.arraycopy(values, 0, key, 1, values.length);
    return key;
  }

  @Override
  void relieve() {
    ExecutionContext execution = context;
    if (overflow == null && execution != null) {
      List<SortOrder> keys = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        keys.add(new SortOrder(i, false, false));
      }
      overflow =
          new RowSorter(
              types, new RowOrder(keys), execution.workMemoryBytes() / 2, execution.spill());
    }
  }

  @Override
  void finish() {
    RowSorter sorter = overflow;
    if (sorter == null) {
      return;
    }
    sorter.finish();
    SortedInput input = new SortedInput(types.size() - 1, 0);
    for (Batch batch = sorter.next(); batch != null; batch = sorter.next()) {
      input.feed(batch, true, accumulator);
    }
    sorter.close();
    overflow = null;
  }

  @Override
  long sizeBytes() {
    return super.sizeBytes() + seen.sizeBytes();
  }

  @Override
  void clear() {
    super.clear();
    seen.clear();
    if (overflow != null) {
      overflow.close();
      overflow = null;
    }
  }

  @Override
  public void close() {
    super.close();
    groupColumn = new IntVector(SqlType.INTEGER, 0);
    context = null;
  }
}
