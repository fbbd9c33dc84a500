// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The rows of all inputs, matched by position. The other set operations are expressed with it, {@link
 * Aggregate}, {@link Window} and {@link Join}.
 *
 * @param inputColumns for each input, which of its columns stand for the output's
 */
public record UnionAll(
    List<LogicalPlan> inputs, List<List<Integer>> inputColumns, List<PlanColumn> output)
    implements LogicalPlan {
  /** Copies. */
  public UnionAll {
    inputs = List.copyOf(inputs);
    inputColumns = inputColumns.stream().map(List::copyOf).toList();
    output = List.copyOf(output);
  }

  @Override
  public List<LogicalPlan> children() {
    return inputs;
  }

  @Override
  public UnionAll withChildren(List<LogicalPlan> children) {
    return new UnionAll(children, inputColumns, output);
  }

  @Override
  public List<Expression> expressions() {
    return List.of();
  }

  @Override
  public UnionAll mapExpressions(UnaryOperator<Expression> replacement) {
    return this;
  }

  @Override
  public List<Integer> columnsRead() {
    List<Integer> all = new ArrayList<>();
    inputColumns.forEach(all::addAll);
    return all;
  }
}
