// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.ast.DataStatement;
import dev.varve.query.ast.SourceText;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.plan.ColumnAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of one statement share while it is bound. One thread.
 *
 * @param source the text that positions point into
 * @param dataStatements binds statements that change rows inside WITH, or null where there are none
 */
public record Binding(
    Catalog catalog,
    SourceText source,
    ExpressionBuilder builder,
    ColumnAllocator columns,
    @Nullable DataStatementBinder dataStatements) {
  /** Binds a statement that changes rows, with RETURNING, inside a WITH clause. */
  public interface DataStatementBinder {
    /** The plan that runs it and yields the rows of RETURNING. */
    BoundQuery bind(DataStatement statement, Binding binding);
  }

  /** The same, for the text of a view. */
  Binding inside(Catalog other, SourceText text) {
    return new Binding(other, text, builder, columns, null);
  }
}
