// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.TransactionOptions;
import java.util.function.Consumer;

/** Autocommit on a {@link ReferenceStore}: reads what is newest, writes one transaction per call. */
final class ReferenceAutocommit extends ReferenceReader {
  private static final TransactionOptions OPTIONS =
      TransactionOptions.defaults().isolation(IsolationLevel.READ_COMMITTED);

  ReferenceAutocommit(ReferenceStore store) {
    super(store);
  }

  @Override
  public long readTimestamp() {
    synchronized (store) {
      return store.newest();
    }
  }

  @Override
  ReferenceView view() {
    return store.committed(store.newest());
  }

  @Override
  BatchCursor scan(int keyspace, KeyRange range) {
    StoreSnapshot snapshot = store.snapshot();
    ReferenceReader fixed = (ReferenceReader) snapshot;
    return new ReferenceCursor(store, fixed::view, keyspace, range, snapshot::close);
  }

  @Override
  void put(int keyspace, byte[] key, byte[] value) {
    commit(transaction -> transaction.put(keyspace, key, value));
  }

  @Override
  void delete(int keyspace, byte[] key) {
    commit(transaction -> transaction.delete(keyspace, key));
  }

  @Override
  void deleteRange(int keyspace, KeyRange range) {
    commit(transaction -> transaction.deleteRange(keyspace, range));
  }

  @Override
  void insert(ReferenceIndex index, byte[] indexed, byte[] primaryKey) {
    commit(transaction -> transaction.insert(index, indexed, primaryKey));
  }

  @Override
  void remove(ReferenceIndex index, byte[] indexed, byte[] primaryKey) {
    commit(transaction -> transaction.remove(index, indexed, primaryKey));
  }

  private void commit(Consumer<ReferenceTransaction> body) {
    try (ReferenceTransaction transaction = store.begin(OPTIONS)) {
      body.accept(transaction);
      transaction.commit();
    }
  }

  @Override
  public void close() {}
}
