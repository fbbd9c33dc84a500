// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rows of expressions; one row without columns is what a query without FROM reads. */
public record Values(List<PlanColumn> output, List<List<Expression>> rows) implements LogicalPlan {
  /** Copies. */
  public Values {
    output = List.copyOf(output);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** One row without columns. */
  public static Values oneRow() {
    return new Values(List.of(), List.of(List.of()));
  }

  /** No row, of the given columns. */
  public static Values empty(List<PlanColumn> columns) {
    return new Values(columns, List.of());
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of();
  }

  @Override
  public Values withChildren(List<LogicalPlan> children) {
    return this;
  }

  @Override
  public List<Expression> expressions() {
    List<Expression> all = new ArrayList<>();
    rows.forEach(all::addAll);
    return all;
  }

  @Override
  public Values mapExpressions(UnaryOperator<Expression> replacement) {
    return new Values(
        output, rows.stream().map(row -> row.stream().map(replacement).toList()).toList());
  }
}
