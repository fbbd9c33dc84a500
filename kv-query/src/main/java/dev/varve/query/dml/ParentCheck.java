// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.core.codec.TupleWriter;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.row.KeyCodec;
import dev.varve.query.transaction.SqlTransaction;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether the rows that new rows reference are there. Each different key is looked up once. */
final class ParentCheck {
  private final TableDefinition child;
  private final TableDefinition parent;
  private final ForeignKey key;
  private final TableIndex index;
  private final KeyCodec codec;
  private final ConstraintErrors errors;

  /** For each part of the index, which of the key's columns it is. */
  private final int[] order;

  private final List<Evaluator> converted = new ArrayList<>();
  private final List<SqlType> types = new ArrayList<>();
  private final TupleWriter tuple = new TupleWriter();
  private Set<ByteBuffer> seen = new HashSet<>();
  private RowCollector pending;

  ParentCheck(TableDefinition child, ForeignKey key, StatementContext.Planning planning) {
    this.child = child;
    this.key = key;
    TableDefinition referenced = planning.catalog().table(key.referencedTable());
    TableIndex referencedIndex =
        referenced == null ? null : referenced.index(key.referencedIndex());
    if (referenced == null || referencedIndex == null) {
      throw ErrorCode.INTERNAL
          .error("A foreign key references nothing.")
          .fact("constraint", key.name())
          .build();
    }
    this.parent = referenced;
    this.index = referencedIndex;
    this.codec = TableLayout.of(parent).indexKeys(index);
    this.errors = new ConstraintErrors(planning.context().evaluation().zone());
    this.order = new int[index.keys().size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = key.referencedColumns().indexOf(index.keys().get(i).column());
    }
    for (int i = 0; i < key.columns().size(); i++) {
      SqlType from = child.columns().get(key.columns().get(i)).type();
      SqlType to = parent.columns().get(key.referencedColumns().get(i)).type().withoutModifier();
      Expression column = new Expression.ColumnReference(i, "key", from, Position.NONE);
      Expression value =
          from.kind() == to.kind() ? column : new Expression.Cast(column, to, false, Position.NONE);
      converted.add(planning.compile(value));
      types.add(from);
    }
    this.pending = new RowCollector(types);
  }

  void clear() {
    pending = new RowCollector(types);
    seen = new HashSet<>();
  }

  /** Whether both rows reference the same. */
  boolean isSame(Batch old, int oldRow, Batch changed, int newRow) {
    for (int column : key.columns()) {
      if (!same(old.column(column), oldRow, changed.column(column), newRow)) {
        return false;
      }
    }
    return true;
  }

  static boolean same(Vector left, int leftRow, Vector right, int rightRow) {
    return left.isNull(leftRow)
        ? right.isNull(rightRow)
        : !right.isNull(rightRow) && left.equal(leftRow, right, rightRow);
  }

  /** Keeps in mind what a new row references. */
  void add(Batch rows, int row) {
    Vector[] values = new Vector[key.columns().size()];
    int nulls = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.column(key.columns().get(i));
      nulls += values[i].isNull(row) ? 1 : 0;
    }
    if (nulls > 0) {
      if (key.matchFull() && nulls < values.length) {
        throw errors.mixedNulls(child, key);
      }
      return;
    }
    pending.add(new Batch(values), row);
  }

  /** Looks up what has come together; returns whether there was anything. */
  boolean process(StatementContext context) {
    if (pending.count() == 0) {
      return false;
    }
    RowCollector rows = pending;
    pending = new RowCollector(types);
    SqlTransaction transaction = context.transaction();
    if (key.initiallyDeferred()) {
      transaction.defer(later -> check(rows, later));
    } else {
      check(rows, transaction);
    }
    return true;
  }

  private void check(RowCollector rows, SqlTransaction transaction) {
    for (Batch batch : rows.batches()) {
      Vector[] values = new Vector[converted.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = converted.get(i).evaluate(batch);
      }
      Vector[] ordered = new Vector[order.length];
      for (int i = 0; i < order.length; i++) {
        ordered[i] = values[order[i]];
      }
      for (int row = 0; row < batch.count(); row++) {
        codec.write(ordered, row, tuple.reset());
        byte[] entry = tuple.toByteArray();
        if (seen.add(ByteBuffer.wrap(entry)) && !exists(transaction.store(), entry)) {
          Vector[] shown = new Vector[types.size()];
          for (int i = 0; i < shown.length; i++) {
            shown[i] = batch.column(i);
          }
          throw errors.missingParent(child, key, parent, shown, row);
        }
      }
    }
  }

  /** Locks the referenced key against deletion and looks whether it is there. */
  private boolean exists(StoreTransaction transaction, byte[] entry) {
    int keyspace = index.clustered() ? parent.keyspace() : index.keyspace();
    LockResult result = transaction.lock(keyspace, entry, LockMode.SHARED, LockWait.WAIT);
    return result == LockResult.CHANGED
        ? transaction.getNewest(keyspace, entry) != null
        : transaction.keyspace(keyspace).contains(entry);
  }
}
