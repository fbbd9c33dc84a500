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
   * @param isGiven whether its rows are supplied by the caller of the plan
   */
  record Cte(
      String name,
      int number,
      List<String> names,
      List<PlanColumn> columns,
      boolean isForbidden,
      boolean isGiven) {
    /** Defined by a WITH clause. */
    static Cte defined(String name, int number, List<String> names, List<PlanColumn> columns) {
      return new Cte(name, number, names, columns, false, false);
    }

    /** Not to be referenced here: a recursive query inside its own anchor. */
    static Cte forbidden(String name) {
      return new Cte(name, -1, List.of(), List.of(), true, false);
    }

    /** Rows that the caller supplies. */
    static Cte given(String name, List<String> names, List<PlanColumn> columns) {
      return new Cte(name, -1, names, columns, false, true);
    }
  }

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
