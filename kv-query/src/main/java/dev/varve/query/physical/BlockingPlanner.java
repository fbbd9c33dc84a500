// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.aggregate.HashAggregateOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.function.WindowCall;
import dev.varve.query.optimizer.Cardinality;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.plan.Window;
import dev.varve.query.sort.SortOperator;
import dev.varve.query.sort.TopOperator;
import dev.varve.query.window.WindowOperator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans what must see all rows before it yields one: sorting, grouping, windows. */
final class BlockingPlanner {
  private final PhysicalPlanner planner;
  private final Resolver resolver;
  private final Cardinality cardinality;

  BlockingPlanner(PhysicalPlanner planner, Resolver resolver, Cardinality cardinality) {
    this.planner = planner;
    this.resolver = resolver;
    this.cardinality = cardinality;
  }

  // Sorting

  PhysicalPlan sort(Sort sort, Need need) {
    PhysicalPlan child = sortInput(sort, need);
    return isSorted(child, sort.keys()) ? child : sorted(child, sort.keys());
  }

  private PhysicalPlan sortInput(Sort sort, Need need) {
    BitSet read = new BitSet();
    sort.columnsRead().forEach(read::set);
    return planner.plan(
        sort.child(), new Need(need.and(read).columns(), sort.keys(), need.limit()));
  }

  static boolean isSorted(PhysicalPlan plan, List<SortOrder> keys) {
    return plan.order().size() >= keys.size() && plan.order().subList(0, keys.size()).equals(keys);
  }

  private static PhysicalPlan sorted(PhysicalPlan child, List<SortOrder> keys) {
    List<SortOrder> positions = positions(child, keys);
    return new PhysicalPlan(
        "Sort",
        List.of("Sort Key: " + text(child, keys)),
        List.of(child),
        child.columns(),
        keys,
        child.rows(),
        child.cost() + sortCost(child.rows()),
        (children, compiler) -> new SortOperator(children.get(0), positions));
  }

  static double sortCost(double rows) {
    return rows * Math.max(1, Math.log(Math.max(2, rows)) / Math.log(2)) * 0.3;
  }

  private static List<SortOrder> positions(PhysicalPlan child, List<SortOrder> keys) {
    return keys.stream()
        .map(key -> new SortOrder(child.position(key.column()), key.descending(), key.nullsFirst()))
        .toList();
  }

  private static String text(PhysicalPlan child, List<SortOrder> keys) {
    List<String> texts = new ArrayList<>();
    for (SortOrder key : keys) {
      String name = child.columns().get(child.position(key.column())).name();
      texts.add(
          name
              + (key.descending() ? " DESC" : "")
              + (key.nullsFirst() == key.descending()
                  ? ""
                  : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"));
    }
    return String.join(", ", texts);
  }

  /** The first rows of an order, or null when a bound is missing. */
  @Nullable PhysicalPlan top(Limit limit, Sort sort, Need need) {
    Expression count = limit.count();
    if (count == null) {
      return null;
    }
    PhysicalPlan child = sortInput(sort, need);
    if (isSorted(child, sort.keys())) {
      return planner.limited(limit, child);
    }
    List<SortOrder> positions = positions(child, sort.keys());
    Expression most = resolver.resolve(count, List.of());
    Expression skipped =
        limit.offset() == null ? null : resolver.resolve(limit.offset(), List.of());
    double rows = Math.min(child.rows(), need.limit());
    return planner.limited(
        limit,
        new PhysicalPlan(
            "Top-N Sort",
            List.of("Sort Key: " + text(child, sort.keys())),
            List.of(child),
            child.columns(),
            sort.keys(),
            rows,
            child.cost() + child.rows() * 0.3,
            (children, compiler) -> new TopOperator(children.get(0), positions, most, skipped)));
  }

  // Grouping

  PhysicalPlan aggregate(Aggregate aggregate, Need need) {
    List<Aggregate.Item> items =
        aggregate.items().stream().filter(item -> need.has(item.column().id())).toList();
    Aggregate kept = new Aggregate(aggregate.child(), aggregate.keys(), items);
    BitSet read = ColumnSet.read(kept.expressions());
    kept.columnsRead().forEach(read::set);
    PhysicalPlan child = planner.plan(kept.child(), Need.of(read));
    int[] keys = kept.keys().stream().mapToInt(key -> child.position(key.id())).toArray();
    List<AggregateCall> calls = new ArrayList<>();
    for (Aggregate.Item item : items) {
      calls.add(Aggregate.map(item.call(), each -> resolver.resolve(each, child.columns())));
    }
    List<PlanColumn> columns = new ArrayList<>(kept.keys());
    items.forEach(item -> columns.add(item.column()));
    return new PhysicalPlan(
        keys.length == 0 ? "Aggregate" : "HashAggregate",
        keys.length == 0
            ? List.of()
            : List.of("Group Key: " + String.join(", ", names(kept.keys()))),
        List.of(child),
        columns,
        List.of(),
        cardinality.rows(aggregate),
        child.cost() + child.rows() * (1 + 0.3 * calls.size()),
        (children, compiler) -> new HashAggregateOperator(children.get(0), keys, calls, compiler));
  }

  private static List<String> names(List<PlanColumn> columns) {
    return columns.stream().map(PlanColumn::name).toList();
  }

  // Windows

  PhysicalPlan window(Window window, Need need) {
    List<Window.Item> items =
        window.items().stream().filter(item -> need.has(item.column().id())).toList();
    Window kept = new Window(window.child(), items);
    PhysicalPlan plan =
        planner.plan(kept.child(), need.unordered().and(ColumnSet.read(kept.expressions())));
    Map<List<Object>, List<Window.Item>> byOrder = new LinkedHashMap<>();
    for (Window.Item item : items) {
      List<Object> key = List.of(item.call().partitionBy(), item.call().orderBy());
      byOrder.computeIfAbsent(key, absent -> new ArrayList<>()).add(item);
    }
    for (List<Window.Item> together : byOrder.values()) {
      plan = windows(plan, together);
    }
    return plan;
  }

  /** Functions with one partition and order, over {@code child}. */
  private PhysicalPlan windows(PhysicalPlan child, List<Window.Item> items) {
    List<PlanColumn> columns = new ArrayList<>(child.columns());
    List<WindowCall> calls = new ArrayList<>();
    for (Window.Item item : items) {
      columns.add(item.column());
      calls.add(Window.map(item.call(), each -> resolver.resolve(each, child.columns())));
    }
    return new PhysicalPlan(
        "WindowAgg",
        List.of(),
        List.of(child),
        columns,
        List.of(),
        child.rows(),
        child.cost() + sortCost(child.rows()) + child.rows() * items.size(),
        (children, compiler) -> new WindowOperator(children.get(0), calls, compiler));
  }
}
