// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Expressions;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.DistinctOn;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.PlanRewriter;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.ProjectSet;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.plan.Window;
import dev.varve.query.plan.With;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves conditions as near to the tables as they go. On the way outer joins whose filled rows are
 * thrown away become inner joins, marks that only filter become semi and anti joins, and constants
 * spread over equalities.
 */
final class PredicatePushdown implements Pass {
  @Override
  public String name() {
    return "predicate_pushdown";
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan, PassContext context) {
    return new Pusher(plan).push(plan, List.of());
  }

  private static final class Pusher {
    private final Map<Integer, Integer> uses = new HashMap<>();

    Pusher(LogicalPlan plan) {
      countUses(plan);
    }

    private void countUses(LogicalPlan plan) {
      plan.expressions().forEach(this::count);
      plan.columnsRead().forEach(column -> uses.merge(column, 1, Integer::sum));
      plan.children().forEach(this::countUses);
    }

    private void count(Expression expression) {
      Expressions.visit(
          expression,
          each -> {
            if (each instanceof ColumnReference reference) {
              uses.merge(reference.column(), 1, Integer::sum);
            }
          });
    }

    /** The plan, filtered by {@code conjuncts} somewhere in it. */
    LogicalPlan push(LogicalPlan plan, List<Expression> conjuncts) {
      if (plan instanceof Filter filter) {
        return filter(filter, conjuncts);
      } else if (plan instanceof Project project) {
        return project(project, conjuncts);
      } else if (plan instanceof Join join) {
        return join(join, conjuncts);
      } else if (plan instanceof Aggregate aggregate) {
        BitSet keys = ColumnSet.of(aggregate.keys());
        return aggregate.isScalar() ? stop(plan, conjuncts) : split(plan, conjuncts, keys);
      } else if (plan instanceof Window window) {
        return split(plan, conjuncts, partitions(window));
      } else if (plan instanceof Sort) {
        return split(plan, conjuncts, ColumnSet.produced(plan));
      } else if (plan instanceof DistinctOn distinct) {
        BitSet keys = new BitSet();
        distinct.keys().forEach(keys::set);
        return split(plan, conjuncts, keys);
      } else if (plan instanceof ProjectSet set) {
        return split(plan, conjuncts, ColumnSet.produced(set.child()));
      } else if (plan instanceof UnionAll union) {
        return union(union, conjuncts);
      } else if (plan instanceof With with) {
        return with.withChildren(
            List.of(push(with.definition(), List.of()), push(with.body(), conjuncts)));
      }
      return stop(plan, conjuncts);
    }

    private LogicalPlan stop(LogicalPlan plan, List<Expression> conjuncts) {
      return Filter.of(PlanRewriter.mapChildren(plan, child -> push(child, List.of())), conjuncts);
    }

    /** Pushes below a node of one child what reads only columns that the node hands through. */
    private LogicalPlan split(LogicalPlan plan, List<Expression> conjuncts, BitSet through) {
      List<Expression> below = new ArrayList<>();
      List<Expression> above = new ArrayList<>();
      BitSet produced = ColumnSet.produced(plan);
      for (Expression conjunct : conjuncts) {
        BitSet read = ColumnSet.intersection(ColumnSet.read(conjunct), produced);
        boolean passes = ColumnSet.covers(through, read) && !read.isEmpty();
        (passes ? below : above).add(conjunct);
      }
      return Filter.of(PlanRewriter.mapChildren(plan, child -> push(child, below)), above);
    }

    private static BitSet partitions(Window window) {
      BitSet common = null;
      for (Window.Item item : window.items()) {
        BitSet columns = new BitSet();
        for (Expression key : item.call().partitionBy()) {
          if (key instanceof ColumnReference reference) {
            columns.set(reference.column());
          }
        }
        common = common == null ? columns : ColumnSet.intersection(common, columns);
      }
      return common == null ? new BitSet() : common;
    }

    private LogicalPlan filter(Filter filter, List<Expression> conjuncts) {
      List<Expression> pushed = new ArrayList<>(conjuncts);
      List<Expression> kept = new ArrayList<>();
      for (Expression conjunct : filter.conjuncts()) {
        if (Expressions.isVolatile(conjunct)) {
          kept.add(conjunct);
        } else if (!pushed.contains(conjunct)) {
          pushed.add(conjunct);
        }
      }
      return kept.isEmpty()
          ? push(filter.child(), pushed)
          : Filter.of(new Filter(push(filter.child(), List.of()), kept), pushed);
    }

    private LogicalPlan project(Project project, List<Expression> conjuncts) {
      Map<Integer, Expression> definitions = new HashMap<>();
      BitSet fixed = new BitSet();
      for (Assignment assignment : project.assignments()) {
        definitions.put(assignment.column().id(), assignment.expression());
        if (Expressions.isVolatile(assignment.expression())) {
          fixed.set(assignment.column().id());
        }
      }
      List<Expression> below = new ArrayList<>();
      List<Expression> above = new ArrayList<>();
      for (Expression conjunct : conjuncts) {
        if (ColumnSet.read(conjunct).intersects(fixed)) {
          above.add(conjunct);
        } else {
          Expression moved = PlanRewriter.substitute(conjunct, definitions);
          if (moved != conjunct) {
            count(moved);
          }
          below.add(moved);
        }
      }
      return Filter.of(new Project(push(project.child(), below), project.assignments()), above);
    }

    private LogicalPlan union(UnionAll union, List<Expression> conjuncts) {
      List<LogicalPlan> inputs = new ArrayList<>();
      for (int i = 0; i < union.inputs().size(); i++) {
        LogicalPlan input = union.inputs().get(i);
        Map<Integer, PlanColumn> produced = new HashMap<>();
        input.output().forEach(column -> produced.put(column.id(), column));
        Map<Integer, Expression> columns = new HashMap<>();
        for (int c = 0; c < union.output().size(); c++) {
          PlanColumn source = produced.get(union.inputColumns().get(i).get(c));
          columns.put(union.output().get(c).id(), source.reference());
        }
        inputs.add(
            push(
                input,
                conjuncts.stream().map(each -> PlanRewriter.substitute(each, columns)).toList()));
      }
      return union.withChildren(inputs);
    }

    // Joins

    private LogicalPlan join(Join join, List<Expression> conjuncts) {
      return switch (join.kind()) {
        case INNER -> inner(join, conjuncts);
        case LEFT, RIGHT, FULL -> outer(join, conjuncts);
        case SINGLE -> single(join, conjuncts);
        case SEMI, ANTI -> semi(join, conjuncts);
        case MARK -> mark(join, conjuncts);
      };
    }

    private LogicalPlan inner(Join join, List<Expression> conjuncts) {
      List<Expression> pool = new ArrayList<>(conjuncts);
      for (Expression condition : join.conditions()) {
        if (!pool.contains(condition)) {
          pool.add(condition);
        }
      }
      Equalities.spreadConstants(pool);
      Sides sides = new Sides(join, pool);
      return new Join(
          JoinKind.INNER,
          push(join.left(), sides.left),
          push(join.right(), sides.right),
          sides.both);
    }

    private LogicalPlan outer(Join join, List<Expression> conjuncts) {
      BitSet left = ColumnSet.produced(join.left());
      BitSet right = ColumnSet.produced(join.right());
      boolean rejectsLeft = conjuncts.stream().anyMatch(e -> NullRejection.rejects(e, left));
      boolean rejectsRight = conjuncts.stream().anyMatch(e -> NullRejection.rejects(e, right));
      JoinKind kind =
          switch (join.kind()) {
            case LEFT -> rejectsRight ? JoinKind.INNER : JoinKind.LEFT;
            case RIGHT -> rejectsLeft ? JoinKind.INNER : JoinKind.RIGHT;
            default ->
                rejectsLeft && rejectsRight
                    ? JoinKind.INNER
                    : rejectsLeft ? JoinKind.LEFT : rejectsRight ? JoinKind.RIGHT : JoinKind.FULL;
          };
      if (kind == JoinKind.INNER) {
        return inner(join.withKind(kind), conjuncts);
      }
      Sides above = new Sides(join, conjuncts);
      Sides within = new Sides(join, join.conditions());
      List<Expression> kept = new ArrayList<>(above.both);
      List<Expression> toLeft = new ArrayList<>();
      List<Expression> toRight = new ArrayList<>();
      List<Expression> conditions = new ArrayList<>(within.both);
      (kind == JoinKind.LEFT ? toLeft : kept).addAll(above.left);
      (kind == JoinKind.RIGHT ? toRight : kept).addAll(above.right);
      (kind == JoinKind.RIGHT ? toLeft : conditions).addAll(within.left);
      (kind == JoinKind.LEFT ? toRight : conditions).addAll(within.right);
      return Filter.of(
          new Join(kind, push(join.left(), toLeft), push(join.right(), toRight), conditions), kept);
    }

    private LogicalPlan single(Join join, List<Expression> conjuncts) {
      if (Uniqueness.hasAtMostOnePartner(join)) {
        return outer(join.withKind(JoinKind.LEFT), conjuncts);
      }
      Sides above = new Sides(join, conjuncts);
      Sides within = new Sides(join, join.conditions());
      List<Expression> kept = new ArrayList<>(above.both);
      kept.addAll(above.right);
      List<Expression> conditions = new ArrayList<>(within.both);
      conditions.addAll(within.left);
      return Filter.of(
          new Join(
              JoinKind.SINGLE,
              push(join.left(), above.left),
              push(join.right(), within.right),
              conditions),
          kept);
    }

    private LogicalPlan semi(Join join, List<Expression> conjuncts) {
      Sides within = new Sides(join, join.conditions());
      List<Expression> toLeft = new ArrayList<>(conjuncts);
      List<Expression> conditions = new ArrayList<>(within.both);
      (join.kind() == JoinKind.SEMI ? toLeft : conditions).addAll(within.left);
      return lowered(
          new Join(join.kind(), join.left(), push(join.right(), within.right), conditions), toLeft);
    }

    /** A semi or anti join filters as a condition does: it goes to the input that it reads. */
    private LogicalPlan lowered(Join join, List<Expression> conjuncts) {
      if (join.left() instanceof Join below && below.kind() == JoinKind.INNER) {
        BitSet read =
            ColumnSet.union(ColumnSet.read(join.conditions()), ColumnSet.free(join.right()));
        BitSet left = ColumnSet.produced(below.left());
        BitSet right = ColumnSet.produced(below.right());
        boolean dependent = ColumnSet.free(below.right()).intersects(left);
        if (!dependent && !join.conditions().isEmpty()) {
          if (read.intersects(left) && !read.intersects(right)) {
            Join moved = new Join(join.kind(), below.left(), join.right(), join.conditions());
            return push(
                new Join(JoinKind.INNER, moved, below.right(), below.conditions()), conjuncts);
          }
          if (read.intersects(right) && !read.intersects(left)) {
            Join moved = new Join(join.kind(), below.right(), join.right(), join.conditions());
            return push(
                new Join(JoinKind.INNER, below.left(), moved, below.conditions()), conjuncts);
          }
        }
      }
      return new Join(join.kind(), push(join.left(), conjuncts), join.right(), join.conditions());
    }

    private LogicalPlan mark(Join join, List<Expression> conjuncts) {
      PlanColumn mark = java.util.Objects.requireNonNull(join.mark());
      List<Expression> toLeft = new ArrayList<>();
      List<Expression> kept = new ArrayList<>();
      JoinKind filtering = null;
      for (Expression conjunct : conjuncts) {
        if (!ColumnSet.read(conjunct).get(mark.id())) {
          toLeft.add(conjunct);
        } else {
          JoinKind kind = uses.getOrDefault(mark.id(), 0) == 1 ? filters(conjunct, join) : null;
          if (kind == null) {
            kept.add(conjunct);
          } else {
            filtering = kind;
          }
        }
      }
      if (filtering != null) {
        List<Expression> conditions = new ArrayList<>(join.conditions());
        conditions.addAll(join.comparisons());
        return semi(new Join(filtering, join.left(), join.right(), conditions), toLeft);
      }
      Sides within = new Sides(join, join.conditions());
      List<Expression> conditions = new ArrayList<>(within.both);
      conditions.addAll(within.left);
      return Filter.of(
          new Join(
              JoinKind.MARK,
              push(join.left(), toLeft),
              push(join.right(), within.right),
              conditions,
              join.comparisons(),
              mark),
          kept);
    }

    /** The join that a filter on nothing but the mark makes of it, or null. */
    private static @Nullable JoinKind filters(Expression conjunct, Join join) {
      if (conjunct instanceof ColumnReference) {
        return JoinKind.SEMI;
      }
      if (conjunct instanceof Expression.Not not
          && not.operand() instanceof ColumnReference
          && join.comparisons().stream().allMatch(each -> isNeverNull(each, join))) {
        return JoinKind.ANTI;
      }
      return null;
    }

    private static boolean isNeverNull(Expression comparison, Join join) {
      List<PlanColumn> columns = new ArrayList<>(join.left().output());
      columns.addAll(join.right().output());
      BitSet never = new BitSet();
      columns.stream().filter(column -> !column.nullable()).forEach(c -> never.set(c.id()));
      return comparison instanceof Expression.Comparison
          && Expressions.children(comparison).stream()
              .allMatch(
                  side ->
                      side instanceof ColumnReference reference && never.get(reference.column())
                          || side instanceof Expression.Constant constant
                              && constant.value() != null);
    }
  }

  /** Conditions by the inputs of a join that they read. */
  private static final class Sides {
    final List<Expression> left = new ArrayList<>();
    final List<Expression> right = new ArrayList<>();
    final List<Expression> both = new ArrayList<>();

    Sides(Join join, List<Expression> conditions) {
      BitSet leftColumns = ColumnSet.produced(join.left());
      BitSet rightColumns = ColumnSet.produced(join.right());
      for (Expression condition : conditions) {
        BitSet read = ColumnSet.read(condition);
        boolean readsLeft = read.intersects(leftColumns);
        boolean readsRight = read.intersects(rightColumns);
        boolean movable = !Expressions.isVolatile(condition);
        if (movable && readsRight && !readsLeft) {
          right.add(condition);
        } else if (movable && !readsRight) {
          left.add(condition);
        } else {
          both.add(condition);
        }
      }
    }
  }
}
