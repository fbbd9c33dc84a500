// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Some rows: after leaving out {@code offset}, at most {@code count}. The expressions read no columns;
 * NULL means none left out, or no bound.
 *
 * @param ties the keys of a {@code WITH TIES}, by which the child is sorted; else empty
 */
public record Limit(
    LogicalPlan child,
    @Nullable Expression count,
    @Nullable Expression offset,
    List<SortOrder> ties)
    implements LogicalPlan {
  /** Copies. */
  public Limit {
    ties = List.copyOf(ties);
  }

  @Override
  public List<PlanColumn> output() {
    return child.output();
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(child);
  }

  @Override
  public Limit withChildren(List<LogicalPlan> children) {
    return new Limit(children.get(0), count, offset, ties);
  }

  @Override
  public List<Expression> expressions() {
    List<Expression> all = new ArrayList<>(2);
    if (count != null) {
      all.add(count);
    }
    if (offset != null) {
      all.add(offset);
    }
    return all;
  }

  @Override
  public Limit mapExpressions(UnaryOperator<Expression> replacement) {
    return new Limit(
        child,
        count == null ? null : replacement.apply(count),
        offset == null ? null : replacement.apply(offset),
        ties);
  }

  @Override
  public List<Integer> columnsRead() {
    return ties.stream().map(SortOrder::column).toList();
  }
}
