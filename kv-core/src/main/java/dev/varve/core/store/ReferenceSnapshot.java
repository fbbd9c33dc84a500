// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;

/** A snapshot of a {@link ReferenceStore}. */
final class ReferenceSnapshot extends ReferenceReader implements StoreSnapshot {
  private final long timestamp;
  private boolean closed;

  ReferenceSnapshot(ReferenceStore store, long timestamp) {
    super(store);
    this.timestamp = timestamp;
    store.keep(timestamp);
  }

  @Override
  public long readTimestamp() {
    return timestamp;
  }

  @Override
  ReferenceView view() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The snapshot is closed.").build();
    }
    return store.committed(timestamp);
  }

  @Override
  BatchCursor scan(int keyspace, KeyRange range) {
    synchronized (store) {
      view();
      return new ReferenceCursor(store, this::view, keyspace, range, () -> {});
    }
  }

  @Override
  public void close() {
    synchronized (store) {
      if (!closed) {
        closed = true;
        store.unkeep(timestamp);
      }
    }
  }
}
