// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.core.store.TransactionalStore;
import dev.varve.query.ast.Query;
import dev.varve.query.binder.Binder;
import dev.varve.query.binder.BoundQuery;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.binder.Target;
import dev.varve.query.expression.Expression;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.function.FunctionRegistry;
import dev.varve.query.optimizer.Cardinality;
import dev.varve.query.optimizer.Optimizer;
import dev.varve.query.optimizer.Statistics;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From a query's syntax tree to operators: binds it, optimizes it, chooses algorithms. One per
 * database; thread-safe.
 */
public final class QueryPlanner {
  private final FunctionRegistry functions;
  private final Statistics statistics;
  private final PlannerOptions options;

  /** A planner with all passes and algorithms. */
  public QueryPlanner(FunctionRegistry functions, TransactionalStore store) {
    this(functions, new Statistics(store), PlannerOptions.DEFAULT);
  }

  private QueryPlanner(FunctionRegistry functions, Statistics statistics, PlannerOptions options) {
    this.functions = functions;
    this.statistics = statistics;
    this.options = options;
  }

  /** The same planner restricted to some passes and algorithms. */
  public QueryPlanner with(PlannerOptions restricted) {
    return new QueryPlanner(functions, statistics, restricted);
  }

  /** Plans a query. */
  public PhysicalQuery plan(Query query, PlanRequest request) {
    Optimized optimized = optimize(query, request);
    Cardinality cardinality = new Cardinality(statistics);
    Resolver resolver = new Resolver(request.parameters().settled().size());
    PhysicalPlan plan =
        new PhysicalPlanner(resolver, cardinality, options)
            .plan(optimized.plan(), optimized.columns());
    return new PhysicalQuery(plan, resolver.handedDown());
  }

  private record Optimized(LogicalPlan plan, List<PlanColumn> columns) {}

  private Optimized optimize(Query query, PlanRequest request) {
    Binder binder = binder(request);
    BoundQuery bound = binder.query(query, request.given(), request.targets());
    LogicalPlan plan =
        new Optimizer(options.optimizer())
            .optimize(bound.plan(), bound.columns(), binder.columns(), statistics);
    return new Optimized(plan, bound.columns());
  }

  /** The logical plan of a query when all passes have run. */
  LogicalPlan optimized(Query query, PlanRequest request) {
    return optimize(query, request).plan();
  }

  private Binder binder(PlanRequest request) {
    ExpressionBuilder builder =
        new ExpressionBuilder(functions, request.parameters(), request.zone(), request.nowMicros());
    return new Binder(request.catalog(), request.source(), builder);
  }

  /**
   * Binds a scalar expression over the rows of {@code tables} side by side; its column references are
   * positions, counted through the tables. It may have no subqueries and no aggregates.
   */
  public Expression bindScalar(
      dev.varve.query.ast.Expression expression,
      PlanRequest request,
      List<GivenTable> tables,
      @Nullable Target target) {
    return binder(request).scalar(expression, tables, target);
  }
}
