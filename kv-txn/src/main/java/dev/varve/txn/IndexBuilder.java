// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.RangeEstimate;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.txn.index.NamedIndex;
import java.util.ArrayList;
import java.util.List;

/** Adds the entries of the rows that were there before an index: see {@link NamedIndexes}. */
final class IndexBuilder {
  private static final int ROWS_AT_ONCE = 256;
  private static final int BYTES_AT_ONCE = 1 << 20;

  private final TransactionManager manager;
  private final NamedIndex index;

  IndexBuilder(TransactionManager manager, NamedIndex index) {
    this.manager = manager;
    this.index = index;
  }

  void build(Progress progress) {
    RangeEstimate estimate = manager.estimate(index.followed(), KeyRange.all());
    long done = 0;
    try (StoreSnapshot snapshot = manager.snapshot();
        BatchCursor rows = snapshot.keyspace(index.followed()).scan(KeyRange.all())) {
      List<byte[]> keys = new ArrayList<>(ROWS_AT_ONCE);
      long bytes = 0;
      while (rows.next()) {
        byte[] key = rows.key();
        keys.add(key);
        bytes += key.length + rows.valueBuffer().remaining();
        if (keys.size() == ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE) {
          addUntilDone(keys);
          keys.clear();
          done += bytes;
          bytes = 0;
          progress.at(done, Math.max(done, estimate.bytes()));
        }
      }
      addUntilDone(keys);
      progress.at(done + bytes, done + bytes);
    }
  }

  private void addUntilDone(List<byte[]> keys) {
    while (true) {
      try (ManagedTransaction transaction = manager.beginInternal()) {
        for (byte[] key : keys) {
          add(transaction, key);
        }
        transaction.commit();
        return;
      } catch (VarveException conflict) {
        if (!conflict.isRetryable()) {
          throw conflict;
        }
      }
    }
  }

  private void add(ManagedTransaction transaction, byte[] key) {
    transaction.lock(index.followed(), key, LockMode.EXCLUSIVE, LockWait.WAIT);
    byte[] value = transaction.getNewest(index.followed(), key);
    for (byte[] indexed : index.extract(value)) {
      transaction.inside(() -> transaction.addEntry(index, indexed, key, false));
    }
  }
}
