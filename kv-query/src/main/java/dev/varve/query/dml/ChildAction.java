// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.core.store.StoreTransaction;
import dev.varve.query.ast.TableConstraint.ReferentialAction;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.type.DatumCasts;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the rows of one table that reference rows of another when those go or change.
 *
 * <p>Rows that others have committed since this transaction's snapshot are looked for in a snapshot of
 * their own: the referenced key is locked by then, so that no more of them can come.
 */
final class ChildAction {
  private final TableDefinition parent;
  private final TableDefinition child;
  private final ForeignKey key;
  private final StatementContext.Planning planning;
  private final Cascade cascade;
  private final ConstraintErrors errors;
  private final List<SqlType> types = new ArrayList<>();
  private RowCollector deleted;
  private RowCollector updatedFrom;
  private RowCollector updatedTo;
  private @Nullable ReferencingRows referencing;

  ChildAction(
      TableDefinition parent,
      TableDefinition child,
      ForeignKey key,
      StatementContext.Planning planning,
      Cascade cascade) {
    this.parent = parent;
    this.child = child;
    this.key = key;
    this.planning = planning;
    this.cascade = cascade;
    this.errors = new ConstraintErrors(planning.context().evaluation().zone());
    for (int column : key.referencedColumns()) {
      types.add(parent.columns().get(column).type());
    }
    deleted = new RowCollector(types);
    updatedFrom = new RowCollector(types);
    updatedTo = new RowCollector(types);
  }

  void clear() {
    deleted = new RowCollector(types);
    updatedFrom = new RowCollector(types);
    updatedTo = new RowCollector(types);
  }

  private Vector[] referenced(Batch rows) {
    Vector[] values = new Vector[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.column(key.referencedColumns().get(i));
    }
    return values;
  }

  private static boolean anyNull(Vector[] values, int row) {
    for (Vector value : values) {
      if (value.isNull(row)) {
        return true;
      }
    }
    return false;
  }

  void deleted(Batch old, int row) {
    Vector[] values = referenced(old);
    if (!anyNull(values, row)) {
      deleted.add(new Batch(values), row);
    }
  }

  void updated(Batch old, int oldRow, Batch changed, int newRow) {
    Vector[] from = referenced(old);
    Vector[] to = referenced(changed);
    boolean same = true;
    for (int i = 0; i < from.length; i++) {
      same &= ParentCheck.same(from[i], oldRow, to[i], newRow);
    }
    if (!same && !anyNull(from, oldRow)) {
      updatedFrom.add(new Batch(from), oldRow);
      updatedTo.add(new Batch(to), newRow);
    }
  }

  /** Carries out what has come together; returns whether there was anything. */
  boolean process(StatementContext context) {
    if (deleted.count() == 0 && updatedFrom.count() == 0) {
      return false;
    }
    RowCollector gone = deleted;
    RowCollector from = updatedFrom;
    RowCollector to = updatedTo;
    clear();
    for (Batch batch : gone.batches()) {
      for (int row = 0; row < batch.count(); row++) {
        act(key.onDelete(), batch, null, row, context);
      }
    }
    for (int i = 0; i < from.batches().size(); i++) {
      Batch old = from.batches().get(i);
      for (int row = 0; row < old.count(); row++) {
        act(key.onUpdate(), old, to.batches().get(i), row, context);
      }
    }
    return true;
  }

  private void act(
      ReferentialAction action,
      Batch old,
      @Nullable Batch changed,
      int row,
      StatementContext context) {
    if (action == ReferentialAction.NO_ACTION && key.initiallyDeferred()) {
      RowCollector kept = new RowCollector(types);
      kept.add(old, row);
      context.transaction().defer(later -> refuse(action, kept.batches().get(0), 0, context));
      return;
    }
    if (action == ReferentialAction.NO_ACTION || action == ReferentialAction.RESTRICT) {
      refuse(action, old, row, context);
      return;
    }
    RowCollector rows = referencing().find(old, row, context);
    if (rows.count() == 0) {
      return;
    }
    TableChanges changes = cascade.open(child, context);
    for (Batch batch : rows.batches()) {
      for (int each = 0; each < batch.count(); each++) {
        change(action, changes, batch, each, changed, row, context);
      }
    }
  }

  private void refuse(ReferentialAction action, Batch old, int row, StatementContext context) {
    if (action == ReferentialAction.NO_ACTION && referencing().isStillThere(old, row, context)) {
      return;
    }
    if (referencing().find(old, row, context).count() > 0) {
      Vector[] values = new Vector[types.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = old.column(i);
      }
      throw errors.stillReferenced(parent, child, key, values, row);
    }
  }

  private ReferencingRows referencing() {
    ReferencingRows rows = referencing;
    if (rows == null) {
      rows = new ReferencingRows(parent, child, key, planning);
      referencing = rows;
    }
    return rows;
  }

  /** Changes or deletes a referencing row: its key stands first, its columns follow. */
  private void change(
      ReferentialAction action,
      TableChanges changes,
      Batch found,
      int row,
      @Nullable Batch changedParent,
      int parentRow,
      StatementContext context) {
    byte[] rowKey = RowKeys.copy(found.column(0), row);
    StoreTransaction transaction = context.transaction().store();
    changes.lock(transaction, rowKey);
    Vector[] columns = new Vector[child.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = found.column(i + 1);
    }
    Batch old = new Batch(columns);
    if (action == ReferentialAction.CASCADE && changedParent == null) {
      changes.delete(rowKey, old, row);
      return;
    }
    Batch changed = Batch.allocate(TableWriter.scope(child, child.name()).types(), 1);
    for (int i = 0; i < columns.length; i++) {
      changed.column(i).copy(0, columns[i], row);
    }
    changed.setCount(1);
    List<Integer> affected =
        changedParent != null || key.deleteColumns().isEmpty()
            ? key.columns()
            : key.deleteColumns();
    for (int column : affected) {
      int part = key.columns().indexOf(column);
      TableColumn definition = child.columns().get(column);
      Vector target = changed.column(column);
      target.reset();
      switch (action) {
        case SET_NULL -> target.setNull(0);
        case SET_DEFAULT -> setDefault(definition, target);
        default -> {
          assert changedParent != null : action;
          target.setDatum(
              0, convert(changedParent.column(part).datum(parentRow), part, definition, context));
        }
      }
    }
    changes.checks().apply(changed);
    changes.update(rowKey, old, row, changed, 0);
  }

  private @Nullable Object convert(
      @Nullable Object datum, int part, TableColumn column, StatementContext context) {
    return datum == null
        ? null
        : DatumCasts.convert(datum, types.get(part), column.type(), context.evaluation().zone());
  }

  private void setDefault(TableColumn column, Vector target) {
    String text = column.defaultText();
    if (text == null) {
      target.setNull(0);
      return;
    }
    Evaluator evaluator =
        planning.evaluator(text, List.of(), new Target(column.type(), column.name()));
    Batch none = new Batch();
    none.setCount(1);
    target.copy(0, evaluator.evaluate(none), 0);
  }
}
