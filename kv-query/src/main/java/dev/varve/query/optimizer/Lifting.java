// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Expressions;
import dev.varve.query.function.WindowCall;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.Window;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the conditions that read columns of an enclosing join out of a plan, and makes the plan yield
 * the columns of its own that they read.
 */
final class Lifting {
  private final BitSet outer;
  private final boolean onlyExistence;
  private final boolean anyRowWill;
  private final PassContext context;

  /**
   * @param outer the columns of the enclosing join
   * @param onlyExistence whether duplicates do not matter to the join
   * @param anyRowWill whether nothing but the existence of a row matters to it
   */
  Lifting(BitSet outer, boolean onlyExistence, boolean anyRowWill, PassContext context) {
    this.outer = outer;
    this.onlyExistence = onlyExistence;
    this.anyRowWill = anyRowWill;
    this.context = context;
  }

  /** A plan and the conditions taken out of it. */
  record Result(LogicalPlan plan, List<Expression> conditions) {}

  /** A plan that yields columns whose equality with outer expressions is all that was taken out. */
  record Keyed(LogicalPlan plan, List<PlanColumn> keys, List<Expression> conditions) {}

  /** Lifts the conditions out of {@code plan}; null when that would change its meaning. */
  @Nullable Result lift(LogicalPlan plan) {
    if (!ColumnSet.free(plan).intersects(outer)) {
      return new Result(plan, List.of());
    } else if (plan instanceof Filter filter) {
      return filter(filter);
    } else if (plan instanceof Project project) {
      return project(project);
    } else if (plan instanceof Join join) {
      return join(join);
    } else if (plan instanceof Aggregate aggregate) {
      return aggregate(aggregate);
    } else if (plan instanceof Sort sort) {
      return lift(sort.child());
    } else if (plan instanceof Limit limit) {
      return limit(limit);
    } else if (plan instanceof Window window) {
      return window(window);
    }
    return null;
  }

  private boolean readsOuter(Expression expression) {
    return ColumnSet.read(expression).intersects(outer);
  }

  private @Nullable Result filter(Filter filter) {
    Result below = lift(filter.child());
    if (below == null) {
      return null;
    }
    List<Expression> local = new ArrayList<>();
    List<Expression> lifted = new ArrayList<>(below.conditions());
    for (Expression conjunct : filter.conjuncts()) {
      if (readsOuter(conjunct) && Expressions.isVolatile(conjunct)) {
        return null;
      }
      (readsOuter(conjunct) ? lifted : local).add(conjunct);
    }
    return new Result(Filter.of(below.plan(), local), lifted);
  }

  private @Nullable Result project(Project project) {
    Result below = lift(project.child());
    if (below == null || project.expressions().stream().anyMatch(this::readsOuter)) {
      return null;
    }
    BitSet wanted = ColumnSet.read(below.conditions());
    wanted.andNot(outer);
    wanted.andNot(ColumnSet.produced(project));
    List<Assignment> assignments = new ArrayList<>(project.assignments());
    for (PlanColumn column : below.plan().output()) {
      if (wanted.get(column.id())) {
        assignments.add(Assignment.identity(column));
      }
    }
    return new Result(new Project(below.plan(), assignments), below.conditions());
  }

  private @Nullable Result join(Join join) {
    boolean conditionsRead = join.expressions().stream().anyMatch(this::readsOuter);
    if (join.kind() == JoinKind.INNER) {
      Result left = lift(join.left());
      Result right = lift(join.right());
      if (left == null || right == null) {
        return null;
      }
      List<Expression> local = new ArrayList<>();
      List<Expression> lifted = new ArrayList<>(left.conditions());
      lifted.addAll(right.conditions());
      join.conditions().forEach(each -> (readsOuter(each) ? lifted : local).add(each));
      return new Result(new Join(JoinKind.INNER, left.plan(), right.plan(), local), lifted);
    }
    boolean keepsLeft = join.kind() != JoinKind.RIGHT && join.kind() != JoinKind.FULL;
    if (!keepsLeft || conditionsRead || ColumnSet.free(join.right()).intersects(outer)) {
      return null;
    }
    Result left = lift(join.left());
    return left == null
        ? null
        : new Result(join.withChildren(List.of(left.plan(), join.right())), left.conditions());
  }

  private @Nullable Result aggregate(Aggregate aggregate) {
    if (aggregate.isScalar() || aggregate.expressions().stream().anyMatch(this::readsOuter)) {
      return null;
    }
    Result below = lift(aggregate.child());
    if (below == null) {
      return null;
    }
    if (aggregate.items().isEmpty() && onlyExistence) {
      BitSet wanted = ColumnSet.read(below.conditions());
      wanted.andNot(outer);
      Set<PlanColumn> keys = new LinkedHashSet<>(aggregate.keys());
      below.plan().output().stream().filter(c -> wanted.get(c.id())).forEach(keys::add);
      return new Result(
          new Aggregate(below.plan(), List.copyOf(keys), List.of()), below.conditions());
    }
    Keyed keyed = keyed(below);
    if (keyed == null) {
      return null;
    }
    Set<PlanColumn> keys = new LinkedHashSet<>(aggregate.keys());
    keys.addAll(keyed.keys());
    return new Result(
        new Aggregate(keyed.plan(), List.copyOf(keys), aggregate.items()), keyed.conditions());
  }

  private @Nullable Result limit(Limit limit) {
    boolean keepsOne =
        anyRowWill
            && onlyExistence
            && limit.offset() == null
            && limit.count() instanceof Expression.Constant constant
            && constant.value() instanceof Long count
            && count >= 1;
    return keepsOne ? lift(limit.child()) : null;
  }

  private @Nullable Result window(Window window) {
    if (window.expressions().stream().anyMatch(this::readsOuter)) {
      return null;
    }
    Result below = lift(window.child());
    Keyed keyed = below == null ? null : keyed(below);
    if (keyed == null) {
      return null;
    }
    List<Window.Item> items = new ArrayList<>();
    for (Window.Item item : window.items()) {
      WindowCall call = item.call();
      List<Expression> partitions = new ArrayList<>(call.partitionBy());
      keyed.keys().forEach(key -> partitions.add(key.reference()));
      items.add(
          new Window.Item(
              item.column(),
              new WindowCall(
                  call.function(),
                  call.aggregate(),
                  call.arguments(),
                  partitions,
                  call.orderBy(),
                  call.frame(),
                  call.type(),
                  call.position())));
    }
    return new Result(new Window(keyed.plan(), items), keyed.conditions());
  }

  /** The conditions as equalities between columns of the plan and outer expressions, else null. */
  @Nullable Keyed keyed(Result result) {
    List<Assignment> computed = new ArrayList<>();
    Set<PlanColumn> keys = new LinkedHashSet<>();
    List<Expression> conditions = new ArrayList<>();
    for (Expression condition : result.conditions()) {
      if (!(condition instanceof Expression.Comparison comparison)
          || comparison.operator() != ComparisonOperator.EQUAL) {
        return null;
      }
      boolean leftIsOuter = isOuterOnly(comparison.left());
      Expression inner = leftIsOuter ? comparison.right() : comparison.left();
      Expression other = leftIsOuter ? comparison.left() : comparison.right();
      if (!isOuterOnly(other) || readsOuter(inner)) {
        return null;
      }
      PlanColumn key = key(inner, result.plan(), computed);
      keys.add(key);
      conditions.add(
          new Expression.Comparison(
              ComparisonOperator.EQUAL, key.reference(), other, comparison.position()));
    }
    return new Keyed(Project.extending(result.plan(), computed), List.copyOf(keys), conditions);
  }

  private boolean isOuterOnly(Expression expression) {
    BitSet read = ColumnSet.read(expression);
    return !read.isEmpty() && ColumnSet.covers(outer, read);
  }

  private PlanColumn key(Expression inner, LogicalPlan plan, List<Assignment> computed) {
    if (inner instanceof ColumnReference reference) {
      for (PlanColumn column : plan.output()) {
        if (column.id() == reference.column()) {
          return column;
        }
      }
    }
    for (Assignment assignment : computed) {
      if (assignment.expression().equals(inner)) {
        return assignment.column();
      }
    }
    PlanColumn column = context.columns().column("key", inner.type(), true);
    computed.add(new Assignment(column, inner));
    return column;
  }
}
