// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Each row of the child once for every row that the functions yield for it; functions that end early
 * go on with NULL. The functions' columns follow the child's.
 */
public record ProjectSet(LogicalPlan child, List<FunctionScan.Call> calls, List<PlanColumn> columns)
    implements LogicalPlan {
  /** Copies. */
  public ProjectSet {
    calls = List.copyOf(calls);
    columns = List.copyOf(columns);
  }

  @Override
  public List<PlanColumn> output() {
    List<PlanColumn> all = new ArrayList<>(child.output());
    all.addAll(columns);
    return all;
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(child);
  }

  @Override
  public ProjectSet withChildren(List<LogicalPlan> children) {
    return new ProjectSet(children.get(0), calls, columns);
  }

  @Override
  public List<Expression> expressions() {
    List<Expression> all = new ArrayList<>();
    calls.forEach(call -> all.addAll(call.arguments()));
    return all;
  }

  @Override
  public ProjectSet mapExpressions(UnaryOperator<Expression> replacement) {
    return new ProjectSet(
        child, calls.stream().map(call -> call.map(replacement)).toList(), columns);
  }
}
