// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.function.Accumulator;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hash aggregation in memory. */
public final class MemoryAggregateOperator implements Operator {
  /** A call and what computes its arguments and filter. */
  public record Call(AggregateCall call, List<Evaluator> arguments, @Nullable Evaluator filter) {}

  private final Operator child;
  private final int[] keys;
  private final List<Call> calls;
  private final List<SqlType> types;
  private final RowSet groups;
  private final List<Accumulator> accumulators = new ArrayList<>();
  private final List<@Nullable RowSet> seen = new ArrayList<>();
  private final Batch output;
  private final int[] numbers = new int[Batch.CAPACITY];
  private int count;
  private int cursor;

  /** Groups by columns of the child. */
  public MemoryAggregateOperator(Operator child, int[] keys, List<Call> calls) {
    this.child = child;
    this.keys = keys;
    this.calls = calls;
    List<SqlType> keyTypes = new ArrayList<>();
    for (int key : keys) {
      keyTypes.add(child.types().get(key));
    }
    this.groups = new RowSet(keyTypes);
    this.types = new ArrayList<>(keyTypes);
    calls.forEach(call -> types.add(call.call().type()));
    this.output = Batch.allocate(types, Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext context) {
    groups.clear();
    accumulators.clear();
    seen.clear();
    for (Call call : calls) {
      accumulators.add(call.call().function().accumulator());
      List<SqlType> distinct = new ArrayList<>();
      distinct.add(SqlType.INTEGER);
      call.call().arguments().forEach(argument -> distinct.add(argument.type()));
      seen.add(call.call().distinct() ? new RowSet(distinct) : null);
    }
    child.open(context);
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      add(batch);
    }
    child.close();
    count = keys.length == 0 ? 1 : groups.rows().count();
    accumulators.forEach(accumulator -> accumulator.ensureGroups(count));
    cursor = 0;
  }

  private void add(Batch batch) {
    if (keys.length == 0) {
      java.util.Arrays.fill(numbers, 0, batch.count(), 0);
    } else {
      groups.add(batch, keys, numbers);
    }
    int total = keys.length == 0 ? 1 : groups.rows().count();
    for (int i = 0; i < calls.size(); i++) {
      add(batch, calls.get(i), accumulators.get(i), seen.get(i), total);
    }
  }

  private void add(
      Batch batch, Call call, Accumulator accumulator, @Nullable RowSet distinct, int total) {
    int[] rows = batch.selection();
    int rowCount = batch.count();
    int[] group = numbers;
    if (call.filter() != null) {
      int[] kept = new int[rowCount];
      int[] keptGroup = new int[rowCount];
      int found = call.filter().select(batch, rows, rowCount, kept);
      int at = 0;
      for (int k = 0; k < rowCount && at < found; k++) {
        if (batch.row(k) == kept[at]) {
          keptGroup[at++] = numbers[k];
        }
      }
      rows = kept;
      rowCount = found;
      group = keptGroup;
    }
    Vector[] arguments = new Vector[call.arguments().size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = call.arguments().get(i).evaluate(batch, rows, rowCount);
    }
    accumulator.ensureGroups(total);
    if (distinct != null) {
      int[] kept = new int[rowCount];
      int[] keptGroup = new int[rowCount];
      int found = firsts(rows, rowCount, group, arguments, distinct, kept, keptGroup);
      accumulator.add(arguments, kept, found, keptGroup);
    } else {
      accumulator.add(arguments, rows, rowCount, group);
    }
  }

  private static int firsts(
      int @Nullable [] rows,
      int count,
      int[] group,
      Vector[] arguments,
      RowSet distinct,
      int[] kept,
      int[] keptGroup) {
    Vector[] columns = new Vector[arguments.length + 1];
    var groupColumn =
        new dev.varve.query.vector.IntVector(SqlType.INTEGER, Math.max(1, arguments[0].capacity()));
    columns[0] = groupColumn;
    System.arraycopy(arguments, 0, columns, 1, arguments.length);
    int[] positions = new int[columns.length];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i;
    }
    for (int k = 0; k < count; k++) {
      groupColumn.values[rows == null ? k : rows[k]] = group[k];
    }
    Batch combined = new Batch(columns);
    int found = 0;
    int[] number = new int[1];
    int[] one = new int[1];
    for (int k = 0; k < count; k++) {
      one[0] = rows == null ? k : rows[k];
      combined.select(one, 1);
      int before = distinct.rows().count();
      distinct.add(combined, positions, number);
      if (distinct.rows().count() > before) {
        kept[found] = one[0];
        keptGroup[found++] = group[k];
      }
    }
    return found;
  }

  @Override
  public @Nullable Batch next() {
    int rows = Math.min(Batch.CAPACITY, count - cursor);
    if (rows <= 0) {
      return null;
    }
    output.clear();
    int[] selection = Positions.from(cursor, rows);
    for (int i = 0; i < keys.length; i++) {
      RowBuffer.gather(output.column(i), groups.rows().column(i), selection, rows);
    }
    for (int i = 0; i < calls.size(); i++) {
      accumulators.get(i).results(cursor, rows, output.column(keys.length + i));
    }
    output.setCount(rows);
    cursor += rows;
    return output;
  }

  @Override
  public void close() {
    groups.clear();
    accumulators.clear();
    seen.clear();
    count = 0;
    cursor = 0;
    child.close();
  }
}
