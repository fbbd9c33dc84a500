// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Expressions;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;

/** Which columns things produce and read, as bit sets over column numbers. */
public final class ColumnSet {
  private ColumnSet() {}

  /** The columns a plan produces. */
  public static BitSet produced(LogicalPlan plan) {
    return of(plan.output());
  }

  /** The numbers of {@code columns}. */
  public static BitSet of(Collection<PlanColumn> columns) {
    BitSet set = new BitSet();
    columns.forEach(column -> set.set(column.id()));
    return set;
  }

  /** The columns an expression reads. */
  public static BitSet read(Expression expression) {
    BitSet set = new BitSet();
    forEachReference(expression, set::set);
    return set;
  }

  /** The columns some expressions read. */
  public static BitSet read(Collection<? extends Expression> expressions) {
    BitSet set = new BitSet();
    expressions.forEach(expression -> forEachReference(expression, set::set));
    return set;
  }

  /** The columns a plan reads from outside: those of enclosing dependent joins. */
  public static BitSet free(LogicalPlan plan) {
    BitSet free = new BitSet();
    BitSet produced = new BitSet();
    Deque<LogicalPlan> rest = new ArrayDeque<>();
    rest.push(plan);
    while (!rest.isEmpty()) {
      LogicalPlan node = rest.pop();
      node.expressions().forEach(expression -> forEachReference(expression, free::set));
      node.columnsRead().forEach(free::set);
      node.output().forEach(column -> produced.set(column.id()));
      node.children().forEach(rest::push);
    }
    free.andNot(produced);
    return free;
  }

  /** Whether every column that {@code expression} reads is in {@code columns}. */
  public static boolean covers(BitSet columns, Expression expression) {
    return covers(columns, read(expression));
  }

  /** Whether {@code part} is a subset of {@code whole}. */
  public static boolean covers(BitSet whole, BitSet part) {
    BitSet missing = (BitSet) part.clone();
    missing.andNot(whole);
    return missing.isEmpty();
  }

  /** The union. */
  public static BitSet union(BitSet first, BitSet second) {
    BitSet all = (BitSet) first.clone();
    all.or(second);
    return all;
  }

  /** The intersection. */
  public static BitSet intersection(BitSet first, BitSet second) {
    BitSet both = (BitSet) first.clone();
    both.and(second);
    return both;
  }

  private static void forEachReference(Expression root, IntConsumer action) {
    if (root instanceof ColumnReference reference) {
      action.accept(reference.column());
      return;
    }
    List<Expression> children = Expressions.children(root);
    for (int i = 0; i < children.size(); i++) {
      forEachReference(children.get(i), action);
    }
  }
}
