// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.expression.Expressions;
import dev.varve.query.operator.ApplyOperator;
import dev.varve.query.operator.HashJoin;
import dev.varve.query.operator.IndexJoin;
import dev.varve.query.operator.IndexSource;
import dev.varve.query.operator.JoinSpec;
import dev.varve.query.operator.NestedLoopJoin;
import dev.varve.query.operator.ValuesOperator;
import dev.varve.query.optimizer.Cardinality;
import dev.varve.query.physical.PlannerOptions.Algorithm;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Scan;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses how a join is done. */
final class JoinPlanner {
  private final PhysicalPlanner planner;
  private final Resolver resolver;
  private final Cardinality cardinality;
  private final ScanPlanner scans;
  private final PlannerOptions options;

  JoinPlanner(
      PhysicalPlanner planner,
      Resolver resolver,
      Cardinality cardinality,
      ScanPlanner scans,
      PlannerOptions options) {
    this.planner = planner;
    this.resolver = resolver;
    this.cardinality = cardinality;
    this.scans = scans;
    this.options = options;
  }

  PhysicalPlan plan(Join join, Need need) {
    cardinality.rows(join);
    BitSet read = ColumnSet.union(need.columns(), ColumnSet.read(join.expressions()));
    BitSet outer = ColumnSet.free(join.right());
    outer.and(ColumnSet.produced(join.left()));
    if (!outer.isEmpty()) {
      return dependent(join, need, read, outer);
    }
    JoinKeys keys = JoinKeys.of(join);
    PhysicalPlan best =
        !keys.isEmpty() && options.allows(Algorithm.HASH_JOIN)
            ? hash(join, keys, need, read)
            : nestedLoop(join, need, read);
    if (options.allows(Algorithm.INDEX_JOIN)) {
      PhysicalPlan indexed = indexed(join, need, read);
      if (indexed != null && indexed.cost() < best.cost()) {
        best = indexed;
      }
      if (join.kind() == JoinKind.INNER) {
        PhysicalPlan other = indexed(swapped(join, JoinKind.INNER), need, read);
        if (other != null && other.cost() < best.cost()) {
          best = other;
        }
      }
    }
    return best;
  }

  // Index join

  private @Nullable PhysicalPlan indexed(Join join, Need need, BitSet read) {
    List<Expression> local = List.of();
    LogicalPlan right = join.right();
    if (right instanceof Filter filter) {
      local = filter.conjuncts();
      right = filter.child();
    }
    boolean possible =
        join.kind() != JoinKind.RIGHT
            && join.kind() != JoinKind.FULL
            && !join.conditions().isEmpty();
    if (!possible || !(right instanceof Scan scan)) {
      return null;
    }
    List<Expression> all = new ArrayList<>(join.conditions());
    all.addAll(local);
    BitSet leftColumns = ColumnSet.produced(join.left());
    TableAccess access = new TableAccess(resolver, scan, local, Need.of(read));
    ScanPlanner.Path best = null;
    double bestCost = Double.POSITIVE_INFINITY;
    for (ScanPlanner.Path path :
        scans.paths(scan, all, access, id -> leftColumns.get(id) || resolver.isHandedDown(id))) {
      boolean usesLeft =
          path.match().used().stream()
              .anyMatch(condition -> ColumnSet.read(condition).intersects(leftColumns));
      double cost = scans.lookUpCost(path);
      if (usesLeft && cost < bestCost) {
        best = path;
        bestCost = cost;
      }
    }
    if (best == null) {
      return null;
    }
    return indexed(join, scan, local, access, best, need, read);
  }

  private PhysicalPlan indexed(
      Join join,
      Scan scan,
      List<Expression> local,
      TableAccess access,
      ScanPlanner.Path path,
      Need need,
      BitSet read) {
    PhysicalPlan left = planner.plan(join.left(), Need.of(read).ordered(need));
    PhysicalPlan right =
        new PhysicalPlan(
            ScanPlanner.lookUpName(path, scan),
            ScanPlanner.details(path),
            List.of(),
            access.columns(),
            List.of(),
            path.rows(),
            scans.lookUpCost(path),
            (children, compiler) -> new ValuesOperator(List.of(), List.of()));
    List<Expression> conditions = new ArrayList<>(join.conditions());
    conditions.retainAll(path.residual());
    List<Expression> ofRow = new ArrayList<>(local);
    ofRow.retainAll(path.residual());
    List<Expression> predicates = resolver.resolveAll(ofRow, access.columns());
    List<PlanColumn> outer = left.columns();
    Shape shape = new Shape(join, left, right, conditions, join.comparisons(), need);
    IndexSource source = ScanPlanner.indexSource(path);
    boolean point = path.index() == null && path.match().isWhole() && path.match().isSingle();
    return shape.plan(
        "Index Join",
        left.cost() + left.rows() * (scans.lookUpCost(path) + 1),
        (children, compiler) ->
            new IndexJoin(
                shape.spec(compiler),
                children.get(0),
                access.source(compiler, predicates),
                source,
                path.match().compile(compiler, each -> resolver.resolve(each, outer)),
                point));
  }

  private PhysicalPlan dependent(Join join, Need need, BitSet read, BitSet outer) {
    PhysicalPlan left =
        planner.plan(join.left(), Need.of(ColumnSet.union(read, outer)).ordered(need));
    int[] slots = outer.stream().map(resolver::slot).toArray();
    int[] sources = outer.stream().map(left::position).toArray();
    double limit = onlyFirstMatters(join) ? 1 : Need.ALL;
    PhysicalPlan right = planner.plan(join.right(), new Need(read, List.of(), limit));
    boolean cacheable = !isVolatile(join.right());
    Shape shape = new Shape(join, left, right, join.conditions(), join.comparisons(), need);
    return shape.plan(
        "Nested Loop (dependent)",
        left.cost() + left.rows() * Math.max(1, right.cost()),
        (children, compiler) ->
            new ApplyOperator(
                shape.spec(compiler), children.get(0), children.get(1), sources, slots, cacheable));
  }

  private static boolean onlyFirstMatters(Join join) {
    return join.conditions().isEmpty()
        && (join.kind() == JoinKind.SEMI
            || join.kind() == JoinKind.ANTI
            || join.kind() == JoinKind.MARK && join.comparisons().isEmpty());
  }

  private static boolean isVolatile(LogicalPlan plan) {
    return plan.expressions().stream().anyMatch(Expressions::isVolatile)
        || plan.children().stream().anyMatch(JoinPlanner::isVolatile);
  }

  private PhysicalPlan nestedLoop(Join join, Need need, BitSet read) {
    if (join.kind() == JoinKind.RIGHT) {
      return planner.plan(swapped(join, JoinKind.LEFT), need);
    }
    boolean swap =
        join.kind() == JoinKind.INNER
            && need.order().isEmpty()
            && cardinality.rows(join.left()) < cardinality.rows(join.right());
    Join chosen = swap ? swapped(join, JoinKind.INNER) : join;
    PhysicalPlan left = planner.plan(chosen.left(), Need.of(read).ordered(need));
    PhysicalPlan right = planner.plan(chosen.right(), Need.of(read));
    Shape shape = new Shape(chosen, left, right, chosen.conditions(), chosen.comparisons(), need);
    return shape.plan(
        "Nested Loop",
        left.cost() + right.cost() + left.rows() * right.rows() * 0.1,
        (children, compiler) ->
            new NestedLoopJoin(shape.spec(compiler), children.get(0), children.get(1)));
  }

  private static Join swapped(Join join, JoinKind kind) {
    return new Join(kind, join.right(), join.left(), join.conditions());
  }

  // Hash join

  private PhysicalPlan hash(Join join, JoinKeys keys, Need need, BitSet read) {
    Join chosen = join;
    JoinKeys chosenKeys = keys;
    if (buildsLeft(join)) {
      chosen =
          swapped(
              join,
              switch (join.kind()) {
                case LEFT -> JoinKind.RIGHT;
                case RIGHT -> JoinKind.LEFT;
                default -> join.kind();
              });
      chosenKeys = keys.swapped();
    }
    PhysicalPlan left = keyed(chosen.left(), chosenKeys.left(), Need.of(read).ordered(need));
    PhysicalPlan right = keyed(chosen.right(), chosenKeys.right(), Need.of(read));
    int[] leftKeys = positions(left, chosenKeys.left());
    int[] rightKeys = positions(right, chosenKeys.right());
    boolean[] nullSafe = chosenKeys.nullSafe();
    boolean nullAware = chosenKeys.areComparisons();
    List<Expression> comparisons = nullAware ? List.of() : chosen.comparisons();
    Shape shape =
        new Shape(chosen, left, right, chosenKeys.residual(), comparisons, need)
            .detailed("Hash Cond: " + chosenKeys.text());
    return shape.plan(
        "Hash Join",
        left.cost() + right.cost() + left.rows() * 0.5 + right.rows() * 1.2,
        (children, compiler) ->
            new HashJoin(
                shape.spec(compiler),
                children.get(0),
                children.get(1),
                leftKeys,
                rightKeys,
                nullSafe,
                nullAware));
  }

  /** Whether the left side is the one to be put into the table. */
  private boolean buildsLeft(Join join) {
    return switch (join.kind()) {
      case INNER, LEFT, RIGHT, FULL ->
          cardinality.rows(join.left()) < cardinality.rows(join.right()) * 0.8;
      default -> false;
    };
  }

  /** A plan whose columns include the keys; those that are no columns are computed. */
  private PhysicalPlan keyed(LogicalPlan plan, List<Expression> keys, Need need) {
    PhysicalPlan planned = planner.plan(plan, need.and(ColumnSet.read(keys)));
    List<Expression> computed =
        keys.stream().filter(key -> !(key instanceof Expression.ColumnReference)).toList();
    return computed.isEmpty() ? planned : extended(planned, computed);
  }

  private PhysicalPlan extended(PhysicalPlan plan, List<Expression> computed) {
    List<PlanColumn> columns = new ArrayList<>(plan.columns());
    List<Expression> expressions = new ArrayList<>();
    plan.columns().forEach(column -> expressions.add(column.reference()));
    for (Expression expression : computed) {
      columns.add(new PlanColumn(-1, "key", expression.type(), true));
      expressions.add(expression);
    }
    List<Expression> resolved = resolver.resolveAll(expressions, plan.columns());
    return new PhysicalPlan(
        "Project",
        List.of(),
        List.of(plan),
        columns,
        plan.order(),
        plan.rows(),
        plan.cost() + plan.rows() * 0.1 * computed.size(),
        (children, compiler) ->
            new dev.varve.query.operator.ProjectOperator(
                children.get(0), compiler.compileAll(resolved), PhysicalPlanner.types(columns)));
  }

  private static int[] positions(PhysicalPlan plan, List<Expression> keys) {
    int[] positions = new int[keys.size()];
    int computed = (int) plan.columns().stream().takeWhile(column -> column.id() >= 0).count();
    for (int i = 0; i < positions.length; i++) {
      positions[i] =
          keys.get(i) instanceof Expression.ColumnReference reference
              ? plan.position(reference.column())
              : computed++;
    }
    return positions;
  }

  /** What the algorithms share: the columns put out, and what remains to be checked. */
  private final class Shape {
    private final Join join;
    private final PhysicalPlan left;
    private final PhysicalPlan right;
    private final List<Expression> conditions;
    private final List<Expression> comparisons;
    private final BitSet readPositions = new BitSet();
    private final BitSet outputPositions = new BitSet();
    private final List<String> details = new ArrayList<>();

    Shape(
        Join join,
        PhysicalPlan left,
        PhysicalPlan right,
        List<Expression> conditions,
        List<Expression> comparisons,
        Need need) {
      this.join = join;
      this.left = left;
      this.right = right;
      List<PlanColumn> both = new ArrayList<>(left.columns());
      both.addAll(right.columns());
      this.conditions = resolver.resolveAll(conditions, both);
      this.comparisons = resolver.resolveAll(comparisons, both);
      readPositions.or(ColumnSet.read(this.conditions));
      readPositions.or(ColumnSet.read(this.comparisons));
      for (int i = 0; i < both.size(); i++) {
        outputPositions.set(i, both.get(i).id() >= 0 && need.has(both.get(i).id()));
      }
      if (!conditions.isEmpty()) {
        details.add("Join Filter: " + Explanation.conjunction(conditions));
      }
    }

    Shape detailed(String line) {
      details.add(0, line);
      return this;
    }

    JoinSpec spec(ExpressionCompiler compiler) {
      return new JoinSpec(
          join.kind(),
          evaluator(conditions, compiler),
          evaluator(comparisons, compiler),
          readPositions,
          outputPositions);
    }

    private static @Nullable Evaluator evaluator(
        List<Expression> expressions, ExpressionCompiler compiler) {
      return expressions.isEmpty() ? null : compiler.compile(Expressions.and(expressions));
    }

    PhysicalPlan plan(String algorithm, double cost, PhysicalPlan.Factory factory) {
      List<PlanColumn> columns = new ArrayList<>(left.columns());
      if (join.mark() != null) {
        columns.add(join.mark());
      } else if (join.kind().producesRight()) {
        columns.addAll(right.columns());
      }
      List<SortOrder> order =
          switch (join.kind()) {
            case INNER, SEMI, ANTI, MARK -> left.order();
            default -> List.of();
          };
      double rows = cardinality.rows(join);
      String kind =
          join.kind() == JoinKind.INNER
              ? ""
              : " "
                  + join.kind().name().charAt(0)
                  + join.kind().name().substring(1).toLowerCase(Locale.ROOT);
      return new PhysicalPlan(
          algorithm + kind,
          details,
          List.of(left, right),
          columns,
          order,
          rows,
          cost + rows * 0.2,
          factory);
    }
  }

  /** The equalities of a join that can be looked up in a hash table. */
  record JoinKeys(
      List<Expression> left,
      List<Expression> right,
      boolean[] nullSafe,
      List<Expression> residual,
      boolean areComparisons) {
    boolean isEmpty() {
      return left.isEmpty();
    }

    JoinKeys swapped() {
      return new JoinKeys(right, left, nullSafe, residual, areComparisons);
    }

    String text() {
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        pairs.add(
            "(" + Explanation.text(left.get(i)) + " = " + Explanation.text(right.get(i)) + ")");
      }
      return String.join(" AND ", pairs);
    }

    static JoinKeys of(Join join) {
      boolean single =
          join.kind() == JoinKind.MARK
              && join.conditions().isEmpty()
              && join.comparisons().size() == 1;
      List<Expression> candidates = single ? join.comparisons() : join.conditions();
      BitSet leftColumns = ColumnSet.produced(join.left());
      BitSet rightColumns = ColumnSet.produced(join.right());
      List<Expression> left = new ArrayList<>();
      List<Expression> right = new ArrayList<>();
      List<Expression> residual = new ArrayList<>();
      List<Boolean> safe = new ArrayList<>();
      for (Expression candidate : candidates) {
        Expression.Comparison equality = equality(candidate);
        BitSet one = equality == null ? new BitSet() : ColumnSet.read(equality.left());
        BitSet other = equality == null ? new BitSet() : ColumnSet.read(equality.right());
        if (equality != null
            && isSide(one, leftColumns, rightColumns)
            && isSide(other, rightColumns, leftColumns)) {
          left.add(equality.left());
          right.add(equality.right());
          safe.add(equality.operator() == ComparisonOperator.NOT_DISTINCT);
        } else if (equality != null
            && isSide(one, rightColumns, leftColumns)
            && isSide(other, leftColumns, rightColumns)) {
          left.add(equality.right());
          right.add(equality.left());
          safe.add(equality.operator() == ComparisonOperator.NOT_DISTINCT);
        } else {
          residual.add(candidate);
        }
      }
      boolean[] nullSafe = new boolean[safe.size()];
      for (int i = 0; i < nullSafe.length; i++) {
        nullSafe[i] = safe.get(i);
      }
      boolean found = single && !left.isEmpty();
      return new JoinKeys(left, right, nullSafe, single ? List.of() : residual, found);
    }

    private static boolean isSide(BitSet read, BitSet mine, BitSet theirs) {
      return read.intersects(mine) && !read.intersects(theirs);
    }

    private static Expression.@Nullable Comparison equality(Expression candidate) {
      return candidate instanceof Expression.Comparison comparison
              && (comparison.operator() == ComparisonOperator.EQUAL
                  || comparison.operator() == ComparisonOperator.NOT_DISTINCT)
              && isHashable(comparison.left().type().kind(), comparison.right().type().kind())
          ? comparison
          : null;
    }

    private static boolean isHashable(TypeKind left, TypeKind right) {
      return left == right || left.isText() && right.isText();
    }
  }
}
