// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What yields rows: SELECT, VALUES, set operations over them. */
public sealed interface QueryBody {
  /** The text it was read from. */
  Span span();

  /**
   * SELECT.
   *
   * @param distinct DISTINCT, or null
   * @param from tables joined by commas
   * @param groupBy null without GROUP BY
   * @param windows the WINDOW clause
   */
  record Select(
      @Nullable Distinct distinct,
      List<SelectItem> items,
      List<TableReference> from,
      @Nullable Expression where,
      @Nullable GroupBy groupBy,
      @Nullable Expression having,
      List<NamedWindow> windows,
      Span span)
      implements QueryBody {}

  /** VALUES; TABLE name is a {@link Select}. */
  record Values(List<List<Expression>> rows, Span span) implements QueryBody {}

  /** A query in parentheses. */
  record Nested(Query query, Span span) implements QueryBody {}

  /**
   * A set operation over two or more inputs, from left to right: {@code (a op b) op c}.
   *
   * @param all whether duplicates stay
   */
  record SetOperation(SetOperator operator, boolean all, List<QueryBody> inputs, Span span)
      implements QueryBody {}

  /** The set operations. */
  enum SetOperator {
    UNION,
    INTERSECT,
    EXCEPT
  }

  /** DISTINCT; with {@code on} not empty DISTINCT ON. */
  record Distinct(List<Expression> on, Span span) {}

  /** A window of the WINDOW clause. */
  record NamedWindow(Identifier name, WindowSpecification specification, Span span) {}

  /** GROUP BY; {@code distinct} removes equal grouping sets. */
  record GroupBy(boolean distinct, List<GroupingElement> elements, Span span) {}

  /** One element of GROUP BY. */
  sealed interface GroupingElement {
    /** The text it was read from. */
    Span span();

    /** An expression, or a position or output name that the binder makes one of. */
    record Single(Expression expression, Span span) implements GroupingElement {}

    /** The empty grouping set {@code ()}. */
    record Empty(Span span) implements GroupingElement {}

    /** ROLLUP; each element is a list of expressions taken together. */
    record Rollup(List<List<Expression>> elements, Span span) implements GroupingElement {}

    /** CUBE. */
    record Cube(List<List<Expression>> elements, Span span) implements GroupingElement {}

    /** GROUPING SETS. */
    record Sets(List<GroupingElement> elements, Span span) implements GroupingElement {}
  }

  /** What a SELECT puts out. */
  sealed interface SelectItem {
    /** The text it was read from. */
    Span span();

    /** An expression, perhaps with a name. */
    record Output(Expression expression, @Nullable Identifier alias, Span span)
        implements SelectItem {}

    /** {@code *}, or {@code table.*} when the qualifier is not empty. */
    record Star(List<Identifier> qualifier, Span span) implements SelectItem {}
  }
}
