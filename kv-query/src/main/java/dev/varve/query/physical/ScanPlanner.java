// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.operator.KeyBounds;
import dev.varve.query.operator.ScanSource;
import dev.varve.query.operator.TableScanOperator;
import dev.varve.query.optimizer.Cardinality;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Scan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses how the rows of a table are reached. */
final class ScanPlanner {
  private final Resolver resolver;
  private final Cardinality cardinality;
  private final PlannerOptions options;

  ScanPlanner(Resolver resolver, Cardinality cardinality, PlannerOptions options) {
    this.resolver = resolver;
    this.cardinality = cardinality;
    this.options = options;
  }

  /** The rows of a table for which all conjuncts are TRUE. */
  PhysicalPlan plan(Scan scan, List<Expression> conjuncts, Need need) {
    double all = cardinality.rows(scan);
    double rows = Math.max(1, all * cardinality.selectivity(conjuncts));
    Access access = new Access(scan, conjuncts, need);
    KeyBounds everything = new KeyBounds(access.layout.clusterKey(), List.of(), null, null);
    return new PhysicalPlan(
        "Seq Scan on " + name(scan),
        conjuncts.isEmpty() ? List.of() : List.of("Filter: " + Explanation.conjunction(conjuncts)),
        List.of(),
        access.columns,
        List.of(),
        rows,
        all + all * 0.2 * conjuncts.size(),
        (children, compiler) -> new TableScanOperator(access.source(compiler), everything, false));
  }

  private static String name(Scan scan) {
    return scan.alias().equals(scan.table().name())
        ? scan.alias()
        : scan.table().name() + " " + scan.alias();
  }

  /** What a scan reads, whichever way it goes. */
  private final class Access {
    final TableDefinition table;
    final TableLayout layout;
    final List<PlanColumn> columns = new ArrayList<>();
    private final int[] slots;
    private final boolean withRowKey;
    private final List<Expression> predicates;
    private final @Nullable Expression asOf;

    Access(Scan scan, List<Expression> conjuncts, Need need) {
      this.table = scan.table();
      this.layout = TableLayout.of(table);
      BitSet read = ColumnSet.union(need.columns(), ColumnSet.read(conjuncts));
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < scan.columns().size(); i++) {
        if (read.get(scan.columns().get(i).id())) {
          columns.add(scan.columns().get(i));
          places.add(table.columns().get(scan.ordinals().get(i)).slot());
        }
      }
      this.slots = places.stream().mapToInt(Integer::intValue).toArray();
      this.withRowKey = scan.rowKey() != null && read.get(scan.rowKey().id());
      if (withRowKey && scan.rowKey() != null) {
        columns.add(scan.rowKey());
      }
      this.predicates = resolver.resolveAll(conjuncts, columns);
      this.asOf = scan.asOf() == null ? null : resolver.resolve(scan.asOf(), List.of());
    }

    ScanSource source(ExpressionCompiler compiler) {
      return new ScanSource(
          table.keyspace(),
          layout.rows(),
          slots,
          PhysicalPlanner.types(columns.subList(0, slots.length)),
          withRowKey,
          compiler.compileAll(predicates),
          ColumnSet.read(predicates),
          asOf == null ? null : compiler.compile(asOf));
    }
  }
}
