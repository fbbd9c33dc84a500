// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import dev.varve.query.function.WindowCall;
import dev.varve.query.function.WindowFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Adds to each row what window functions say of it. */
public record Window(LogicalPlan child, List<Item> items) implements LogicalPlan {
  /** Copies. */
  public Window {
    items = List.copyOf(items);
  }

  /** A column and the call that computes it. */
  public record Item(PlanColumn column, WindowCall call) {}

  @Override
  public List<PlanColumn> output() {
    List<PlanColumn> columns = new ArrayList<>(child.output());
    items.forEach(item -> columns.add(item.column()));
    return columns;
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(child);
  }

  @Override
  public Window withChildren(List<LogicalPlan> children) {
    return new Window(children.get(0), items);
  }

  @Override
  public List<Expression> expressions() {
    List<Expression> all = new ArrayList<>();
    for (Item item : items) {
      WindowCall call = item.call();
      all.addAll(call.arguments());
      if (call.aggregate() != null) {
        Aggregate.collect(call.aggregate(), all);
      }
      all.addAll(call.partitionBy());
      call.orderBy().forEach(key -> all.add(key.expression()));
      add(call.frame().start(), all);
      add(call.frame().end(), all);
    }
    return all;
  }

  private static void add(WindowFrame.Bound bound, List<Expression> into) {
    if (bound.offset() != null) {
      into.add(bound.offset());
    }
  }

  @Override
  public Window mapExpressions(UnaryOperator<Expression> replacement) {
    return new Window(
        child,
        items.stream()
            .map(item -> new Item(item.column(), map(item.call(), replacement)))
            .toList());
  }

  /** The call with its expressions replaced. */
  public static WindowCall map(WindowCall call, UnaryOperator<Expression> replacement) {
    WindowFrame frame = call.frame();
    return new WindowCall(
        call.function(),
        call.aggregate() == null ? null : Aggregate.map(call.aggregate(), replacement),
        call.arguments().stream().map(replacement).toList(),
        call.partitionBy().stream().map(replacement).toList(),
        Aggregate.map(call.orderBy(), replacement),
        new WindowFrame(
            frame.unit(),
            map(frame.start(), replacement),
            map(frame.end(), replacement),
            frame.exclusion()),
        call.type(),
        call.position());
  }

  private static WindowFrame.Bound map(
      WindowFrame.Bound bound, UnaryOperator<Expression> replacement) {
    @Nullable Expression offset = bound.offset();
    return offset == null ? bound : new WindowFrame.Bound(bound.kind(), replacement.apply(offset));
  }
}
