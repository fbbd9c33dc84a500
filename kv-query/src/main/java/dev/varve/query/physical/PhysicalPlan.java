// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.operator.Operator;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.SortOrder;
import java.util.List;

/**
 * A part of a plan with its algorithm chosen. Immutable; makes as many operator trees as are wanted.
 *
 * @param name the algorithm, for EXPLAIN
 * @param details what EXPLAIN says about it, a line each
 * @param columns of its batches, in order
 * @param order in which its rows come; empty when in none
 * @param rows about how many rows it yields
 * @param cost about what it costs, its children included; one is the cost of handling a row
 */
public record PhysicalPlan(
    String name,
    List<String> details,
    List<PhysicalPlan> children,
    List<PlanColumn> columns,
    List<SortOrder> order,
    double rows,
    double cost,
    Factory factory) {
  /** Copies. */
  public PhysicalPlan {
    details = List.copyOf(details);
    children = List.copyOf(children);
    columns = List.copyOf(columns);
    order = List.copyOf(order);
  }

  /** Makes an operator. */
  @FunctionalInterface
  public interface Factory {
    /** An operator over operators for the children, which evaluates with {@code compiler}. */
    Operator create(List<Operator> children, ExpressionCompiler compiler);
  }

  /** The place of a column in the batches, or -1. */
  int position(int column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).id() == column) {
        return i;
      }
    }
    return -1;
  }

  /** The same with further lines for EXPLAIN. */
  PhysicalPlan withDetails(List<String> lines) {
    return new PhysicalPlan(name, lines, children, columns, order, rows, cost, factory);
  }
}
