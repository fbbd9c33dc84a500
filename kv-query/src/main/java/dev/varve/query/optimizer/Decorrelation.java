// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.PlanRewriter;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.Values;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes dependent joins independent: the conditions in which the right side reads the left one move
 * up into the join. A grouped subquery is grouped by what it compares with the left side, too, so that
 * it is computed once for all left rows. Where that is not sound, the join stays as it is.
 */
final class Decorrelation implements Pass {
  @Override
  public String name() {
    return "decorrelation";
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan, PassContext context) {
    return PlanRewriter.bottomUp(
        plan, node -> node instanceof Join join ? decorrelated(join, context) : node);
  }

  private static LogicalPlan decorrelated(Join join, PassContext context) {
    BitSet outer =
        ColumnSet.intersection(ColumnSet.free(join.right()), ColumnSet.produced(join.left()));
    if (outer.isEmpty()) {
      return join;
    }
    LogicalPlan computed = computed(join);
    if (computed != null) {
      return computed;
    }
    Aggregate scalar = scalarAggregate(join.right());
    LogicalPlan result =
        scalar == null ? lifted(join, outer, context) : grouped(join, scalar, outer, context);
    return result == null ? join : result;
  }

  /** A subquery without FROM is nothing but further columns. */
  private static @Nullable LogicalPlan computed(Join join) {
    boolean fits =
        (join.kind() == JoinKind.INNER
                || join.kind() == JoinKind.LEFT
                || join.kind() == JoinKind.SINGLE)
            && join.conditions().isEmpty();
    return fits
            && join.right() instanceof Project project
            && project.child() instanceof Values values
            && values.output().isEmpty()
            && values.rows().size() == 1
        ? Project.extending(join.left(), project.assignments())
        : null;
  }

  private static @Nullable LogicalPlan lifted(Join join, BitSet outer, PassContext context) {
    boolean existence =
        join.kind() == JoinKind.SEMI
            || join.kind() == JoinKind.ANTI
            || join.kind() == JoinKind.MARK;
    if (join.kind() == JoinKind.RIGHT || join.kind() == JoinKind.FULL) {
      return null;
    }
    Lifting.Result result =
        new Lifting(outer, existence, join.comparisons().isEmpty(), context).lift(join.right());
    if (result == null || ColumnSet.free(result.plan()).intersects(outer)) {
      return null;
    }
    List<Expression> conditions = new ArrayList<>(join.conditions());
    conditions.addAll(result.conditions());
    return new Join(
        join.kind(), join.left(), result.plan(), conditions, join.comparisons(), join.mark());
  }

  // Scalar aggregates

  /** The aggregate without keys under projections and filters, or null. */
  private static @Nullable Aggregate scalarAggregate(LogicalPlan plan) {
    LogicalPlan at = plan;
    while (at instanceof Project || at instanceof Filter) {
      at = at.children().get(0);
    }
    return at instanceof Aggregate aggregate && aggregate.isScalar() ? aggregate : null;
  }

  private static @Nullable LogicalPlan grouped(
      Join join, Aggregate scalar, BitSet outer, PassContext context) {
    boolean single = join.kind() == JoinKind.SINGLE;
    boolean lateral = join.kind() == JoinKind.INNER || join.kind() == JoinKind.LEFT;
    boolean itemsRead = ColumnSet.read(scalar.expressions()).intersects(outer);
    boolean filters = !join.conditions().isEmpty() && join.kind() != JoinKind.INNER;
    if (!single && !lateral || filters || itemsRead) {
      return null;
    }
    if (hasFilter(join.right()) && join.kind() != JoinKind.INNER) {
      return null;
    }
    Lifting lifting = new Lifting(outer, false, false, context);
    Lifting.Result result = lifting.lift(scalar.child());
    if (result == null || ColumnSet.free(result.plan()).intersects(outer)) {
      return null;
    }
    Lifting.Keyed keyed = lifting.keyed(result);
    if (keyed == null) {
      return null;
    }
    List<Aggregate.Item> items = new ArrayList<>();
    List<Assignment> defaults = new ArrayList<>();
    for (Aggregate.Item item : scalar.items()) {
      boolean counts = item.call().function().name().equals("count");
      PlanColumn column = counts ? context.columns().copy(item.column()) : item.column();
      items.add(new Aggregate.Item(column, item.call()));
      if (counts) {
        defaults.add(new Assignment(item.column(), zeroForNull(column)));
      }
    }
    Aggregate grouped = new Aggregate(keyed.plan(), keyed.keys(), items);
    LogicalPlan joined =
        Project.extending(
            new Join(JoinKind.LEFT, join.left(), grouped, keyed.conditions()), defaults);
    return Filter.of(above(join.right(), joined), join.conditions());
  }

  private static Expression zeroForNull(PlanColumn count) {
    return new Expression.Coalesce(
        List.of(count.reference(), new Expression.Constant(0L, SqlType.BIGINT, Position.NONE)),
        SqlType.BIGINT,
        Position.NONE);
  }

  private static boolean hasFilter(LogicalPlan plan) {
    return plan instanceof Filter || plan instanceof Project project && hasFilter(project.child());
  }

  /** What stood between the join and the aggregate, over the joined rows. */
  private static LogicalPlan above(LogicalPlan plan, LogicalPlan joined) {
    if (plan instanceof Project project) {
      return Project.extending(above(project.child(), joined), project.assignments());
    } else if (plan instanceof Filter filter) {
      return new Filter(above(filter.child(), joined), filter.conjuncts());
    }
    return joined;
  }
}
