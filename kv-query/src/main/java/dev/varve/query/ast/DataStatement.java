// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.QueryBody.SelectItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that changes rows. */
public sealed interface DataStatement extends Statement {
  /**
   * INSERT.
   *
   * @param columns the columns given, or empty for all in order
   * @param source the rows; null for DEFAULT VALUES. {@link Expression.Default} may stand in a
   *     {@link QueryBody.Values} that is the whole of it
   * @param onConflict or null
   * @param returning empty when there is none
   */
  record Insert(
      List<CommonTable> with,
      boolean recursive,
      QualifiedName table,
      @Nullable Identifier alias,
      List<Identifier> columns,
      Overriding overriding,
      @Nullable Query source,
      @Nullable OnConflict onConflict,
      List<SelectItem> returning,
      Span span)
      implements DataStatement {}

  /** UPDATE. */
  record Update(
      List<CommonTable> with,
      boolean recursive,
      QualifiedName table,
      @Nullable Identifier alias,
      List<Assignment> assignments,
      List<TableReference> from,
      @Nullable Expression where,
      List<SelectItem> returning,
      Span span)
      implements DataStatement {}

  /** DELETE. */
  record Delete(
      List<CommonTable> with,
      boolean recursive,
      QualifiedName table,
      @Nullable Identifier alias,
      List<TableReference> using,
      @Nullable Expression where,
      List<SelectItem> returning,
      Span span)
      implements DataStatement {}

  /** TRUNCATE. */
  record Truncate(List<QualifiedName> tables, boolean restartIdentity, boolean cascade, Span span)
      implements DataStatement {}

  /** What INSERT does about GENERATED ALWAYS AS IDENTITY. */
  enum Overriding {
    NONE,
    SYSTEM_VALUE,
    USER_VALUE
  }

  /**
   * {@code column = value}, or {@code (a, b) = row} when there are several columns; the value of the
   * latter is a {@link Expression.RowConstructor} or a {@link Expression.ScalarSubquery}.
   */
  record Assignment(List<Identifier> columns, boolean isRow, Expression value, Span span) {}

  /**
   * ON CONFLICT.
   *
   * @param target the columns or expressions of the arbiter index; empty when none were given
   * @param targetWhere the predicate of a partial arbiter index
   * @param constraint the name after ON CONSTRAINT, or null
   * @param assignments empty for DO NOTHING
   */
  record OnConflict(
      List<SortItem> target,
      @Nullable Expression targetWhere,
      @Nullable Identifier constraint,
      boolean doNothing,
      List<Assignment> assignments,
      @Nullable Expression where,
      Span span) {}
}
