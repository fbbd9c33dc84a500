// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.transaction;

import dev.varve.Cursor;
import dev.varve.KeyRange;
import dev.varve.core.codec.Bytes;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.TransactionalStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers rows of tables without a primary key. Thread-safe.
 *
 * <p>The numbers of a table ascend. They begin, at each opening of the database, behind the last
 * committed row and behind the present time shifted by {@value #BITS_PER_MILLI} bits, so that rows of
 * transactions that are prepared and not yet visible are not met either.
 */
public final class RowIds {
  private static final int BITS_PER_MILLI = 20;

  private final TransactionalStore store;
  private final Map<Integer, AtomicLong> next = new ConcurrentHashMap<>();

  /** The row ids of the tables in {@code store}. */
  public RowIds(TransactionalStore store) {
    this.store = store;
  }

  /** A new row id, as the key of a row in {@code keyspace}. */
  public byte[] nextKey(int keyspace) {
    AtomicLong counter = next.get(keyspace);
    if (counter == null) {
      counter = next.computeIfAbsent(keyspace, this::first);
    }
    byte[] key = new byte[Long.BYTES];
    Bytes.setLongBE(key, 0, counter.getAndIncrement());
    return key;
  }

  private AtomicLong first(int keyspace) {
    long byTime = System.currentTimeMillis() << BITS_PER_MILLI;
    try (StoreSnapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.keyspace(keyspace).scan(KeyRange.all().reversed())) {
      long last = cursor.next() ? Bytes.longBE(cursor.key(), 0) + 1 : 1;
      return new AtomicLong(Math.max(last, byTime));
    }
  }
}
