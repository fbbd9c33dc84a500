// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A constraint as CREATE TABLE and ALTER TABLE write it. */
public sealed interface TableConstraint {
  /** The name given, or null. */
  @Nullable Identifier name();

  /** The text it was read from. */
  Span span();

  /** PRIMARY KEY; {@code usingIndex} names an existing index instead of columns. */
  record PrimaryKey(
      @Nullable Identifier name,
      List<Identifier> columns,
      @Nullable Identifier usingIndex,
      Span span)
      implements TableConstraint {}

  /** UNIQUE. */
  record Unique(
      @Nullable Identifier name,
      List<Identifier> columns,
      boolean nullsNotDistinct,
      @Nullable Identifier usingIndex,
      Span span)
      implements TableConstraint {}

  /** CHECK. */
  record Check(@Nullable Identifier name, Expression condition, boolean notValid, Span span)
      implements TableConstraint {}

  /** NOT NULL as a table constraint, or with a name. */
  record NotNull(@Nullable Identifier name, Identifier column, Span span)
      implements TableConstraint {}

  /**
   * FOREIGN KEY.
   *
   * @param referencedColumns empty means the primary key
   * @param matchFull MATCH FULL instead of MATCH SIMPLE
   * @param deleteColumns the columns of ON DELETE SET NULL (..), or empty for all
   */
  record ForeignKey(
      @Nullable Identifier name,
      List<Identifier> columns,
      QualifiedName referencedTable,
      List<Identifier> referencedColumns,
      boolean matchFull,
      ReferentialAction onDelete,
      List<Identifier> deleteColumns,
      ReferentialAction onUpdate,
      boolean deferrable,
      boolean initiallyDeferred,
      boolean notValid,
      Span span)
      implements TableConstraint {}

  /** What happens to rows whose referenced row goes or changes. */
  enum ReferentialAction {
    NO_ACTION,
    RESTRICT,
    CASCADE,
    SET_NULL,
    SET_DEFAULT
  }
}
