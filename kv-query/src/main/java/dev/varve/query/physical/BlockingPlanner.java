// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.ErrorCode;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.operator.MemoryAggregateOperator;
import dev.varve.query.operator.MemorySortOperator;
import dev.varve.query.optimizer.Cardinality;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.plan.Window;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
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
        (children, compiler) -> new MemorySortOperator(children.get(0), positions));
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

  /** The first rows of an order, or null when another way is as good. */
  @Nullable PhysicalPlan top(Limit limit, Sort sort, Need need) {
    return null;
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
        (children, compiler) -> {
          List<MemoryAggregateOperator.Call> compiled = new ArrayList<>();
          for (AggregateCall call : calls) {
            List<Evaluator> arguments = compiler.compileAll(call.arguments());
            Expression filter = call.filter();
            compiled.add(
                new MemoryAggregateOperator.Call(
                    call, arguments, filter == null ? null : compiler.compile(filter)));
          }
          return new MemoryAggregateOperator(children.get(0), keys, compiled);
        });
  }

  private static List<String> names(List<PlanColumn> columns) {
    return columns.stream().map(PlanColumn::name).toList();
  }

  // Windows

  PhysicalPlan window(Window window, Need need) {
    throw ErrorCode.NOT_SUPPORTED.error("Window functions are not supported.").build();
  }
}
