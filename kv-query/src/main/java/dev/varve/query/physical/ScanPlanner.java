// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.IndexType;
import dev.varve.KeyRange;
import dev.varve.VarveException;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.operator.IndexOnlyScanOperator;
import dev.varve.query.operator.IndexScanOperator;
import dev.varve.query.operator.IndexSource;
import dev.varve.query.operator.KeyBounds;
import dev.varve.query.operator.PointGetOperator;
import dev.varve.query.operator.TableScanOperator;
import dev.varve.query.optimizer.Cardinality;
import dev.varve.query.physical.PlannerOptions.Algorithm;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Scan;
import dev.varve.query.plan.SortOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Chooses how the rows of a table are reached: the cheapest of all paths that there are. */
final class ScanPlanner {
  private static final double RANGE_COST = 3;
  private static final double FETCH_COST = 6;
  private static final double ENTRY_COST = 1.2;
  private static final double PREDICATE_COST = 0.2;
  private static final int MAX_ESTIMATED_RANGES = 16;

  private final Resolver resolver;
  private final Cardinality cardinality;
  private final PlannerOptions options;

  ScanPlanner(Resolver resolver, Cardinality cardinality, PlannerOptions options) {
    this.resolver = resolver;
    this.cardinality = cardinality;
    this.options = options;
  }

  /**
   * A way to the rows.
   *
   * @param index the index it goes through, or null for the table's own order
   * @param residual the conjuncts that remain to be checked
   * @param order in which rows come when it is walked forwards
   * @param rows how many rows it reads before the residual is checked
   */
  record Path(
      @Nullable TableIndex index,
      KeyMatch match,
      List<Expression> residual,
      List<SortOrder> order,
      double rows,
      boolean indexOnly) {}

  /** The rows of a table for which all conjuncts are TRUE. */
  PhysicalPlan plan(Scan scan, List<Expression> conjuncts, Need need) {
    cardinality.rows(scan);
    TableAccess access = new TableAccess(resolver, scan, conjuncts, need);
    PhysicalPlan best = null;
    double bestCost = Double.POSITIVE_INFINITY;
    for (Path path : paths(scan, conjuncts, access, resolver::isHandedDown)) {
      PhysicalPlan candidate = plan(path, scan, access, need);
      double cost = effectiveCost(candidate, need);
      if (best == null || cost < bestCost) {
        best = candidate;
        bestCost = cost;
      }
    }
    PhysicalPlan bitmap =
        options.allows(Algorithm.BITMAP_SCAN)
            ? new BitmapPlanner(this, resolver, cardinality).plan(scan, conjuncts, access)
            : null;
    if (bitmap != null && (best == null || effectiveCost(bitmap, need) < bestCost)) {
      best = bitmap;
    }
    return java.util.Objects.requireNonNull(best, "the table itself can always be read");
  }

  /** What the reader pays: the plan, or the part of it that is read, and sorting it. */
  private static double effectiveCost(PhysicalPlan plan, Need need) {
    boolean sorted = need.order().isEmpty() || BlockingPlanner.isSorted(plan, need.order());
    return sorted
        ? plan.cost() * Math.min(1, need.limit() / Math.max(1, plan.rows()))
        : plan.cost() + BlockingPlanner.sortCost(plan.rows());
  }

  /** All ways to the rows of a table. */
  List<Path> paths(
      Scan scan, List<Expression> conjuncts, TableAccess access, Predicate<Integer> isKnown) {
    KeyMatch.Finder finder =
        new KeyMatch.Finder(scan, conjuncts, reference -> isKnown.test(reference.column()));
    List<Path> paths = new ArrayList<>();
    double all = cardinality.rows(scan);
    List<IndexKey> clusterKey = scan.table().clusterKey();
    boolean ranges = options.allows(Algorithm.RANGE_SCAN);
    KeyMatch cluster =
        clusterKey.isEmpty() || !ranges && !options.allows(Algorithm.POINT_GET)
            ? KeyMatch.none(access.layout().clusterKey())
            : finder.find(clusterKey, access.layout().clusterKey(), ranges);
    if (!ranges && !cluster.isWhole()) {
      cluster = KeyMatch.none(access.layout().clusterKey());
    }
    paths.add(
        path(scan, null, clusterKey, cluster, conjuncts, all, scan.table().keyspace(), false));
    if (!options.allows(Algorithm.INDEX_SCAN)) {
      return paths;
    }
    for (TableIndex index : scan.table().indexes()) {
      if (!index.clustered() && index.isReadable() && index.predicateText() == null) {
        boolean hashed = index.type() == IndexType.HASH;
        KeyMatch match = finder.find(index.keys(), access.layout().indexKeys(index), !hashed);
        if (hashed ? match.isWhole() && match.isSingle() : isUsable(index)) {
          boolean only =
              !hashed && options.allows(Algorithm.INDEX_ONLY_SCAN) && access.isCoveredBy(index);
          paths.add(path(scan, index, index.keys(), match, conjuncts, all, index.keyspace(), only));
        }
      }
    }
    return paths;
  }

  private static boolean isUsable(TableIndex index) {
    return !index.keys().get(0).isExpression();
  }

  private Path path(
      Scan scan,
      @Nullable TableIndex index,
      List<IndexKey> keys,
      KeyMatch match,
      List<Expression> conjuncts,
      double all,
      int keyspace,
      boolean only) {
    boolean hashed = index != null && index.type() == IndexType.HASH;
    List<Expression> residual = new ArrayList<>(conjuncts);
    if (!hashed) {
      residual.removeAll(match.used());
    }
    double rows = rows(match, index, scan, all, keyspace, hashed);
    List<SortOrder> order = hashed ? List.of() : order(scan, keys, match);
    return new Path(index, match, residual, order, rows, only);
  }

  private double rows(
      KeyMatch match,
      @Nullable TableIndex index,
      Scan scan,
      double all,
      int keyspace,
      boolean hashed) {
    if (match.isEmpty()) {
      return all;
    }
    boolean isUnique = index == null ? !scan.table().hasRowId() : index.unique();
    if (match.isWhole() && isUnique) {
      return match.ranges();
    }
    double guessed = all * cardinality.selectivity(match.used());
    if (match.lower() != null && match.lower().isPrefix()) {
      guessed *= 0.02;
    }
    if (hashed || !match.isConstant() || match.ranges() > MAX_ESTIMATED_RANGES) {
      return Math.max(1, guessed);
    }
    return Math.max(1, estimate(match, keyspace, guessed, all));
  }

  /** What the store says of constant bounds; the guess where it says nothing better. */
  private double estimate(KeyMatch match, int keyspace, double guessed, double all) {
    try {
      ExpressionCompiler compiler = new ExpressionCompiler(new EvaluationContext());
      double entries = 0;
      for (KeyRange range : match.compile(compiler, each -> each).ranges()) {
        entries += cardinality.statistics().estimate(keyspace, range).entries();
      }
      return Math.min(entries, all);
    } catch (VarveException e) {
      return guessed;
    }
  }

  /** The order of the rows within bounds; columns with one value only do not matter to it. */
  private static List<SortOrder> order(Scan scan, List<IndexKey> keys, KeyMatch match) {
    List<SortOrder> order = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      boolean fixed = i < match.points().size() && match.points().get(i).values().size() <= 1;
      if (!fixed) {
        PlanColumn column = keys.get(i).isExpression() ? null : scan.column(keys.get(i).column());
        if (column == null) {
          break;
        }
        order.add(new SortOrder(column.id(), keys.get(i).descending(), keys.get(i).nullsFirst()));
      }
    }
    return order;
  }

  private PhysicalPlan plan(Path path, Scan scan, TableAccess access, Need need) {
    boolean forwards = satisfies(path, scan, need.order(), false);
    boolean backwards = !forwards && satisfies(path, scan, need.order(), true);
    List<SortOrder> order = forwards || backwards ? need.order() : path.order();
    double rows = Math.max(1, path.rows() * cardinality.selectivity(path.residual()));
    double cost = lookUpCost(path);
    return new PhysicalPlan(
        name(path, scan, backwards),
        details(path),
        List.of(),
        access.columns(),
        order,
        rows,
        cost,
        factory(path, access, backwards));
  }

  private static double rowCost(Path path) {
    return path.index() == null ? 1 : path.indexOnly() ? ENTRY_COST : ENTRY_COST + FETCH_COST;
  }

  /** Whether rows come in a wanted order when the path is walked in a direction. */
  private static boolean satisfies(
      Path path, Scan scan, List<SortOrder> wanted, boolean backwards) {
    if (wanted.isEmpty()) {
      return false;
    }
    int at = 0;
    for (SortOrder key : wanted) {
      if (isFixed(path, scan, key.column())) {
        continue;
      }
      if (at == path.order().size()) {
        return false;
      }
      SortOrder mine = path.order().get(at++);
      if (mine.column() != key.column()
          || mine.descending() == key.descending() == backwards
          || isNullable(scan, key.column()) && mine.nullsFirst() == key.nullsFirst() == backwards) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNullable(Scan scan, int column) {
    return scan.columns().stream().anyMatch(each -> each.id() == column && each.nullable());
  }

  private static boolean isFixed(Path path, Scan scan, int column) {
    List<IndexKey> keys = path.index() == null ? scan.table().clusterKey() : path.index().keys();
    for (int i = 0; i < path.match().points().size(); i++) {
      PlanColumn fixed = scan.column(keys.get(i).column());
      if (fixed != null
          && fixed.id() == column
          && path.match().points().get(i).values().size() <= 1) {
        return true;
      }
    }
    return false;
  }

  private PhysicalPlan.Factory factory(Path path, TableAccess access, boolean backwards) {
    TableIndex index = path.index();
    KeyMatch match = path.match();
    List<Expression> predicates = resolver.resolveAll(path.residual(), access.columns());
    if (index == null) {
      boolean isPoint = match.isWhole() && match.isSingle() && options.allows(Algorithm.POINT_GET);
      return (children, compiler) ->
          isPoint
              ? new PointGetOperator(access.source(compiler, predicates), bounds(match, compiler))
              : new TableScanOperator(
                  access.source(compiler, predicates), bounds(match, compiler), backwards);
    }
    IndexSource source = java.util.Objects.requireNonNull(indexSource(path));
    if (path.indexOnly()) {
      int[] parts = access.partsOf(index);
      return (children, compiler) ->
          new IndexOnlyScanOperator(
              access.source(compiler, predicates),
              source,
              bounds(match, compiler),
              backwards,
              parts);
    }
    return (children, compiler) ->
        new IndexScanOperator(
            access.source(compiler, predicates), source, bounds(match, compiler), backwards);
  }

  /** The bounds of a scan, whose values read no columns but those handed down. */
  KeyBounds bounds(KeyMatch match, ExpressionCompiler compiler) {
    return match.compile(compiler, each -> resolver.resolve(each, List.of()));
  }

  private static String name(Path path, Scan scan, boolean backwards) {
    String table =
        scan.alias().equals(scan.table().name())
            ? scan.alias()
            : scan.table().name() + " " + scan.alias();
    String direction = backwards ? " Backward" : "";
    if (path.index() == null) {
      boolean point = path.match().isWhole() && path.match().isSingle();
      String way =
          path.match().isEmpty()
              ? "Seq Scan" + direction
              : point ? "Key Lookup" : "Key Range Scan" + direction;
      return way + " on " + table;
    }
    return (path.indexOnly() ? "Index Only Scan" : "Index Scan")
        + direction
        + " using "
        + path.index().name()
        + " on "
        + table;
  }

  /** What it costs to follow a path once. */
  double lookUpCost(Path path) {
    return path.rows() * (rowCost(path) + PREDICATE_COST * path.residual().size())
        + RANGE_COST * path.match().ranges();
  }

  /** How a path is called that is followed for each row of a join. */
  static String lookUpName(Path path, Scan scan) {
    return name(
        new Path(path.index(), path.match(), path.residual(), List.of(), 0, false), scan, false);
  }

  /** The index of a path, or null when it is the table's own order. */
  static @Nullable IndexSource indexSource(Path path) {
    TableIndex index = path.index();
    return index == null
        ? null
        : new IndexSource(index.keyspace(), path.match().codec(), index.type() == IndexType.HASH);
  }

  static List<String> details(Path path) {
    List<String> lines = new ArrayList<>();
    if (!path.match().used().isEmpty()) {
      lines.add("Index Cond: " + Explanation.conjunction(path.match().used()));
    }
    if (!path.residual().isEmpty()) {
      lines.add("Filter: " + Explanation.conjunction(path.residual()));
    }
    return lines;
  }
}
