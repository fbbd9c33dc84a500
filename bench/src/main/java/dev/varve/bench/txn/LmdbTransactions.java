// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/** LMDB: one writer at a time. */
final class LmdbTransactions implements TransactionEngine {
  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> dbi;
  private byte[][] keys = new byte[0][];

  LmdbTransactions(Path directory, boolean synced) {
    Env.Builder<ByteBuffer> builder =
        Env.create().setMapSize(8L << 30).setMaxDbs(1).setMaxReaders(64);
    env =
        synced
            ? builder.open(directory.toFile())
            : builder.open(directory.toFile(), EnvFlags.MDB_NOSYNC);
    dbi = env.openDbi("bench", DbiFlags.MDB_CREATE);
  }

  @Override
  public void load(int count, long value) {
    keys = Counters.keys(count);
    try (Txn<ByteBuffer> txn = env.txnWrite()) {
      ByteBuffer key = ByteBuffer.allocateDirect(64);
      ByteBuffer bytes = ByteBuffer.allocateDirect(8);
      for (byte[] each : keys) {
        dbi.put(txn, key.clear().put(each).flip(), bytes.clear().putLong(value).flip());
      }
      txn.commit();
    }
  }

  @Override
  public TransactionSession session() {
    return new TransactionSession() {
      private final ByteBuffer key = ByteBuffer.allocateDirect(64);
      private final ByteBuffer value = ByteBuffer.allocateDirect(8);

      private long read(Txn<ByteBuffer> txn, int counter) {
        return dbi.get(txn, key.clear().put(keys[counter]).flip()).getLong(0);
      }

      private void write(Txn<ByteBuffer> txn, int counter, long amount) {
        dbi.put(txn, key.clear().put(keys[counter]).flip(), value.clear().putLong(amount).flip());
      }

      @Override
      public int transfer(int from, int to, long amount) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
          long left = read(txn, from);
          long right = read(txn, to);
          write(txn, from, left - amount);
          write(txn, to, right + amount);
          txn.commit();
          return 1;
        }
      }

      @Override
      public int increment(int counter) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
          write(txn, counter, read(txn, counter) + 1);
          txn.commit();
          return 1;
        }
      }

      @Override
      public long readTwo(int first, int second) {
        try (Txn<ByteBuffer> txn = env.txnRead()) {
          return read(txn, first) + read(txn, second);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    env.close();
  }
}
