// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.operator.FunctionScanOperator.SetCall;
import dev.varve.query.plan.TableFunction;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each row of the child once for every row that functions yield for it. */
public final class ProjectSetOperator implements Operator {
  private final Operator child;
  private final List<SetCall> calls;
  private final List<SqlType> types;
  private final Batch output;
  private final List<Batch> parts = new ArrayList<>();
  private final List<TableFunction.Rows> rows = new ArrayList<>();
  private @Nullable ExecutionContext context;
  private @Nullable Batch input;
  private int at;

  /** Runs functions, of one column each, over the rows of {@code child}. */
  public ProjectSetOperator(Operator child, List<SetCall> calls) {
    this.child = child;
    this.calls = List.copyOf(calls);
    List<SqlType> all = new ArrayList<>(child.types());
    for (SetCall call : calls) {
      all.add(call.function().columnTypes().get(0));
      parts.add(Batch.allocate(call.function().columnTypes(), Batch.CAPACITY));
    }
    this.types = List.copyOf(all);
    this.output = Batch.allocate(types, Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    input = null;
    rows.clear();
    child.open(execution);
  }

  @Override
  public @Nullable Batch next() {
    while (context != null) {
      context.checkCanceled();
      Batch batch = input;
      if (batch == null) {
        batch = child.next();
        if (batch == null) {
          return null;
        }
        input = batch;
        at = 0;
      }
      if (rows.isEmpty()) {
        if (at == batch.count()) {
          input = null;
          continue;
        }
        for (SetCall call : calls) {
          rows.add(call.begin(batch, batch.row(at)));
        }
      }
      int count = fill(batch, batch.row(at));
      if (count > 0) {
        output.setCount(count);
        return output;
      }
      rows.clear();
      at++;
    }
    return null;
  }

  private int fill(Batch batch, int row) {
    int count = 0;
    int[] counts = new int[calls.size()];
    for (int i = 0; i < counts.length; i++) {
      parts.get(i).clear();
      counts[i] = rows.get(i).next(parts.get(i));
      count = Math.max(count, counts[i]);
    }
    if (count == 0) {
      return 0;
    }
    int width = child.types().size();
    for (int i = 0; i < counts.length; i++) {
      for (int k = counts[i]; k < count; k++) {
        parts.get(i).column(0).setNull(k);
      }
      output.setColumn(width + i, parts.get(i).column(0));
    }
    int[] repeated = new int[count];
    java.util.Arrays.fill(repeated, row);
    for (int i = 0; i < width; i++) {
      RowBuffer.gather(output.column(i), batch.column(i), repeated, count);
    }
    return count;
  }

  @Override
  public void close() {
    context = null;
    input = null;
    rows.clear();
    child.close();
  }
}
