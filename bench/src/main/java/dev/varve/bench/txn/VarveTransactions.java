// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

import dev.varve.Database;
import dev.varve.Durability;
import dev.varve.IsolationLevel;
import dev.varve.Options;
import dev.varve.Snapshot;
import dev.varve.Transaction;
import dev.varve.VarveException;
import dev.varve.WriteBatch;
import java.nio.file.Path;

/** Varve at one isolation level. */
final class VarveTransactions implements TransactionEngine {
  private final Database database;
  private final IsolationLevel isolation;
  private byte[][] keys = new byte[0][];

  VarveTransactions(Path directory, boolean synced, IsolationLevel isolation) {
    this.database =
        Database.open(
            directory, Options.defaults().durability(synced ? Durability.SYNC : Durability.NONE));
    this.isolation = isolation;
  }

  @Override
  public void load(int count, long value) {
    keys = Counters.keys(count);
    WriteBatch batch = new WriteBatch();
    for (byte[] key : keys) {
      batch.put(key, Counters.value(value));
      if (batch.count() == 10_000) {
        database.write(batch);
        batch.clear();
      }
    }
    database.write(batch);
    database.flush();
    database.compact();
  }

  @Override
  public TransactionSession session() {
    return new TransactionSession() {
      @Override
      public int transfer(int from, int to, long amount) {
        for (int tries = 1; ; tries++) {
          try (Transaction tx = database.begin(isolation)) {
            long left = Counters.amount(tx.get(keys[from]));
            long right = Counters.amount(tx.get(keys[to]));
            tx.put(keys[from], Counters.value(left - amount));
            tx.put(keys[to], Counters.value(right + amount));
            tx.commit();
            return tries;
          } catch (VarveException conflict) {
            if (!conflict.isRetryable()) {
              throw conflict;
            }
          }
        }
      }

      @Override
      public int increment(int counter) {
        int[] tries = new int[1];
        database.transact(
            isolation,
            tx -> {
              tries[0]++;
              tx.put(keys[counter], Counters.value(Counters.amount(tx.get(keys[counter])) + 1));
              return null;
            });
        return tries[0];
      }

      @Override
      public long readTwo(int first, int second) {
        try (Snapshot snapshot = database.snapshot()) {
          return Counters.amount(snapshot.get(keys[first]))
              + Counters.amount(snapshot.get(keys[second]));
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    database.close();
  }
}
