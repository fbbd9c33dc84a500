// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.InstrumentedOperator;
import dev.varve.query.operator.Operator;
import dev.varve.query.plan.PlanColumn;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A planned query. Immutable; may be kept as long as the catalog it was planned with stands. */
public final class PhysicalQuery {
  private final PhysicalPlan root;
  private final int handedDown;

  PhysicalQuery(PhysicalPlan root, int handedDown) {
    this.root = root;
    this.handedDown = handedDown;
  }

  /** The columns of the result, in order. */
  public List<PlanColumn> columns() {
    return root.columns();
  }

  /** How much room {@link ExecutionContext#parameters} must make behind the parameters. */
  public int handedDown() {
    return handedDown;
  }

  /**
   * Operators for the plan. They evaluate in {@code context}, may be opened any number of times with
   * it, also after its parameters changed, and are the caller's to close.
   */
  public Operator operator(ExecutionContext context) {
    return operator(root, new ExpressionCompiler(context.evaluation()));
  }

  private static Operator operator(PhysicalPlan plan, ExpressionCompiler compiler) {
    List<Operator> children = new ArrayList<>(plan.children().size());
    for (PhysicalPlan child : plan.children()) {
      children.add(operator(child, compiler));
    }
    return plan.factory().create(children, compiler);
  }

  /** The plan, a line for each operator and for what is to be said about it. */
  public List<String> explain() {
    return Explanation.lines(root);
  }

  /** Runs the query, throws the rows away, and shows the plan with what it really took. */
  public List<String> analyze(ExecutionContext context) {
    Map<PhysicalPlan, InstrumentedOperator> watched = new IdentityHashMap<>();
    long begin = System.nanoTime();
    try (Operator operator = watched(root, new ExpressionCompiler(context.evaluation()), watched)) {
      operator.open(context);
      while (operator.next() != null) {}
    }
    long nanos = System.nanoTime() - begin;
    List<String> lines = new ArrayList<>();
    Explanation.add(root, 0, lines, node -> remark(watched.get(node)));
    lines.add(String.format(Locale.ROOT, "Execution Time: %.3f ms", nanos / 1e6));
    return lines;
  }

  private static String remark(InstrumentedOperator operator) {
    if (operator.loops() == 0) {
      return " (never executed)";
    }
    return String.format(
        Locale.ROOT,
        " (actual time=%.3f ms rows=%d loops=%d)",
        operator.nanos() / 1e6,
        operator.rows(),
        operator.loops());
  }

  private static Operator watched(
      PhysicalPlan plan,
      ExpressionCompiler compiler,
      Map<PhysicalPlan, InstrumentedOperator> watched) {
    List<Operator> children = new ArrayList<>(plan.children().size());
    for (PhysicalPlan child : plan.children()) {
      children.add(watched(child, compiler, watched));
    }
    InstrumentedOperator operator =
        new InstrumentedOperator(plan.factory().create(children, compiler));
    watched.put(plan, operator);
    return operator;
  }
}
