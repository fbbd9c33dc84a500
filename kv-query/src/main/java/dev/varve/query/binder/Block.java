// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.ast.QueryBody.NamedWindow;
import dev.varve.query.expression.Expression;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.function.WindowCall;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.FunctionScan;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Window;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One query level while its clauses are bound: the names it sees, and what its expressions turned out
 * to need from the plan below them. One thread.
 */
final class Block {
  final @Nullable Block outer;
  final CteScope ctes;
  private Scope scope;
  private final BitSet inputColumns = new BitSet();
  private Clause clause = Clause.FROM;
  private List<Pending> pending = new ArrayList<>();
  private final List<Pending> belowAggregate = new ArrayList<>();
  private final List<Pending> belowWindow = new ArrayList<>();
  private final List<Aggregate.Item> aggregates = new ArrayList<>();
  private final List<Window.Item> windows = new ArrayList<>();
  private final List<FunctionScan.Call> setCalls = new ArrayList<>();
  private final List<PlanColumn> setColumns = new ArrayList<>();
  private List<NamedWindow> namedWindows = List.of();
  private boolean insideAggregate;
  private boolean insideWindow;

  /** A subquery that waits to be joined to the plan. */
  record Pending(
      JoinKind kind,
      LogicalPlan plan,
      List<Expression> conditions,
      List<Expression> comparisons,
      @Nullable PlanColumn mark) {
    LogicalPlan joinTo(LogicalPlan left) {
      return new Join(kind, left, plan, conditions, comparisons, mark);
    }
  }

  Block(@Nullable Block outer, CteScope ctes, Scope scope) {
    this.outer = outer;
    this.ctes = ctes;
    this.scope = scope;
    inputColumns.or(scope.columns());
  }

  Scope scope() {
    return scope;
  }

  void setScope(Scope replacement) {
    scope = replacement;
    inputColumns.or(replacement.columns());
  }

  Clause clause() {
    return clause;
  }

  void setClause(Clause next) {
    clause = next;
  }

  List<NamedWindow> namedWindows() {
    return namedWindows;
  }

  void setNamedWindows(List<NamedWindow> windowClause) {
    namedWindows = windowClause;
  }

  /** Whether the column comes from this level's FROM. */
  boolean isInput(int column) {
    return inputColumns.get(column);
  }

  void addPending(Pending subquery) {
    (insideAggregate ? belowAggregate : insideWindow ? belowWindow : pending).add(subquery);
  }

  /** Joins the subqueries of the clause just bound to {@code plan}. */
  LogicalPlan attach(LogicalPlan plan) {
    LogicalPlan result = attach(plan, pending);
    pending = new ArrayList<>();
    return result;
  }

  /** Hands over the subqueries of the clause just bound. */
  List<Pending> takePending() {
    List<Pending> taken = pending;
    pending = new ArrayList<>();
    return taken;
  }

  static LogicalPlan attach(LogicalPlan plan, List<Pending> subqueries) {
    LogicalPlan result = plan;
    for (Pending subquery : subqueries) {
      result = subquery.joinTo(result);
    }
    return result;
  }

  List<Pending> belowAggregate() {
    return belowAggregate;
  }

  List<Pending> belowWindow() {
    return belowWindow;
  }

  boolean isInsideAggregate() {
    return insideAggregate;
  }

  boolean isInsideWindow() {
    return insideWindow;
  }

  void setInsideAggregate(boolean inside) {
    insideAggregate = inside;
  }

  void setInsideWindow(boolean inside) {
    insideWindow = inside;
  }

  List<Aggregate.Item> aggregates() {
    return aggregates;
  }

  List<Window.Item> windows() {
    return windows;
  }

  /** The column of an aggregate; calls that are equal share one. */
  PlanColumn aggregate(AggregateCall call, java.util.function.Supplier<PlanColumn> column) {
    for (Aggregate.Item item : aggregates) {
      if (item.call().equals(call) && !isVolatile(call)) {
        return item.column();
      }
    }
    Aggregate.Item item = new Aggregate.Item(column.get(), call);
    aggregates.add(item);
    return item.column();
  }

  private static boolean isVolatile(AggregateCall call) {
    return call.arguments().stream().anyMatch(dev.varve.query.expression.Expressions::isVolatile);
  }

  /** The column of a window call; calls that are equal share one. */
  PlanColumn window(WindowCall call, java.util.function.Supplier<PlanColumn> column) {
    for (Window.Item item : windows) {
      if (item.call().equals(call)) {
        return item.column();
      }
    }
    Window.Item item = new Window.Item(column.get(), call);
    windows.add(item);
    return item.column();
  }

  void setFunction(FunctionScan.Call call, PlanColumn column) {
    setCalls.add(call);
    setColumns.add(column);
  }

  List<FunctionScan.Call> setCalls() {
    return setCalls;
  }

  List<PlanColumn> setColumns() {
    return setColumns;
  }
}
