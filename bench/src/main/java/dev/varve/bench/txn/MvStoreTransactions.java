// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

import java.nio.file.Path;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionStore;
import org.h2.mvstore.type.ByteArrayDataType;

/** H2 MVStore's TransactionStore. */
final class MvStoreTransactions implements TransactionEngine {
  private final MVStore store;
  private final TransactionStore transactions;
  private final boolean synced;
  private byte[][] keys = new byte[0][];

  MvStoreTransactions(Path directory, boolean synced) {
    this.synced = synced;
    this.store =
        new MVStore.Builder()
            .fileName(directory.resolve("bench.mv").toString())
            .cacheSize(128)
            .open();
    this.transactions = new TransactionStore(store);
    transactions.init();
  }

  private static TransactionMap<byte[], byte[]> map(Transaction tx) {
    return tx.openMap("bench", ByteArrayDataType.INSTANCE, ByteArrayDataType.INSTANCE);
  }

  @Override
  public void load(int count, long value) {
    keys = Counters.keys(count);
    Transaction tx = transactions.begin();
    TransactionMap<byte[], byte[]> map = map(tx);
    for (byte[] key : keys) {
      map.put(key, Counters.value(value));
    }
    tx.commit();
    store.commit();
  }

  @Override
  public TransactionSession session() {
    return new TransactionSession() {
      @Override
      public int transfer(int from, int to, long amount) {
        return retried(
            map -> {
              int low = Math.min(from, to);
              int high = Math.max(from, to);
              map.lock(keys[low]);
              map.lock(keys[high]);
              long left = Counters.amount(map.get(keys[from]));
              long right = Counters.amount(map.get(keys[to]));
              map.put(keys[from], Counters.value(left - amount));
              map.put(keys[to], Counters.value(right + amount));
            });
      }

      @Override
      public int increment(int counter) {
        return retried(
            map -> {
              byte[] held = map.lock(keys[counter]);
              map.put(keys[counter], Counters.value(Counters.amount(held) + 1));
            });
      }

      @Override
      public long readTwo(int first, int second) {
        Transaction tx = transactions.begin();
        TransactionMap<byte[], byte[]> map = map(tx);
        long sum = Counters.amount(map.get(keys[first])) + Counters.amount(map.get(keys[second]));
        tx.commit();
        return sum;
      }

      @Override
      public void close() {}
    };
  }

  private int retried(java.util.function.Consumer<TransactionMap<byte[], byte[]>> body) {
    for (int tries = 1; ; tries++) {
      Transaction tx = transactions.begin();
      try {
        body.accept(map(tx));
        tx.commit();
        if (synced) {
          store.commit();
          store.sync();
        }
        return tries;
      } catch (MVStoreException conflict) {
        tx.rollback();
      }
    }
  }

  @Override
  public void close() {
    transactions.close();
    store.close();
  }
}
