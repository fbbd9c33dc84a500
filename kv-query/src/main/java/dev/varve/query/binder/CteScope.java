// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.plan.PlanColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The common table expressions visible to a query, innermost first. Immutable chain. */
final class CteScope {
  /** Sees none. */
  static final CteScope NONE = new CteScope(null, null);

  private final @Nullable CteScope outer;
  private final @Nullable Cte cte;

  /**
   * A bound common table expression.
   *
   * @param names its column names
   * @param columns the definition's columns
   * @param isForbidden whether a reference is an error: the anchor of a recursive query
   */
  record Cte(
      String name, int number, List<String> names, List<PlanColumn> columns, boolean isForbidden) {}

  private CteScope(@Nullable CteScope outer, @Nullable Cte cte) {
    this.outer = outer;
    this.cte = cte;
  }

  CteScope with(Cte added) {
    return new CteScope(this, added);
  }

  @Nullable Cte find(String name) {
    for (CteScope at = this; at != null; at = at.outer) {
      if (at.cte != null && at.cte.name().equals(name)) {
        return at.cte;
      }
    }
    return null;
  }
}
