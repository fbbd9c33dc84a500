// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.plan.TableFunction;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.LongVector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of functions, side by side, perhaps numbered. */
public final class FunctionScanOperator implements Operator {
  private final List<SetCall> calls;
  private final boolean ordinality;
  private final List<SqlType> types;
  private final Batch output;
  private final List<Batch> parts = new ArrayList<>();
  private final List<TableFunction.Rows> rows = new ArrayList<>();
  private @Nullable ExecutionContext context;
  private long produced;

  /** A call of a function over rows of the outer batch. */
  public record SetCall(TableFunction function, List<Evaluator> arguments) {
    /** Begins to yield rows for one row of {@code batch}. */
    TableFunction.Rows begin(Batch batch, int row) {
      int[] selection = {row};
      List<@Nullable Object> values = new ArrayList<>(arguments.size());
      for (Evaluator argument : arguments) {
        values.add(argument.evaluate(batch, selection, 1).datum(row));
      }
      return function.rows(values);
    }
  }

  /** Runs functions over arguments that read no columns. */
  public FunctionScanOperator(List<SetCall> calls, boolean ordinality) {
    this.calls = List.copyOf(calls);
    this.ordinality = ordinality;
    List<SqlType> all = new ArrayList<>();
    for (SetCall call : calls) {
      all.addAll(call.function().columnTypes());
      parts.add(Batch.allocate(call.function().columnTypes(), Batch.CAPACITY));
    }
    if (ordinality) {
      all.add(SqlType.BIGINT);
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
    produced = 0;
    rows.clear();
    Batch none = new Batch();
    none.setCount(1);
    for (SetCall call : calls) {
      rows.add(call.begin(none, 0));
    }
  }

  @Override
  public @Nullable Batch next() {
    if (context == null) {
      return null;
    }
    context.checkCanceled();
    int count = 0;
    int[] counts = new int[calls.size()];
    for (int i = 0; i < counts.length; i++) {
      Batch part = parts.get(i);
      part.clear();
      counts[i] = rows.get(i).next(part);
      count = Math.max(count, counts[i]);
    }
    if (count == 0) {
      return null;
    }
    int column = 0;
    for (int i = 0; i < counts.length; i++) {
      for (int c = 0; c < parts.get(i).width(); c++) {
        for (int row = counts[i]; row < count; row++) {
          parts.get(i).column(c).setNull(row);
        }
        output.setColumn(column++, parts.get(i).column(c));
      }
    }
    if (ordinality) {
      LongVector numbers = (LongVector) output.column(column);
      for (int row = 0; row < count; row++) {
        numbers.set(row, produced + row + 1);
      }
    }
    produced += count;
    output.setCount(count);
    return output;
  }

  @Override
  public void close() {
    context = null;
    rows.clear();
  }
}
