// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of CREATE TABLE or ADD COLUMN.
 *
 * @param type for SERIAL and its kin the integer type, with {@code serial} set
 * @param notNull NOT NULL stood there
 * @param nullable NULL stood there
 * @param defaultValue DEFAULT, or null
 * @param identity GENERATED .. AS IDENTITY, or null
 * @param generated the expression of GENERATED ALWAYS AS (..) STORED, or null
 * @param constraints those written at the column, as constraints of the table
 */
public record ColumnDefinition(
    Identifier name,
    TypeName type,
    boolean serial,
    boolean notNull,
    boolean nullable,
    @Nullable Expression defaultValue,
    @Nullable Identity identity,
    @Nullable Expression generated,
    List<TableConstraint> constraints,
    Span span) {

  /** GENERATED ALWAYS or BY DEFAULT AS IDENTITY. */
  public record Identity(boolean always, SequenceOptions options, Span span) {}
}
