// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.IndexType;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.expression.Expressions;
import dev.varve.query.operator.BitmapScanOperator;
import dev.varve.query.operator.IndexSource;
import dev.varve.query.operator.RowIdSource;
import dev.varve.query.optimizer.Cardinality;
import dev.varve.query.plan.Scan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans scans that combine several indexes: the sets of row ids they lead to are united for OR and
 * intersected for AND before a row is read. For tables whose rows have ids.
 */
final class BitmapPlanner {
  private static final double ENTRY_COST = 1.3;
  private static final double FETCH_COST = 4;
  private static final double RANGE_COST = 3;

  private final ScanPlanner scans;
  private final Resolver resolver;
  private final Cardinality cardinality;

  BitmapPlanner(ScanPlanner scans, Resolver resolver, Cardinality cardinality) {
    this.scans = scans;
    this.resolver = resolver;
    this.cardinality = cardinality;
  }

  /**
   * A set of rows in the making.
   *
   * @param rows about how many
   * @param cost of reading the indexes
   */
  private record Found(Maker maker, String text, double rows, double cost) {}

  private interface Maker {
    RowIdSource make(ExpressionCompiler compiler);
  }

  @Nullable PhysicalPlan plan(Scan scan, List<Expression> conjuncts, TableAccess access) {
    if (!scan.table().hasRowId() || scan.table().indexes().isEmpty()) {
      return null;
    }
    double all = cardinality.rows(scan);
    List<Found> sets = new ArrayList<>();
    boolean any = false;
    for (Expression conjunct : conjuncts) {
      Found found =
          conjunct instanceof Expression.Or or
              ? union(scan, or, access)
              : range(scan, List.of(conjunct), access);
      if (found != null && found.rows() < all / 2) {
        sets.add(found);
        any |= conjunct instanceof Expression.Or;
      }
    }
    if (sets.isEmpty() || sets.size() == 1 && !any) {
      return null;
    }
    Found chosen = sets.size() == 1 ? sets.get(0) : intersection(sets, all);
    return scan(scan, conjuncts, access, chosen);
  }

  private PhysicalPlan scan(
      Scan scan, List<Expression> conjuncts, TableAccess access, Found chosen) {
    List<Expression> predicates = resolver.resolveAll(conjuncts, access.columns());
    double rows = Math.max(1, cardinality.rows(scan) * cardinality.selectivity(conjuncts));
    return new PhysicalPlan(
        "Bitmap Scan on " + scan.alias(),
        List.of("Bitmap: " + chosen.text(), "Filter: " + Explanation.conjunction(conjuncts)),
        List.of(),
        access.columns(),
        List.of(),
        rows,
        chosen.cost() + chosen.rows() * FETCH_COST,
        (children, compiler) ->
            new BitmapScanOperator(
                access.source(compiler, predicates), chosen.maker().make(compiler)));
  }

  private static Found intersection(List<Found> sets, double all) {
    double rows = all;
    double cost = 0;
    List<String> texts = new ArrayList<>();
    for (Found set : sets) {
      rows *= set.rows() / Math.max(1, all);
      cost += set.cost();
      texts.add(set.text());
    }
    return new Found(
        compiler ->
            new RowIdSource.Intersection(
                sets.stream().map(set -> set.maker().make(compiler)).toList()),
        "(" + String.join(" AND ", texts) + ")",
        rows,
        cost);
  }

  private @Nullable Found union(Scan scan, Expression.Or or, TableAccess access) {
    List<Found> sets = new ArrayList<>();
    double rows = 0;
    double cost = 0;
    List<String> texts = new ArrayList<>();
    for (Expression operand : or.operands()) {
      Found found = range(scan, Expressions.conjuncts(operand), access);
      if (found == null) {
        return null;
      }
      sets.add(found);
      rows += found.rows();
      cost += found.cost();
      texts.add(found.text());
    }
    return new Found(
        compiler ->
            new RowIdSource.Union(sets.stream().map(set -> set.maker().make(compiler)).toList()),
        "(" + String.join(" OR ", texts) + ")",
        rows,
        cost);
  }

  /** The best index range for some conjuncts, or null when no index helps. */
  private @Nullable Found range(Scan scan, List<Expression> conjuncts, TableAccess access) {
    ScanPlanner.Path best = null;
    for (ScanPlanner.Path path : scans.paths(scan, conjuncts, access, resolver::isHandedDown)) {
      if (path.index() != null
          && !path.match().isEmpty()
          && (best == null || path.rows() < best.rows())) {
        best = path;
      }
    }
    TableIndex index = best == null ? null : best.index();
    if (best == null || index == null) {
      return null;
    }
    KeyMatch match = best.match();
    IndexSource source =
        new IndexSource(index.keyspace(), match.codec(), index.type() == IndexType.HASH);
    return new Found(
        compiler -> new RowIdSource.Range(source, scans.bounds(match, compiler)),
        index.name(),
        best.rows(),
        best.rows() * ENTRY_COST + RANGE_COST * match.ranges());
  }
}
