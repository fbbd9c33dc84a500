// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.plan.ColumnAllocator;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the passes in order. Each can be switched off, is timed, and its result is checked when
 * assertions are on.
 */
public final class Optimizer {
  private static final List<Pass> PASSES =
      List.of(
          new CteInlining(),
          new ConstantFolding(),
          new PredicatePushdown(),
          new Decorrelation(),
          new PredicatePushdown(),
          new JoinOrder(),
          new ProjectionPruning(),
          new LimitPushdown());

  private final OptimizerOptions options;
  private final List<Timing> timings = new ArrayList<>();

  /** How long a pass took. */
  public record Timing(String pass, long nanos) {}

  /** An optimizer with the passes that {@code options} leave. */
  public Optimizer(OptimizerOptions options) {
    this.options = options;
  }

  /** The names of all passes, in the order in which they run. */
  public static List<String> passes() {
    return PASSES.stream().map(Pass::name).distinct().toList();
  }

  /** Optimizes a plan that yields {@code output}. */
  public LogicalPlan optimize(
      LogicalPlan plan, List<PlanColumn> output, ColumnAllocator columns, Statistics statistics) {
    PassContext context =
        new PassContext(columns, new ExpressionCompiler(new EvaluationContext()), statistics);
    LogicalPlan current =
        new dev.varve.query.plan.Project(
            plan, output.stream().map(dev.varve.query.plan.Assignment::identity).toList());
    for (Pass pass : PASSES) {
      if (!options.disabled().contains(pass.name())) {
        long begin = System.nanoTime();
        current = pass.apply(current, context);
        timings.add(new Timing(pass.name(), System.nanoTime() - begin));
        assert PlanChecker.check(current, pass.name());
      }
    }
    return current;
  }

  /** How long each pass took. */
  public List<Timing> timings() {
    return timings;
  }
}
