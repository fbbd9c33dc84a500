// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.KeyRange;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Keyspace;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows of a table in the order of their keys, or backwards, within bounds. */
public final class TableScanOperator implements Operator {
  private static final int BATCH_BYTES = 1 << 18;

  private final ScanSource source;
  private final KeyBounds bounds;
  private final boolean reversed;
  private final RowDecoder decoder;
  private final EntryBatch entries;
  private @Nullable ExecutionContext context;
  private @Nullable Keyspace keyspace;
  private @Nullable BatchCursor cursor;
  private List<KeyRange> ranges = List.of();
  private int nextRange;

  /** Scans what {@code bounds} allow. */
  public TableScanOperator(ScanSource source, KeyBounds bounds, boolean reversed) {
    this.source = source;
    this.bounds = bounds;
    this.reversed = reversed;
    this.decoder = new RowDecoder(source, Batch.CAPACITY);
    this.entries = new EntryBatch(Batch.CAPACITY, BATCH_BYTES);
  }

  @Override
  public List<SqlType> types() {
    return decoder.types();
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    keyspace = source.open(execution);
    ranges = ordered(bounds.ranges(), reversed);
    nextRange = 0;
  }

  /** The ranges in the order in which they are walked. */
  static List<KeyRange> ordered(List<KeyRange> ranges, boolean reversed) {
    if (!reversed) {
      return ranges;
    }
    List<KeyRange> backwards = new java.util.ArrayList<>(ranges);
    Collections.reverse(backwards);
    backwards.replaceAll(KeyRange::reversed);
    return backwards;
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
      if (cursor.next(entries) == 0) {
        cursor.close();
        cursor = null;
      } else if (decoder.decode(entries)) {
        return decoder.output();
      }
    }
    return null;
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
