// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

/** The clauses of a query, by what may stand in them. */
enum Clause {
  FROM("FROM", false, false),
  ON("JOIN conditions", false, false),
  WHERE("WHERE", false, false),
  GROUP_BY("GROUP BY", false, false),
  HAVING("HAVING", true, false),
  SELECT("SELECT", true, true),
  ORDER_BY("ORDER BY", true, true),
  DISTINCT_ON("DISTINCT ON", true, true),
  LIMIT("LIMIT", false, false),
  VALUES("VALUES", false, false),
  FUNCTION("functions in FROM", false, false),
  FILTER("FILTER", false, false),
  RETURNING("RETURNING", false, false),
  UPDATE("UPDATE", false, false),
  OTHER("this place", false, false);

  private final String text;
  private final boolean allowsAggregates;
  private final boolean allowsWindows;

  Clause(String text, boolean allowsAggregates, boolean allowsWindows) {
    this.text = text;
    this.allowsAggregates = allowsAggregates;
    this.allowsWindows = allowsWindows;
  }

  /** What messages call it. */
  String text() {
    return text;
  }

  boolean allowsAggregates() {
    return allowsAggregates;
  }

  boolean allowsWindows() {
    return allowsWindows;
  }

  /** Whether functions that yield rows may be called. */
  boolean allowsSetFunctions() {
    return this == SELECT || this == ORDER_BY || this == DISTINCT_ON;
  }
}
