// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Position;
import dev.varve.query.type.SqlType;

/**
 * A column that some node of a logical plan produces. Its number is unique in the whole plan, so that
 * expressions can be moved between nodes without renumbering.
 *
 * @param id the number that a {@link ColumnReference} in a logical plan names
 * @param name what it is called in results and in EXPLAIN
 * @param type its type
 * @param nullable whether a NULL can occur, as far as is known
 */
public record PlanColumn(int id, String name, SqlType type, boolean nullable) {
  /** An expression that reads it. */
  public ColumnReference reference() {
    return new ColumnReference(id, name, type, Position.NONE);
  }

  /** The same column where an outer join may fill it with NULL. */
  public PlanColumn asNullable() {
    return nullable ? this : new PlanColumn(id, name, type, true);
  }

  @Override
  public String toString() {
    return name + "#" + id;
  }
}
