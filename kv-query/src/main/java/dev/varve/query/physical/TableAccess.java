// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.operator.ScanSource;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Scan;
import dev.varve.query.row.KeyCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is read of a table, whichever way leads to its rows. */
final class TableAccess {
  private final TableDefinition table;
  private final TableLayout layout;
  private final List<PlanColumn> columns = new ArrayList<>();
  private final List<Integer> ordinals = new ArrayList<>();
  private final int[] slots;
  private final boolean withRowKey;
  private final @Nullable Expression asOf;

  TableAccess(Resolver resolver, Scan scan, List<Expression> conjuncts, Need need) {
    this.table = scan.table();
    this.layout = TableLayout.of(table);
    BitSet read = ColumnSet.union(need.columns(), ColumnSet.read(conjuncts));
    for (int i = 0; i < scan.columns().size(); i++) {
      if (read.get(scan.columns().get(i).id())) {
        columns.add(scan.columns().get(i));
        ordinals.add(scan.ordinals().get(i));
      }
    }
    this.slots =
        ordinals.stream().mapToInt(ordinal -> table.columns().get(ordinal).slot()).toArray();
    this.withRowKey = scan.rowKey() != null && read.get(scan.rowKey().id());
    if (withRowKey && scan.rowKey() != null) {
      columns.add(scan.rowKey());
    }
    this.asOf = scan.asOf() == null ? null : resolver.resolve(scan.asOf(), List.of());
  }

  TableLayout layout() {
    return layout;
  }

  /** The columns that a scan yields, in order. */
  List<PlanColumn> columns() {
    return columns;
  }

  /** What operators read; the predicates are over the columns' positions. */
  ScanSource source(ExpressionCompiler compiler, List<Expression> predicates) {
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

  /** Whether the entries of an index hold all columns that are read. */
  boolean isCoveredBy(TableIndex index) {
    if (withRowKey) {
      return false;
    }
    KeyCodec codec = layout.indexKeys(index);
    for (int ordinal : ordinals) {
      int part = part(index, ordinal);
      if (part < 0 || !codec.part(part).isLossless()) {
        return false;
      }
    }
    return true;
  }

  /** Which part of an index key each column is. */
  int[] partsOf(TableIndex index) {
    return ordinals.stream().mapToInt(ordinal -> part(index, ordinal)).toArray();
  }

  private static int part(TableIndex index, int ordinal) {
    List<IndexKey> keys = index.keys();
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).column() == ordinal) {
        return i;
      }
    }
    return -1;
  }
}
