// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.KeyRange;
import dev.varve.core.codec.Bytes;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.StoreReader;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** Finds a set of rows by indexes alone: the rows of an index range, or sets combined. */
public sealed interface RowIdSource {
  /** The ids of the rows; the caller may change the result. */
  Roaring64Bitmap find(StoreReader reader, ExecutionContext context);

  /** The rows that the entries within some bounds lead to. */
  record Range(IndexSource index, KeyBounds bounds) implements RowIdSource {
    private static final int BATCH_BYTES = 1 << 16;

    @Override
    public Roaring64Bitmap find(StoreReader reader, ExecutionContext context) {
      Roaring64Bitmap ids = new Roaring64Bitmap();
      EntryBatch entries = new EntryBatch(Batch.CAPACITY, BATCH_BYTES);
      for (KeyRange range : index.ranges(bounds)) {
        try (BatchCursor cursor = reader.keyspace(index.keyspace()).scan(range)) {
          while (cursor.next(entries) > 0) {
            context.checkCanceled();
            for (int i = 0; i < entries.count(); i++) {
              ids.addLong(Bytes.longBE(entries.bytes(), IndexSource.rowKeyOffset(entries, i)));
            }
          }
        }
      }
      return ids;
    }
  }

  /** The rows that are in all of some sets. */
  record Intersection(List<RowIdSource> sources) implements RowIdSource {
    @Override
    public Roaring64Bitmap find(StoreReader reader, ExecutionContext context) {
      Roaring64Bitmap ids = sources.get(0).find(reader, context);
      for (int i = 1; i < sources.size() && !ids.isEmpty(); i++) {
        ids.and(sources.get(i).find(reader, context));
      }
      return ids;
    }
  }

  /** The rows that are in one of some sets. */
  record Union(List<RowIdSource> sources) implements RowIdSource {
    @Override
    public Roaring64Bitmap find(StoreReader reader, ExecutionContext context) {
      Roaring64Bitmap ids = sources.get(0).find(reader, context);
      for (int i = 1; i < sources.size(); i++) {
        ids.or(sources.get(i).find(reader, context));
      }
      return ids;
    }
  }
}
