// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.binder.Scope.Entry;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Expressions;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.FunctionScan;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.PlanRewriter;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.Window;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites expressions that stand above GROUP BY from the columns of FROM to those of the groups, and
 * refuses columns that are neither grouped nor determined by what is.
 */
final class Regrouping {
  private final Binding binding;
  private final Block block;
  private final List<Expression> groups;
  private final Map<Expression, PlanColumn> keys = new LinkedHashMap<>();
  private final List<Assignment> computed = new ArrayList<>();
  private final BitSet keyColumns = new BitSet();
  private final Map<Integer, PlanColumn> available = new LinkedHashMap<>();

  Regrouping(Binding binding, Block block, List<Expression> groups) {
    this.binding = binding;
    this.block = block;
    this.groups = groups;
  }

  /** The input of the aggregate: {@code plan} and the groups' computed expressions. */
  LogicalPlan below(LogicalPlan plan) {
    plan.output().forEach(column -> available.put(column.id(), column));
    for (Expression group : groups) {
      PlanColumn column =
          group instanceof ColumnReference reference ? available.get(reference.column()) : null;
      if (column == null) {
        column = binding.columns().column("group", group.type(), true);
        computed.add(new Assignment(column, group));
      }
      keys.put(group, column);
      keyColumns.set(column.id());
    }
    return Project.extending(plan, computed);
  }

  /** The aggregate over {@code plan}, when everything above it has been rewritten. */
  LogicalPlan aggregate(LogicalPlan plan, List<Aggregate.Item> items) {
    return new Aggregate(plan, keys.values().stream().distinct().toList(), items);
  }

  Expression rewrite(Expression expression) {
    return rewrite(expression, false);
  }

  private Expression rewrite(Expression expression, boolean inSubquery) {
    PlanColumn key = keys.get(expression);
    if (key != null && !(expression instanceof ColumnReference)) {
      return new ColumnReference(key.id(), key.name(), key.type(), expression.position());
    }
    if (expression instanceof ColumnReference reference) {
      if (block.isInput(reference.column()) && !keyColumns.get(reference.column())) {
        determine(reference, inSubquery);
      }
      return reference;
    }
    return Expressions.mapChildren(expression, child -> rewrite(child, inSubquery));
  }

  /** Makes a column a key when its table's primary key is; else it is an error. */
  private void determine(ColumnReference reference, boolean inSubquery) {
    PlanColumn column = available.get(reference.column());
    if (column != null && isDetermined(reference.column())) {
      keys.put(column.reference(), column);
      keyColumns.set(column.id());
      return;
    }
    String name = qualifiedName(reference);
    throw ErrorCode.GROUPING_ERROR
        .error(
            inSubquery
                ? "Subquery uses ungrouped column \"" + name + "\" from outer query."
                : "Column \""
                    + name
                    + "\" must appear in the GROUP BY clause or be used in an aggregate function.")
        .position(reference.position().charsFromOne())
        .build();
  }

  private boolean isDetermined(int column) {
    for (Scope.Relation relation : block.scope().relations()) {
      BoundTable table = relation.table();
      TableIndex primaryKey = table == null ? null : table.definition().primaryKey();
      if (table != null
          && primaryKey != null
          && table.columns().stream().anyMatch(each -> each.id() == column)) {
        boolean all = true;
        for (IndexKey key : primaryKey.keys()) {
          all &= keyColumns.get(table.columns().get(key.column()).id());
        }
        return all;
      }
    }
    return false;
  }

  private String qualifiedName(ColumnReference reference) {
    for (Entry entry : block.scope().entries()) {
      if (entry.expression() instanceof ColumnReference each
          && each.column() == reference.column()) {
        Scope.@Nullable Relation relation = entry.relation();
        return relation == null ? entry.name() : relation.name() + "." + entry.name();
      }
    }
    return reference.name();
  }

  /** The subqueries over the groups' columns. */
  List<Block.Pending> rewriteAll(List<Block.Pending> subqueries) {
    List<Block.Pending> rewritten = new ArrayList<>(subqueries.size());
    for (Block.Pending subquery : subqueries) {
      LogicalPlan plan = subquery.plan();
      BitSet free = ColumnSet.free(plan);
      boolean readsInput = free.stream().anyMatch(block::isInput);
      LogicalPlan changed =
          readsInput
              ? PlanRewriter.bottomUp(
                  plan, node -> node.mapExpressions(each -> rewrite(each, true)))
              : plan;
      rewritten.add(
          new Block.Pending(
              subquery.kind(),
              changed,
              subquery.conditions().stream().map(this::rewrite).toList(),
              subquery.comparisons().stream().map(this::rewrite).toList(),
              subquery.mark()));
    }
    return rewritten;
  }

  List<Window.Item> windows(List<Window.Item> items) {
    return items.stream()
        .map(item -> new Window.Item(item.column(), Window.map(item.call(), this::rewrite)))
        .toList();
  }

  List<FunctionScan.Call> calls(List<FunctionScan.Call> calls) {
    return calls.stream().map(call -> call.map(this::rewrite)).toList();
  }
}
