// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.CteScan;
import dev.varve.query.plan.DistinctOn;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.FunctionScan;
import dev.varve.query.plan.GivenRows;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.RecursiveUnion;
import dev.varve.query.plan.Scan;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.plan.Values;
import dev.varve.query.plan.With;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Guesses how many rows the nodes of a plan yield. One per planning: remembers what it has guessed;
 * one thread.
 */
public final class Cardinality {
  private static final double UNKNOWN_ROWS = 1000;

  private final Statistics statistics;
  private final Map<LogicalPlan, Double> known = new IdentityHashMap<>();
  private final Map<Integer, ColumnStatistics> columns = new HashMap<>();
  private final Map<Integer, Double> ctes = new HashMap<>();
  private final Selectivity selectivity = new Selectivity(ref -> columns().get(ref.column()));

  /** Guesses from {@code statistics}. */
  public Cardinality(Statistics statistics) {
    this.statistics = statistics;
  }

  private Map<Integer, ColumnStatistics> columns() {
    return columns;
  }

  /** What all guesses come from. */
  public Statistics statistics() {
    return statistics;
  }

  /** About how many rows a plan yields. */
  public double rows(LogicalPlan plan) {
    Double rows = known.get(plan);
    if (rows == null) {
      rows = guess(plan);
      known.put(plan, rows);
    }
    return rows;
  }

  /** Which part of the rows of plans seen before satisfies all of {@code conjuncts}. */
  public double selectivity(List<Expression> conjuncts) {
    return selectivity.ofAll(conjuncts);
  }

  /** About how many different values a column seen before has, at most {@code rows}. */
  public double distinct(int column, double rows) {
    ColumnStatistics known = columns.get(column);
    return Math.max(1, Math.min(rows, known == null ? rows / 10 : known.distinct()));
  }

  private double guess(LogicalPlan plan) {
    if (plan instanceof Scan scan) {
      return scan(scan);
    } else if (plan instanceof Filter filter) {
      return rows(filter.child()) * selectivity(filter.conjuncts());
    } else if (plan instanceof Project project) {
      return project(project);
    } else if (plan instanceof Join join) {
      return join(join);
    } else if (plan instanceof Aggregate aggregate) {
      return aggregate(aggregate);
    } else if (plan instanceof Limit limit) {
      return limit(limit);
    } else if (plan instanceof Values values) {
      return values.rows().size();
    } else if (plan instanceof UnionAll union) {
      return union(union);
    } else if (plan instanceof With with) {
      ctes.put(with.cte(), rows(with.definition()));
      return rows(with.body());
    } else if (plan instanceof CteScan scan) {
      return ctes.getOrDefault(scan.cte(), UNKNOWN_ROWS);
    } else if (plan instanceof RecursiveUnion recursive) {
      return recursive(recursive);
    } else if (plan instanceof FunctionScan scan) {
      return function(scan);
    } else if (plan instanceof DistinctOn distinct) {
      double rows = rows(distinct.child());
      return groups(distinct.keys(), rows);
    } else if (plan instanceof GivenRows) {
      return UNKNOWN_ROWS;
    }
    return rows(plan.children().get(0));
  }

  private double scan(Scan scan) {
    TableStatistics table = statistics.of(scan.table());
    for (int i = 0; i < scan.columns().size(); i++) {
      ColumnStatistics column = table.column(scan.ordinals().get(i));
      if (column != null) {
        columns.put(scan.columns().get(i).id(), column);
      }
    }
    return table.rows();
  }

  private double project(Project project) {
    double rows = rows(project.child());
    for (Assignment assignment : project.assignments()) {
      copy(assignment.expression(), assignment.column().id());
    }
    return rows;
  }

  private void copy(Expression expression, int column) {
    if (expression instanceof ColumnReference reference && reference.column() != column) {
      ColumnStatistics source = columns.get(reference.column());
      if (source != null) {
        columns.put(column, source);
      }
    }
  }

  private double join(Join join) {
    double left = rows(join.left());
    double right = rows(join.right());
    double pairs = left * right * selectivity(join.conditions());
    return switch (join.kind()) {
      case INNER -> pairs;
      case LEFT -> Math.max(left, pairs);
      case RIGHT -> Math.max(right, pairs);
      case FULL -> Math.max(left, Math.max(right, pairs));
      case SEMI -> Math.min(left, Math.max(1, semi(join, left, right)));
      case ANTI -> Math.max(1, left - semi(join, left, right));
      case MARK, SINGLE -> left;
    };
  }

  /** Left rows with a partner, by how the numbers of different keys compare. */
  private double semi(Join join, double left, double right) {
    double part = 1;
    for (Expression condition : join.conditions()) {
      if (condition instanceof Expression.Comparison comparison) {
        double one = keys(comparison.left(), left, right);
        double other = keys(comparison.right(), left, right);
        part = Math.min(part, Math.min(one, other) / Math.max(one, other));
      } else {
        part *= 0.5;
      }
    }
    return left * part;
  }

  private double keys(Expression expression, double left, double right) {
    ColumnStatistics column = selectivity.column(expression);
    return column == null ? Math.max(1, Math.max(left, right) / 2) : Math.max(1, column.distinct());
  }

  private double aggregate(Aggregate aggregate) {
    double rows = rows(aggregate.child());
    return aggregate.isScalar()
        ? 1
        : groups(aggregate.keys().stream().map(PlanColumn::id).toList(), rows);
  }

  private double groups(List<Integer> keys, double rows) {
    double groups = 1;
    for (int key : keys) {
      groups = Math.min(rows, groups * distinct(key, rows));
    }
    return Math.max(1, groups);
  }

  private double limit(Limit limit) {
    double rows = rows(limit.child());
    return limit.count() instanceof Expression.Constant constant
            && constant.value() instanceof Long count
        ? Math.min(rows, count)
        : rows;
  }

  private double union(UnionAll union) {
    double rows = 0;
    for (LogicalPlan input : union.inputs()) {
      rows += rows(input);
    }
    return rows;
  }

  private double recursive(RecursiveUnion recursive) {
    double anchor = rows(recursive.anchor());
    ctes.put(recursive.cte(), anchor);
    rows(recursive.step());
    return anchor * 10;
  }

  private static double function(FunctionScan scan) {
    double rows = 1;
    for (FunctionScan.Call call : scan.calls()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Expression argument : call.arguments()) {
        values.add(argument instanceof Expression.Constant constant ? constant.value() : null);
      }
      rows = Math.max(rows, call.function().estimatedRows(values));
    }
    return rows;
  }
}
