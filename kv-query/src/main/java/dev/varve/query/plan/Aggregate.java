// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.SortKey;
import dev.varve.query.function.AggregateCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One row for each group of rows that agree in the keys, NULLs agreeing; without keys one row over
 * all, even if there is none. Without calls it is DISTINCT. Keys keep their column numbers.
 *
 * @param keys columns of the child
 */
public record Aggregate(LogicalPlan child, List<PlanColumn> keys, List<Item> items)
    implements LogicalPlan {
  /** Copies. */
  public Aggregate {
    keys = List.copyOf(keys);
    items = List.copyOf(items);
  }

  /** A column and the aggregate that computes it. */
  public record Item(PlanColumn column, AggregateCall call) {}

  /** The distinct rows of {@code child}. */
  public static Aggregate distinct(LogicalPlan child) {
    return new Aggregate(child, child.output(), List.of());
  }

  /** Whether it yields exactly one row. */
  public boolean isScalar() {
    return keys.isEmpty();
  }

  @Override
  public List<PlanColumn> output() {
    List<PlanColumn> columns = new ArrayList<>(keys);
    items.forEach(item -> columns.add(item.column()));
    return columns;
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(child);
  }

  @Override
  public Aggregate withChildren(List<LogicalPlan> children) {
    return new Aggregate(children.get(0), keys, items);
  }

  @Override
  public List<Expression> expressions() {
    List<Expression> all = new ArrayList<>();
    items.forEach(item -> collect(item.call(), all));
    return all;
  }

  @Override
  public Aggregate mapExpressions(UnaryOperator<Expression> replacement) {
    return new Aggregate(
        child,
        keys,
        items.stream()
            .map(item -> new Item(item.column(), map(item.call(), replacement)))
            .toList());
  }

  @Override
  public List<Integer> columnsRead() {
    return keys.stream().map(PlanColumn::id).toList();
  }

  static void collect(AggregateCall call, List<Expression> into) {
    into.addAll(call.arguments());
    if (call.filter() != null) {
      into.add(call.filter());
    }
    call.orderBy().forEach(key -> into.add(key.expression()));
  }

  /** The call with its expressions replaced. */
  public static AggregateCall map(AggregateCall call, UnaryOperator<Expression> replacement) {
    return new AggregateCall(
        call.function(),
        call.arguments().stream().map(replacement).toList(),
        call.distinct(),
        call.filter() == null ? null : replacement.apply(call.filter()),
        map(call.orderBy(), replacement),
        call.position());
  }

  static List<SortKey> map(List<SortKey> keys, UnaryOperator<Expression> replacement) {
    return keys.stream()
        .map(
            key ->
                new SortKey(
                    replacement.apply(key.expression()), key.descending(), key.nullsFirst()))
        .toList();
  }
}
