// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.ast.SourceText;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.plan.ColumnAllocator;

/**
 * What all parts of one statement share while it is bound. One thread.
 *
 * @param source the text that positions point into
 */
record Binding(
    Catalog catalog, SourceText source, ExpressionBuilder builder, ColumnAllocator columns) {
  /** The same, for the text of a view. */
  Binding inside(Catalog other, SourceText text) {
    return new Binding(other, text, builder, columns);
  }
}
