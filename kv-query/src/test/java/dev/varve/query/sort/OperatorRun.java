// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import dev.varve.core.store.ReferenceStore;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.spill.SpillDirectory;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Runs an operator to its end, twice, with a bound of work memory. */
public final class OperatorRun {
  private OperatorRun() {}

  /** All rows that an operator yields; the second round must yield the same. */
  public static List<List<Object>> rows(
      Function<EvaluationContext, Operator> make, long workMemoryBytes, SpillDirectory spill) {
    EvaluationContext evaluation = new EvaluationContext();
    try (ReferenceStore store = new ReferenceStore();
        StoreSnapshot snapshot = store.snapshot();
        ExecutionContext context =
            new ExecutionContext(evaluation, store, snapshot, workMemoryBytes).spillTo(spill);
        Operator operator = make.apply(evaluation)) {
      List<List<Object>> first = round(operator, context);
      List<List<Object>> second = round(operator, context);
      if (!first.equals(second)) {
        throw new AssertionError("the second round differs");
      }
      return first;
    }
  }

  private static List<List<Object>> round(Operator operator, ExecutionContext context) {
    List<List<Object>> rows = new ArrayList<>();
    operator.open(context);
    for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
      if (batch.count() == 0) {
        throw new AssertionError("empty batch");
      }
      for (int k = 0; k < batch.count(); k++) {
        List<Object> row = new ArrayList<>();
        for (int c = 0; c < batch.width(); c++) {
          row.add(batch.column(c).datum(batch.row(k)));
        }
        rows.add(row);
      }
    }
    operator.close();
    return rows;
  }
}
