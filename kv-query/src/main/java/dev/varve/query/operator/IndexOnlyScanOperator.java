// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.KeyRange;
import dev.varve.core.codec.TupleReader;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Keyspace;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads columns out of the entries of an index, without going to the rows. */
public final class IndexOnlyScanOperator implements Operator {
  private static final int BATCH_BYTES = 1 << 17;

  private final ScanSource source;
  private final IndexSource index;
  private final KeyBounds bounds;
  private final boolean reversed;
  private final Batch output;
  private final @Nullable Vector[] parts;
  private final EntryBatch entries = new EntryBatch(Batch.CAPACITY, BATCH_BYTES);
  private final TupleReader reader = new TupleReader();
  private final int[] selected = new int[Batch.CAPACITY];
  private @Nullable ExecutionContext context;
  private @Nullable Keyspace keyspace;
  private @Nullable BatchCursor cursor;
  private List<KeyRange> ranges = List.of();
  private int nextRange;

  /**
   * Scans the entries that {@code bounds} allow.
   *
   * @param partOfColumn for each column of the source, which part of the index key it is
   */
  public IndexOnlyScanOperator(
      ScanSource source,
      IndexSource index,
      KeyBounds bounds,
      boolean reversed,
      int[] partOfColumn) {
    this.source = source;
    this.index = index;
    this.bounds = bounds;
    this.reversed = reversed;
    this.output = Batch.allocate(source.types(), Batch.CAPACITY);
    this.parts = new @Nullable Vector[index.codec().size()];
    for (int i = 0; i < partOfColumn.length; i++) {
      parts[partOfColumn[i]] = output.column(i);
    }
  }

  @Override
  public List<SqlType> types() {
    return source.types();
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    keyspace = source.reader(execution).keyspace(index.keyspace());
    ranges = TableScanOperator.ordered(bounds.ranges(), reversed);
    nextRange = 0;
  }

  @Override
  public @Nullable Batch next() {
    while (context != null && keyspace != null) {
      if (cursor == null) {
        if (nextRange == ranges.size()) {
          return null;
        }
        cursor = keyspace.scan(ranges.get(nextRange++));
      }
      context.checkCanceled();
      int count = cursor.next(entries);
      if (count == 0) {
        cursor.close();
        cursor = null;
      } else {
        index.codec().read(entries, 0, parts, reader);
        if (filter(count)) {
          return output;
        }
      }
    }
    return null;
  }

  private boolean filter(int count) {
    int[] rows = null;
    int remaining = count;
    for (int i = 0; i < source.predicates().size() && remaining > 0; i++) {
      remaining = source.predicates().get(i).select(output, rows, remaining, selected);
      rows = selected;
    }
    output.select(rows, remaining);
    return remaining > 0;
  }

  @Override
  public void close() {
    context = null;
    keyspace = null;
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
