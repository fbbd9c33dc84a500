// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.Span;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expressions;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows with names, over which a statement that changes rows binds its expressions. A subquery in an
 * expression changes {@link #plan}. One thread.
 */
public final class BoundRows {
  private final Binding binding;
  private final Block block;
  private final ExpressionBinder expressions;
  private final List<PlanColumn> columns;
  private final @Nullable PlanColumn rowKey;
  private LogicalPlan plan;

  /**
   * A table that expressions can name.
   *
   * @param names what its columns are called
   */
  public record Source(String name, List<String> names, List<PlanColumn> columns, Span place) {}

  BoundRows(
      Binding binding,
      CteScope ctes,
      LogicalPlan plan,
      Scope scope,
      List<PlanColumn> columns,
      @Nullable PlanColumn rowKey) {
    this.binding = binding;
    this.block = new Block(null, ctes, scope);
    this.block.setClause(Clause.OTHER);
    this.expressions = new ExpressionBinder(binding, block);
    this.columns = columns;
    this.rowKey = rowKey;
    this.plan = plan;
  }

  /** Yields the rows, and the results of the subqueries bound so far. */
  public LogicalPlan plan() {
    plan = block.attach(plan);
    return plan;
  }

  /** The columns of the first table, in its order. */
  public List<PlanColumn> columns() {
    return columns;
  }

  /** The column with each row's key in storage. */
  public PlanColumn rowKey() {
    return java.util.Objects.requireNonNull(rowKey, "these rows are of no table");
  }

  /** Leaves only the rows for which {@code condition} is TRUE. */
  public void filter(dev.varve.query.ast.Expression condition) {
    block.setClause(Clause.WHERE);
    Expression bound = expressions.condition(condition, "WHERE");
    plan = Filter.of(plan(), Expressions.conjuncts(bound));
    block.setClause(Clause.OTHER);
  }

  /** A boolean; {@code construct} names what it is the argument of. */
  public Expression condition(dev.varve.query.ast.Expression node, String construct) {
    return expressions.condition(node, construct);
  }

  /** A value, its type perhaps still open; for assignments. */
  public Expression value(dev.varve.query.ast.Expression node) {
    block.setClause(Clause.UPDATE);
    return expressions.bind(node);
  }

  /** The parts of a row value: of a constructor or a subquery. */
  public List<Expression> row(dev.varve.query.ast.Expression node, int width) {
    block.setClause(Clause.UPDATE);
    return new SubqueryBinder(binding, block, expressions).row(node, width);
  }

  /** The items of RETURNING, each a column of its own. */
  public List<Assignment> items(List<SelectItem> items) {
    block.setClause(Clause.RETURNING);
    List<Assignment> assignments = new ArrayList<>();
    for (SelectItem item : items) {
      if (item instanceof SelectItem.Star star) {
        for (Scope.Entry entry : SelectItems.star(block.scope(), star)) {
          add(assignments, entry.name(), entry.expression());
        }
      } else if (item instanceof SelectItem.Output output) {
        add(assignments, SelectItems.name(output), expressions.settled(output.expression()));
      }
    }
    return assignments;
  }

  private void add(List<Assignment> assignments, String name, Expression expression) {
    assignments.add(
        new Assignment(binding.columns().column(name, expression.type(), true), expression));
  }
}
