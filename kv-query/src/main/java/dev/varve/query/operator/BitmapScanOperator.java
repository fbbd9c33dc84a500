// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.core.codec.Bytes;
import dev.varve.core.store.Keyspace;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.LongIterator;

/** Fetches the rows whose ids several indexes agree on, in the order of their ids. */
public final class BitmapScanOperator implements Operator {
  private final ScanSource source;
  private final RowIdSource ids;
  private final RowDecoder decoder;
  private final FetchedRows rows = new FetchedRows();
  private final byte[] key = new byte[Long.BYTES];
  private @Nullable ExecutionContext context;
  private @Nullable Keyspace keyspace;
  private @Nullable LongIterator remaining;

  /** Reads rows of a table whose keys are ids of eight bytes. */
  public BitmapScanOperator(ScanSource source, RowIdSource ids) {
    this.source = source;
    this.ids = ids;
    this.decoder = new RowDecoder(source, Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return decoder.types();
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    keyspace = source.open(execution);
    remaining = ids.find(source.reader(execution), execution).getLongIterator();
  }

  @Override
  public @Nullable Batch next() {
    LongIterator next = remaining;
    while (context != null && keyspace != null && next != null && next.hasNext()) {
      context.checkCanceled();
      rows.clear();
      while (next.hasNext() && rows.count() < Batch.CAPACITY) {
        Bytes.setLongBE(key, 0, next.next());
        rows.fetch(keyspace, key, 0, key.length);
      }
      if (rows.count() > 0 && decoder.decode(rows)) {
        return decoder.output();
      }
    }
    return null;
  }

  @Override
  public void close() {
    context = null;
    keyspace = null;
    remaining = null;
  }
}
