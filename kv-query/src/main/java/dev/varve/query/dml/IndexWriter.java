// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.IndexType;
import dev.varve.core.codec.TupleWriter;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.catalog.IndexEntryFormat;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.row.KeyCodec;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the entries of one index, which has a keyspace of its own. Not thread-safe. */
final class IndexWriter {
  private final TableIndex index;
  private final KeyCodec codec;
  private final @Nullable Evaluator[] expressions;
  private final @Nullable Evaluator predicate;
  private final Vector[] keys;
  private final TupleWriter tuple = new TupleWriter();
  private final int[] single = new int[1];
  private boolean suffixed;

  IndexWriter(
      TableIndex index,
      TableLayout layout,
      StatementContext.Planning planning,
      List<GivenTable> scope) {
    this.index = index;
    this.codec = layout.indexKeys(index);
    this.keys = new Vector[index.keys().size()];
    this.expressions = new @Nullable Evaluator[keys.length];
    for (int i = 0; i < keys.length; i++) {
      IndexKey key = index.keys().get(i);
      if (key.expressionText() != null) {
        expressions[i] = planning.evaluator(key.expressionText(), scope, null);
      }
    }
    String where = index.predicateText();
    this.predicate = where == null ? null : planning.evaluator(where, scope, null);
  }

  TableIndex index() {
    return index;
  }

  /** Whether the row has an entry. */
  boolean covers(Batch rows, int row) {
    if (predicate == null) {
      return true;
    }
    single[0] = row;
    BooleanVector result = (BooleanVector) predicate.evaluate(rows, single, 1);
    return !result.isNull(row) && result.values[row];
  }

  /** The indexed values of the row last given to {@link #entryKey}. */
  Vector[] keys() {
    return keys;
  }

  private boolean load(Batch rows, int row) {
    boolean anyNull = false;
    for (int i = 0; i < keys.length; i++) {
      Evaluator expression = expressions[i];
      if (expression == null) {
        keys[i] = rows.column(index.keys().get(i).column());
      } else {
        single[0] = row;
        keys[i] = expression.evaluate(rows, single, 1);
      }
      anyNull |= keys[i].isNull(row);
    }
    return anyNull;
  }

  /** The key of the row's entry. */
  byte[] entryKey(Batch rows, int row, byte[] rowKey) {
    boolean anyNull = load(rows, row);
    tuple.reset();
    codec.write(keys, row, tuple);
    if (index.type() == IndexType.HASH) {
      IndexEntryFormat.hash(tuple);
      suffixed = true;
    } else {
      suffixed = !index.unique() || anyNull && !index.nullsNotDistinct();
    }
    if (suffixed) {
      tuple.raw(rowKey, 0, rowKey.length);
    }
    return tuple.toByteArray();
  }

  /**
   * The key that every row with these unique values has, or null if NULLs make the row differ from
   * all others.
   */
  byte @Nullable [] uniqueKey(Batch rows, int row) {
    boolean anyNull = load(rows, row);
    if (anyNull && !index.nullsNotDistinct()) {
      return null;
    }
    tuple.reset();
    codec.write(keys, row, tuple);
    return tuple.toByteArray();
  }

  /** Whether another row may not have the key last made. */
  boolean isExclusive() {
    return !suffixed;
  }

  /** The value of the entry whose key was last made. */
  byte[] entryValue(byte[] rowKey) {
    return suffixed
        ? IndexEntryFormat.valueForSuffix(rowKey.length)
        : IndexEntryFormat.valueWithRowKey(rowKey, 0, rowKey.length);
  }
}
