// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in FROM. */
public sealed interface TableReference {
  /** The text it was read from. */
  Span span();

  /**
   * A table, view or common table by name.
   *
   * @param asOf the time of AS OF, or null
   */
  record Named(QualifiedName name, @Nullable Alias alias, @Nullable Expression asOf, Span span)
      implements TableReference {}

  /** A query in parentheses. */
  record Derived(Query query, boolean lateral, @Nullable Alias alias, Span span)
      implements TableReference {}

  /**
   * Functions as a table; several stand side by side as ROWS FROM has it.
   *
   * @param functions calls, mostly one
   * @param columns the column definition list, or empty
   */
  record Function(
      List<Expression.FunctionCall> functions,
      boolean lateral,
      boolean withOrdinality,
      @Nullable Alias alias,
      List<ColumnDefinition> columns,
      Span span)
      implements TableReference {}

  /** A join. */
  record Join(
      JoinKind kind,
      TableReference left,
      TableReference right,
      JoinCondition condition,
      @Nullable Alias alias,
      Span span)
      implements TableReference {}

  /** The name under which it is known, and perhaps its columns. */
  record Alias(Identifier name, List<Identifier> columns, Span span) {}

  /** The kinds of join. */
  enum JoinKind {
    INNER,
    LEFT,
    RIGHT,
    FULL,
    CROSS
  }

  /** Which rows a join brings together. */
  sealed interface JoinCondition {
    /** ON. */
    record On(Expression condition) implements JoinCondition {}

    /** USING; the alias names the merged columns. */
    record Using(List<Identifier> columns, @Nullable Identifier alias) implements JoinCondition {}

    /** NATURAL. */
    record Natural() implements JoinCondition {}

    /** None: CROSS JOIN. */
    record None() implements JoinCondition {}
  }
}
