// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.query.ast.DataStatement;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Statement;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.dml.DataPlan;
import dev.varve.query.dml.DataPlanner;
import dev.varve.query.dml.ModifyingWith;
import dev.varve.query.dml.StatementContext;
import dev.varve.query.function.ParameterTypes;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.parser.ParsedStatement;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement of one session with its plan, which is made anew when what it was made for has changed.
 * Has an evaluation context of its own, so that several results can be read side by side; while one is
 * being read, the statement is busy.
 */
final class PlannedStatement {
  private final ParsedStatement parsed;
  private final StatementContext context;
  private @Nullable PhysicalQuery query;
  private @Nullable Operator operator;
  private @Nullable DataPlan data;
  private @Nullable ModifyingWith with;
  private List<SqlType> parameterTypes = List.of();
  private long catalogVersion = -1;
  private long functionsVersion = -1;
  private @Nullable ZoneId zone;
  private @Nullable List<String> searchPath;
  private boolean busy;

  PlannedStatement(ParsedStatement parsed, StatementContext context) {
    this.parsed = parsed;
    this.context = context;
  }

  ParsedStatement parsed() {
    return parsed;
  }

  Statement statement() {
    return parsed.statement();
  }

  StatementContext context() {
    return context;
  }

  boolean isBusy() {
    return busy;
  }

  void busy(boolean isRead) {
    busy = isRead;
  }

  /** Makes the plan fit the catalog of the context's transaction. */
  void prepare(long functions) {
    Catalog catalog = context.catalog();
    if (catalog.version() == catalogVersion
        && functions == functionsVersion
        && context.evaluation().zone().equals(zone)
        && context.searchPath().equals(searchPath)) {
      return;
    }
    query = null;
    operator = null;
    data = null;
    ParameterTypes types = new ParameterTypes();
    for (int i = 0; i < parsed.parameterCount(); i++) {
      types.settle(i, SqlType.UNKNOWN);
    }
    StatementContext.Planning planning = context.planning(parsed.source(), types);
    Statement planned = planned();
    with = ModifyingWith.plan(planned, planning);
    if (with != null) {
      planned = with.rest();
      planning = with.planning();
    }
    if (planned instanceof Statement.QueryStatement select) {
      query = planning.plan(select.query(), List.of(), List.of());
    } else if (planned instanceof DataStatement change) {
      data = new DataPlanner(planning).plan(change);
    }
    parameterTypes = types.settled();
    catalogVersion = catalog.version();
    functionsVersion = functions;
    zone = context.evaluation().zone();
    searchPath = context.searchPath();
  }

  /** The statement that has a plan: of EXPLAIN the one explained. */
  private Statement planned() {
    return statement() instanceof Statement.Explain explain ? explain.statement() : statement();
  }

  List<SqlType> parameterTypes() {
    return parameterTypes;
  }

  /** The plan of a query, or null. */
  @Nullable PhysicalQuery query() {
    return query;
  }

  /** The data statements of its WITH clause, or null. */
  @Nullable ModifyingWith with() {
    return with;
  }

  /** The plan of a data statement, or null. */
  @Nullable DataPlan data() {
    return data;
  }

  /** The columns of the result; empty when it returns none. */
  List<PlanColumn> columns() {
    if (statement() instanceof Statement.Explain) {
      return StatementRunner.EXPLAIN_COLUMNS;
    }
    if (query != null) {
      return query.columns();
    }
    return data == null ? List.of() : data.columns();
  }

  /** Whether it writes or locks rows, so that a snapshot is not enough. */
  boolean needsTransaction() {
    Statement planned = planned();
    return !(planned instanceof Statement.QueryStatement select) || locks(select.query());
  }

  private static boolean locks(Query each) {
    return !each.locking().isEmpty()
        || each.with().stream().anyMatch(table -> table.statement() instanceof DataStatement);
  }

  /** Starts the query in the context's transaction. */
  ResultRows.Source start() {
    PhysicalQuery planned = query;
    assert planned != null;
    ExecutionContext execution = context.execution();
    execution.parameters(Arrays.asList(context.parameters()), planned.handedDown());
    Operator running = operator;
    if (running == null) {
      running = planned.operator(execution);
      operator = running;
    }
    Running source = new Running(running, execution);
    source.open();
    return source;
  }

  private static final class Running implements ResultRows.Source {
    private final Operator operator;
    private final ExecutionContext execution;

    Running(Operator operator, ExecutionContext execution) {
      this.operator = operator;
      this.execution = execution;
    }

    void open() {
      try {
        operator.open(execution);
      } catch (RuntimeException | Error e) {
        close();
        throw e;
      }
    }

    @Override
    public @Nullable Batch next() {
      return operator.next();
    }

    @Override
    public void close() {
      try {
        operator.close();
      } finally {
        execution.close();
      }
    }
  }
}
