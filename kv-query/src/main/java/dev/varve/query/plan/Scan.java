// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a base table.
 *
 * @param alias what the query calls it
 * @param columns those that are read
 * @param ordinals for each of them, which column of the table it is
 * @param rowKey a further column with the key of each row in the table's keyspace, or null
 * @param asOf a TIMESTAMPTZ at which the table is read, or null for now
 */
public record Scan(
    TableDefinition table,
    String alias,
    List<PlanColumn> columns,
    List<Integer> ordinals,
    @Nullable PlanColumn rowKey,
    @Nullable Expression asOf)
    implements LogicalPlan {
  /** Copies. */
  public Scan {
    columns = List.copyOf(columns);
    ordinals = List.copyOf(ordinals);
  }

  /** The ordinal in the table of the column with that number, or -1. */
  public int ordinal(int column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).id() == column) {
        return ordinals.get(i);
      }
    }
    return -1;
  }

  /** The column that stands for an ordinal of the table, or null when it is not read. */
  public @Nullable PlanColumn column(int ordinal) {
    int at = ordinals.indexOf(ordinal);
    return at < 0 ? null : columns.get(at);
  }

  @Override
  public List<PlanColumn> output() {
    if (rowKey == null) {
      return columns;
    }
    List<PlanColumn> all = new ArrayList<>(columns);
    all.add(rowKey);
    return all;
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of();
  }

  @Override
  public Scan withChildren(List<LogicalPlan> children) {
    return this;
  }

  @Override
  public List<Expression> expressions() {
    return asOf == null ? List.of() : List.of(asOf);
  }

  @Override
  public Scan mapExpressions(UnaryOperator<Expression> replacement) {
    return asOf == null
        ? this
        : new Scan(table, alias, columns, ordinals, rowKey, replacement.apply(asOf));
  }
}
