// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Position;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanRewriter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Chooses in which order inner joins are done, by the numbers of rows in between: by dynamic
 * programming over all connected subsets for up to {@value JoinGraph#MAX_EXACT} inputs, else by always
 * joining the two that make the fewest rows.
 */
final class JoinOrder implements Pass {
  @Override
  public String name() {
    return "join_order";
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan, PassContext context) {
    return reorder(plan, new Cardinality(context.statistics()));
  }

  private LogicalPlan reorder(LogicalPlan plan, Cardinality cardinality) {
    if (plan instanceof Join join && isFree(join)) {
      List<LogicalPlan> inputs = new ArrayList<>();
      List<Expression> conditions = new ArrayList<>();
      collect(join, inputs, conditions);
      if (inputs.size() > 2) {
        List<LogicalPlan> ordered = new ArrayList<>();
        inputs.forEach(input -> ordered.add(reorder(input, cardinality)));
        return new JoinGraph(ordered, conditions, cardinality).plan();
      }
    }
    return PlanRewriter.mapChildren(plan, child -> reorder(child, cardinality));
  }

  /** Whether the inputs of the join may be put in any order. */
  private static boolean isFree(Join join) {
    return join.kind() == JoinKind.INNER
        && !ColumnSet.free(join.right()).intersects(ColumnSet.produced(join.left()));
  }

  private static void collect(
      LogicalPlan plan, List<LogicalPlan> inputs, List<Expression> conditions) {
    if (plan instanceof Join join && isFree(join)) {
      collect(join.left(), inputs, conditions);
      collect(join.right(), inputs, conditions);
      conditions.addAll(join.conditions());
    } else {
      inputs.add(plan);
    }
  }

  /** The inputs of a tree of inner joins and what connects them. */
  static final class JoinGraph {
    /** The most inputs for which all orders are tried. */
    static final int MAX_EXACT = 11;

    private final List<LogicalPlan> inputs;
    private final Cardinality cardinality;
    private final List<List<Member>> classes = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final BitSet[] adjacent;

    /** A column of a class of equal columns, and the input that yields it. */
    private record Member(int input, ColumnReference column) {}

    /** A condition and the inputs it reads. */
    private record Condition(Expression expression, BitSet inputs, double selectivity) {}

    /** Some inputs joined. */
    private record Part(BitSet inputs, LogicalPlan plan, double rows, double cost) {}

    JoinGraph(List<LogicalPlan> inputs, List<Expression> all, Cardinality cardinality) {
      this.inputs = inputs;
      this.cardinality = cardinality;
      this.adjacent = new BitSet[inputs.size()];
      for (int i = 0; i < adjacent.length; i++) {
        adjacent[i] = new BitSet();
        cardinality.rows(inputs.get(i));
      }
      BitSet[] produced = new BitSet[inputs.size()];
      for (int i = 0; i < produced.length; i++) {
        produced[i] = ColumnSet.produced(inputs.get(i));
      }
      List<Expression> equal = new ArrayList<>();
      for (Expression expression : all) {
        BitSet read = inputsOf(ColumnSet.read(expression), produced);
        if (Equalities.ofColumns(expression) != null && read.cardinality() == 2) {
          equal.add(expression);
        } else {
          conditions.add(
              new Condition(expression, read, cardinality.selectivity(List.of(expression))));
          connect(read);
        }
      }
      for (List<ColumnReference> columns : new Equalities(equal).classes()) {
        List<Member> members = new ArrayList<>();
        BitSet read = new BitSet();
        for (ColumnReference column : columns) {
          BitSet one = new BitSet();
          one.set(column.column());
          int input = inputsOf(one, produced).nextSetBit(0);
          members.add(new Member(input, column));
          read.set(input);
        }
        classes.add(members);
        connect(read);
      }
    }

    private static BitSet inputsOf(BitSet columns, BitSet[] produced) {
      BitSet found = new BitSet();
      for (int i = 0; i < produced.length; i++) {
        if (produced[i].intersects(columns)) {
          found.set(i);
        }
      }
      return found;
    }

    private void connect(BitSet read) {
      read.stream().forEach(i -> adjacent[i].or(read));
    }

    LogicalPlan plan() {
      List<Part> parts = new ArrayList<>();
      BitSet rest = new BitSet();
      rest.set(0, inputs.size());
      while (!rest.isEmpty()) {
        BitSet component = component(rest.nextSetBit(0));
        rest.andNot(component);
        parts.add(component.cardinality() <= MAX_EXACT ? exact(component) : greedy(component));
      }
      while (parts.size() > 1) {
        parts.sort((one, other) -> Double.compare(one.rows(), other.rows()));
        Part joined = join(parts.get(0), parts.get(1));
        parts.remove(1);
        parts.set(0, joined);
      }
      List<Expression> unread =
          conditions.stream().filter(c -> c.inputs().isEmpty()).map(Condition::expression).toList();
      return Filter.of(parts.get(0).plan(), unread);
    }

    private BitSet component(int start) {
      BitSet found = new BitSet();
      found.set(start);
      int before;
      do {
        before = found.cardinality();
        BitSet grown = (BitSet) found.clone();
        found.stream().forEach(i -> grown.or(adjacent[i]));
        found.or(grown);
      } while (found.cardinality() > before);
      return found;
    }

    private Part leaf(int input) {
      BitSet only = new BitSet();
      only.set(input);
      double rows = cardinality.rows(inputs.get(input));
      return new Part(only, inputs.get(input), rows, rows);
    }

    /** Tries all ways to split each connected subset in two; small subsets first. */
    private Part exact(BitSet component) {
      int[] members = component.stream().toArray();
      int count = members.length;
      int[] neighbours = new int[count];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          neighbours[i] |= adjacent[members[i]].get(members[j]) ? 1 << j : 0;
        }
      }
      Part[] best = new Part[1 << count];
      int[] reach = new int[1 << count];
      for (int set = 1; set < best.length; set++) {
        int last = Integer.numberOfTrailingZeros(set);
        reach[set] = reach[set & set - 1] | neighbours[last];
        if ((set & set - 1) == 0) {
          best[set] = leaf(members[last]);
          continue;
        }
        best[set] = bestSplit(set, best, reach);
      }
      return best[best.length - 1];
    }

    private Part bestSplit(int set, Part[] best, int[] reach) {
      Part chosenLeft = null;
      Part chosenRight = null;
      double least = Double.POSITIVE_INFINITY;
      double rows = -1;
      int lowest = set & -set;
      for (int one = set - 1 & set; one > 0; one = one - 1 & set) {
        int other = set ^ one;
        Part left = best[one];
        Part right = best[other];
        if ((one & lowest) == 0 || left == null || right == null || (reach[one] & other) == 0) {
          continue;
        }
        rows = rows < 0 ? rows(left, right) : rows;
        double cost = cost(left, right, rows);
        if (cost < least) {
          least = cost;
          chosenLeft = left;
          chosenRight = right;
        }
      }
      return chosenLeft == null || chosenRight == null ? null : join(chosenLeft, chosenRight);
    }

    private Part greedy(BitSet component) {
      List<Part> parts = new ArrayList<>();
      component.stream().forEach(input -> parts.add(leaf(input)));
      while (parts.size() > 1) {
        int bestOne = -1;
        int bestOther = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < parts.size(); i++) {
          for (int j = i + 1; j < parts.size(); j++) {
            if (areConnected(parts.get(i), parts.get(j))) {
              double rows = rows(parts.get(i), parts.get(j));
              if (rows < least) {
                least = rows;
                bestOne = i;
                bestOther = j;
              }
            }
          }
        }
        if (bestOne < 0) {
          bestOne = 0;
          bestOther = 1;
        }
        Part joined = join(parts.get(bestOne), parts.get(bestOther));
        parts.remove(bestOther);
        parts.set(bestOne, joined);
      }
      return parts.get(0);
    }

    private boolean areConnected(Part one, Part other) {
      return one.inputs().stream().anyMatch(i -> adjacent[i].intersects(other.inputs()));
    }

    private static double cost(Part left, Part right, double rows) {
      return left.cost() + right.cost() + rows + Math.min(left.rows(), right.rows());
    }

    private double rows(Part left, Part right) {
      BitSet both = ColumnSet.union(left.inputs(), right.inputs());
      double rows = left.rows() * right.rows();
      for (List<Member> members : classes) {
        Expression condition = connecting(members, left, right);
        if (condition != null) {
          rows *= cardinality.selectivity(List.of(condition));
        }
      }
      for (Condition condition : conditions) {
        if (isNew(condition, left, right, both)) {
          rows *= condition.selectivity();
        }
      }
      return Math.max(1, rows);
    }

    private static boolean isNew(Condition condition, Part left, Part right, BitSet both) {
      return !condition.inputs().isEmpty()
          && ColumnSet.covers(both, condition.inputs())
          && !ColumnSet.covers(left.inputs(), condition.inputs())
          && !ColumnSet.covers(right.inputs(), condition.inputs());
    }

    /** An equality between a column of the left and one of the right side, or null. */
    private static Expression connecting(List<Member> members, Part left, Part right) {
      ColumnReference one = null;
      ColumnReference other = null;
      for (Member member : members) {
        if (one == null && left.inputs().get(member.input())) {
          one = member.column();
        } else if (other == null && right.inputs().get(member.input())) {
          other = member.column();
        }
      }
      return one == null || other == null
          ? null
          : new Expression.Comparison(ComparisonOperator.EQUAL, one, other, Position.NONE);
    }

    private Part join(Part left, Part right) {
      BitSet both = ColumnSet.union(left.inputs(), right.inputs());
      List<Expression> chosen = new ArrayList<>();
      for (List<Member> members : classes) {
        Expression condition = connecting(members, left, right);
        if (condition != null) {
          chosen.add(condition);
        }
      }
      for (Condition condition : conditions) {
        if (isNew(condition, left, right, both)) {
          chosen.add(condition.expression());
        }
      }
      double rows = rows(left, right);
      return new Part(
          both,
          new Join(JoinKind.INNER, left.plan(), right.plan(), chosen),
          rows,
          cost(left, right, rows));
    }
  }
}
