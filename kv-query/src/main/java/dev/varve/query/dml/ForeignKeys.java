// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * The foreign keys around one table: those that it has, which new rows must meet, and those of other
 * tables that reference it, which act when its rows go. What rows cause is kept until the end of the
 * statement, where {@link #process} carries it out.
 */
final class ForeignKeys {
  private final List<ParentCheck> parents = new ArrayList<>();
  private final List<ChildAction> children = new ArrayList<>();

  ForeignKeys(TableDefinition table, StatementContext.Planning planning, Cascade cascade) {
    Catalog catalog = planning.catalog();
    for (ForeignKey key : table.foreignKeys()) {
      parents.add(new ParentCheck(table, key, planning));
    }
    for (Catalog.Reference reference : catalog.references(table.id())) {
      children.add(new ChildAction(table, reference.table(), reference.key(), planning, cascade));
    }
  }

  /** Forgets what is left of a statement that failed. */
  void clear() {
    parents.forEach(ParentCheck::clear);
    children.forEach(ChildAction::clear);
  }

  void inserted(Batch rows, int row) {
    for (ParentCheck parent : parents) {
      parent.add(rows, row);
    }
  }

  void deleted(Batch old, int row) {
    for (ChildAction child : children) {
      child.deleted(old, row);
    }
  }

  void updated(Batch old, int oldRow, Batch changed, int newRow) {
    for (ParentCheck parent : parents) {
      if (!parent.isSame(old, oldRow, changed, newRow)) {
        parent.add(changed, newRow);
      }
    }
    for (ChildAction child : children) {
      child.updated(old, oldRow, changed, newRow);
    }
  }

  /** Carries out what has come together; returns whether there was anything. */
  boolean process(StatementContext context) {
    boolean any = false;
    for (ChildAction child : children) {
      any |= child.process(context);
    }
    for (ParentCheck parent : parents) {
      any |= parent.process(context);
    }
    return any;
  }
}
