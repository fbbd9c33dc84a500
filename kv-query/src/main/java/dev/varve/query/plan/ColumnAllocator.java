// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.type.SqlType;

/** Hands out column and CTE numbers, each once in a plan. One per planning; one thread. */
public final class ColumnAllocator {
  private int nextColumn;
  private int nextCte;

  /** A new column. */
  public PlanColumn column(String name, SqlType type, boolean nullable) {
    return new PlanColumn(nextColumn++, name, type, nullable);
  }

  /** A new column with the name and type of {@code model}. */
  public PlanColumn copy(PlanColumn model) {
    return new PlanColumn(nextColumn++, model.name(), model.type(), model.nullable());
  }

  /** A new CTE number. */
  public int cte() {
    return nextCte++;
  }

  /** How many columns there are so far. */
  public int columnCount() {
    return nextColumn;
  }
}
