// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.OptimisticTransactionOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.Transaction;
import org.rocksdb.TransactionDB;
import org.rocksdb.TransactionDBOptions;
import org.rocksdb.TransactionOptions;
import org.rocksdb.WriteOptions;

/** RocksDB's two kinds of transactions: optimistic, and with locks. */
final class RocksDbTransactions implements TransactionEngine {
  private final RocksDB database;
  private final boolean optimistic;
  private final Options options;
  private final WriteOptions writeOptions;
  private final ReadOptions readOptions;
  private byte[][] keys = new byte[0][];

  RocksDbTransactions(Path directory, boolean synced, boolean optimistic) {
    RocksDB.loadLibrary();
    this.optimistic = optimistic;
    this.options =
        new Options()
            .setCreateIfMissing(true)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setMaxBackgroundJobs(2)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setFilterPolicy(new BloomFilter(10, false))
                    .setBlockCache(new LRUCache(128 << 20)));
    this.readOptions = new ReadOptions();
    this.writeOptions = new WriteOptions().setSync(synced);
    try {
      database =
          optimistic
              ? OptimisticTransactionDB.open(options, directory.toString())
              : TransactionDB.open(options, new TransactionDBOptions(), directory.toString());
    } catch (RocksDBException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void load(int count, long value) {
    keys = Counters.keys(count);
    try (WriteOptions plain = new WriteOptions()) {
      for (byte[] key : keys) {
        database.put(plain, key, Counters.value(value));
      }
      database.compactRange();
    } catch (RocksDBException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private Transaction begin() {
    if (optimistic) {
      try (OptimisticTransactionOptions snapshot =
          new OptimisticTransactionOptions().setSetSnapshot(true)) {
        return ((OptimisticTransactionDB) database).beginTransaction(writeOptions, snapshot);
      }
    }
    try (TransactionOptions snapshot = new TransactionOptions().setSetSnapshot(true)) {
      return ((TransactionDB) database).beginTransaction(writeOptions, snapshot);
    }
  }

  @Override
  public TransactionSession session() {
    return new TransactionSession() {
      @Override
      public int transfer(int from, int to, long amount) {
        for (int tries = 1; ; tries++) {
          try (Transaction tx = begin()) {
            long left = Counters.amount(tx.getForUpdate(readOptions, keys[from], true));
            long right = Counters.amount(tx.getForUpdate(readOptions, keys[to], true));
            tx.put(keys[from], Counters.value(left - amount));
            tx.put(keys[to], Counters.value(right + amount));
            tx.commit();
            return tries;
          } catch (RocksDBException conflict) {
            check(conflict);
          }
        }
      }

      @Override
      public int increment(int counter) {
        for (int tries = 1; ; tries++) {
          try (Transaction tx = begin()) {
            long amount = Counters.amount(tx.getForUpdate(readOptions, keys[counter], true));
            tx.put(keys[counter], Counters.value(amount + 1));
            tx.commit();
            return tries;
          } catch (RocksDBException conflict) {
            check(conflict);
          }
        }
      }

      @Override
      public long readTwo(int first, int second) {
        Snapshot snapshot = database.getSnapshot();
        try (ReadOptions at = new ReadOptions().setSnapshot(snapshot)) {
          return Counters.amount(database.get(at, keys[first]))
              + Counters.amount(database.get(at, keys[second]));
        } catch (RocksDBException failure) {
          throw new IllegalStateException(failure);
        } finally {
          database.releaseSnapshot(snapshot);
        }
      }

      @Override
      public void close() {}
    };
  }

  private static void check(RocksDBException conflict) {
    switch (conflict.getStatus().getCode()) {
      case Busy, TimedOut, TryAgain, Aborted -> {}
      default -> throw new IllegalStateException(conflict);
    }
  }

  @Override
  public void close() {
    database.close();
    readOptions.close();
    writeOptions.close();
    options.close();
  }
}
