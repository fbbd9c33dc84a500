// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.Result;
import dev.varve.query.ast.DefinitionStatement;
import dev.varve.query.ast.Statement;
import dev.varve.query.ddl.DefinitionExecutor;
import dev.varve.query.dml.DataPlan;
import dev.varve.query.dml.DataResult;
import dev.varve.query.dml.ModifyingWith;
import dev.varve.query.dml.RowCollector;
import dev.varve.query.dml.StatementContext;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.JavaValues;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one statement in one transaction, whoever's that is. */
final class StatementRunner {
  static final List<PlanColumn> EXPLAIN_COLUMNS =
      List.of(new PlanColumn(0, "QUERY PLAN", SqlType.TEXT, false));

  private StatementRunner() {}

  /**
   * Runs {@code planned} in its context's transaction. A query's rows stream: they hold the statement
   * busy until they are closed.
   */
  static Result run(
      PlannedStatement planned, @Nullable Object[] parameters, long functionsVersion) {
    StatementContext context = planned.context();
    if (planned.statement() instanceof DefinitionStatement definition) {
      context.parameters(new Object[0]);
      DefinitionExecutor.Outcome outcome =
          new DefinitionExecutor(context, planned.parsed().source()).execute(definition);
      return new Result(outcome.command(), null, outcome.rows());
    }
    planned.prepare(functionsVersion);
    context.parameters(datums(planned, parameters));
    if (planned.statement() instanceof Statement.Explain explain) {
      return new Result("EXPLAIN", explain(planned, explain.analyze()), 0);
    }
    ModifyingWith with = planned.with();
    if (with != null) {
      return with.run(context, () -> detached(runPlan(planned)));
    }
    return runPlan(planned);
  }

  private static Result detached(Result result) {
    if (result.rows() instanceof ResultRows rows) {
      rows.detach();
    }
    return result;
  }

  private static Result runPlan(PlannedStatement planned) {
    StatementContext context = planned.context();
    PhysicalQuery query = planned.query();
    if (query != null) {
      return new Result("SELECT", select(planned, query), 0);
    }
    DataPlan data = planned.data();
    assert data != null;
    DataResult result = data.run(context);
    RowCollector rows = result.rows();
    ResultRows returned =
        rows == null ? null : ResultRows.of(data.columns(), context.evaluation().zone(), rows);
    return new Result(data.command(), returned, result.changed());
  }

  private static ResultRows select(PlannedStatement planned, PhysicalQuery query) {
    planned.busy(true);
    try {
      ResultRows rows =
          ResultRows.streaming(
              query.columns(), planned.context().evaluation().zone(), planned.start());
      rows.onClose(() -> planned.busy(false));
      return rows;
    } catch (RuntimeException | Error e) {
      planned.busy(false);
      throw e;
    }
  }

  private static @Nullable Object[] datums(
      PlannedStatement planned, @Nullable Object[] parameters) {
    int count = planned.parsed().parameterCount();
    if (parameters.length != count) {
      throw ErrorCode.UNDEFINED_PARAMETER
          .error(
              "The statement takes "
                  + count
                  + (count == 1 ? " parameter" : " parameters")
                  + " and got "
                  + parameters.length
                  + ".")
          .build();
    }
    @Nullable Object[] datums = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      datums[i] =
          JavaValues.toDatum(
              parameters[i],
              planned.parameterTypes().get(i),
              planned.context().evaluation().zone());
    }
    return datums;
  }

  private static ResultRows explain(PlannedStatement planned, boolean analyze) {
    StatementContext context = planned.context();
    PhysicalQuery query = planned.query();
    List<String> lines;
    if (query != null && analyze) {
      try (ExecutionContext execution = context.execution()) {
        execution.parameters(Arrays.asList(context.parameters()), query.handedDown());
        lines = query.analyze(execution);
      }
    } else if (query != null) {
      lines = query.explain();
    } else {
      lines = explainData(planned, analyze);
    }
    return texts(EXPLAIN_COLUMNS, context, lines);
  }

  private static List<String> explainData(PlannedStatement planned, boolean analyze) {
    DataPlan data = planned.data();
    List<String> lines = new ArrayList<>();
    if (data == null) {
      lines.add("Utility Statement");
      return lines;
    }
    lines.add(
        data.command().substring(0, 1)
            + data.command().substring(1).toLowerCase(java.util.Locale.ROOT));
    data.explain().forEach(line -> lines.add("  " + line));
    if (analyze) {
      long begin = System.nanoTime();
      long changed = data.run(planned.context()).changed();
      double millis = (System.nanoTime() - begin) / 1e6;
      lines.add("Rows Changed: " + changed);
      lines.add(String.format(java.util.Locale.ROOT, "Execution Time: %.3f ms", millis));
    }
    return lines;
  }

  /** Rows of one text column. */
  static ResultRows texts(List<PlanColumn> columns, StatementContext context, List<String> lines) {
    List<List<String>> rows = new ArrayList<>();
    lines.forEach(line -> rows.add(List.of(line)));
    return rows(columns, context, rows);
  }

  /** Rows of text columns. */
  static ResultRows rows(
      List<PlanColumn> columns, StatementContext context, List<List<String>> rows) {
    List<SqlType> types = new ArrayList<>();
    columns.forEach(column -> types.add(column.type()));
    RowCollector collected = new RowCollector(types);
    for (List<String> row : rows) {
      Batch one = Batch.allocate(types, 1);
      for (int i = 0; i < row.size(); i++) {
        Vector column = one.column(i);
        column.setDatum(0, row.get(i));
      }
      one.setCount(1);
      collected.add(one, 0);
    }
    return ResultRows.of(columns, context.evaluation().zone(), collected);
  }
}
