// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the query from which a data statement takes its rows. */
final class SourceRows {
  private final PhysicalQuery query;
  private @Nullable Operator operator;

  SourceRows(PhysicalQuery query) {
    this.query = query;
  }

  PhysicalQuery query() {
    return query;
  }

  /** Hands all batches to {@code consumer}, as they come. */
  void forEach(
      StatementContext context, Map<String, RowCollector> given, Consumer<Batch> consumer) {
    try (ExecutionContext execution = context.execution()) {
      given.forEach((name, rows) -> execution.given(name, rows::operator));
      execution.parameters(Arrays.asList(context.parameters()), query.handedDown());
      Operator running = operator == null ? query.operator(execution) : operator;
      operator = running;
      try {
        running.open(execution);
        for (Batch batch = running.next(); batch != null; batch = running.next()) {
          consumer.accept(batch);
        }
      } finally {
        running.close();
      }
    }
  }

  /** Reads all rows before the first is changed, so that no change is met again. */
  RowCollector collect(StatementContext context, Map<String, RowCollector> given) {
    List<SqlType> types = new ArrayList<>(query.columns().size());
    query.columns().forEach(column -> types.add(column.type()));
    RowCollector rows = new RowCollector(types);
    forEach(context, given, rows::addAll);
    return rows;
  }
}
