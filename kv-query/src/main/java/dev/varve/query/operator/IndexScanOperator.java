// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.KeyRange;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Keyspace;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows of a table in the order of an index, or backwards, within bounds of the index. */
public final class IndexScanOperator implements Operator {
  private static final int FIRST_ENTRIES = 64;
  private static final int BATCH_BYTES = 1 << 16;

  private final ScanSource source;
  private final IndexSource index;
  private final KeyBounds bounds;
  private final boolean reversed;
  private final RowDecoder decoder;
  private final FetchedRows rows = new FetchedRows();
  private final EntryBatch first = new EntryBatch(FIRST_ENTRIES, BATCH_BYTES);
  private @Nullable EntryBatch following;
  private boolean isFirst;
  private @Nullable ExecutionContext context;
  private @Nullable Keyspace table;
  private @Nullable Keyspace entriesSpace;
  private @Nullable BatchCursor cursor;
  private List<KeyRange> ranges = List.of();
  private int nextRange;

  /** Scans the entries that {@code bounds} allow and fetches their rows. */
  public IndexScanOperator(
      ScanSource source, IndexSource index, KeyBounds bounds, boolean reversed) {
    this.source = source;
    this.index = index;
    this.bounds = bounds;
    this.reversed = reversed;
    this.decoder = new RowDecoder(source, Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return decoder.types();
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    table = source.open(execution);
    entriesSpace = source.reader(execution).keyspace(index.keyspace());
    ranges = TableScanOperator.ordered(index.ranges(bounds), reversed);
    nextRange = 0;
    isFirst = true;
  }

  @Override
  public @Nullable Batch next() {
    while (context != null && table != null && entriesSpace != null) {
      if (cursor == null) {
        if (nextRange == ranges.size()) {
          return null;
        }
        cursor = entriesSpace.scan(ranges.get(nextRange++));
      }
      context.checkCanceled();
      EntryBatch entries = entries();
      if (cursor.next(entries) == 0) {
        cursor.close();
        cursor = null;
      } else if (decoder.decode(fetch(table, entries))) {
        return decoder.output();
      }
    }
    return null;
  }

  /** A small batch first, since many look-ups find little or want only the first rows. */
  private EntryBatch entries() {
    if (isFirst) {
      isFirst = false;
      return first;
    }
    EntryBatch batch = following;
    if (batch == null) {
      batch = new EntryBatch(Batch.CAPACITY, BATCH_BYTES);
      following = batch;
    }
    return batch;
  }

  private FetchedRows fetch(Keyspace keyspace, EntryBatch entries) {
    rows.clear();
    for (int i = 0; i < entries.count(); i++) {
      rows.fetch(
          keyspace,
          entries.bytes(),
          IndexSource.rowKeyOffset(entries, i),
          IndexSource.rowKeyBytes(entries, i));
    }
    return rows;
  }

  @Override
  public void close() {
    context = null;
    table = null;
    entriesSpace = null;
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
