// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/** LMDB through lmdbjava. */
final class LmdbEngine implements Engine {
  private static final long MAP_BYTES = 16L << 30;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> dbi;
  private final boolean readOnlyWork;

  LmdbEngine(EngineSettings settings) {
    Path directory = settings.directory();
    try {
      Files.createDirectories(directory);
    } catch (java.io.IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
    List<EnvFlags> flags = new ArrayList<>();
    if (!settings.synced()) {
      flags.add(EnvFlags.MDB_NOSYNC);
    }
    env =
        Env.create()
            .setMapSize(MAP_BYTES)
            .setMaxDbs(1)
            .setMaxReaders(64)
            .open(directory.toFile(), flags.toArray(EnvFlags[]::new));
    dbi = env.openDbi("bench", DbiFlags.MDB_CREATE);
    readOnlyWork = settings.readOnlyWork();
  }

  @Override
  public Session session() {
    return new LmdbSession(env, dbi, readOnlyWork);
  }

  @Override
  public void settle() {
    env.sync(true);
  }

  @Override
  public void close() {
    env.close();
  }

  private static final class LmdbSession implements Session {
    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> dbi;
    private final boolean readOnlyWork;
    private final ByteBuffer key = ByteBuffer.allocateDirect(512);
    private ByteBuffer value = ByteBuffer.allocateDirect(4096);
    private Txn<ByteBuffer> read;

    LmdbSession(Env<ByteBuffer> env, Dbi<ByteBuffer> dbi, boolean readOnlyWork) {
      this.env = env;
      this.dbi = dbi;
      this.readOnlyWork = readOnlyWork;
    }

    @Override
    public void put(byte[] newKey, byte[] newValue) {
      try (Txn<ByteBuffer> txn = env.txnWrite()) {
        dbi.put(txn, keyOf(newKey), valueOf(newValue));
        txn.commit();
      }
    }

    @Override
    public void delete(byte[] oldKey) {
      try (Txn<ByteBuffer> txn = env.txnWrite()) {
        dbi.delete(txn, keyOf(oldKey));
        txn.commit();
      }
    }

    @Override
    public void putBatch(byte[][] keys, byte[][] values, int count) {
      try (Txn<ByteBuffer> txn = env.txnWrite()) {
        for (int i = 0; i < count; i++) {
          dbi.put(txn, keyOf(keys[i]), valueOf(values[i]));
        }
        txn.commit();
      }
    }

    @Override
    public void deleteBatch(byte[][] keys, int count) {
      try (Txn<ByteBuffer> txn = env.txnWrite()) {
        for (int i = 0; i < count; i++) {
          dbi.delete(txn, keyOf(keys[i]));
        }
        txn.commit();
      }
    }

    @Override
    public int get(byte[] wanted, byte[] into) {
      ByteBuffer found = dbi.get(beginRead(), keyOf(wanted));
      if (found == null) {
        endRead();
        return -1;
      }
      int length = found.remaining();
      found.get(into, 0, Math.min(length, into.length));
      endRead();
      return length;
    }

    @Override
    public long scan(byte[] from, long count, boolean reversed) {
      long seen = 0;
      try (Cursor<ByteBuffer> cursor = dbi.openCursor(beginRead())) {
        boolean there =
            from != null
                ? cursor.get(keyOf(from), GetOp.MDB_SET_RANGE)
                : cursor.seek(reversed ? SeekOp.MDB_LAST : SeekOp.MDB_FIRST);
        while (there && seen < count) {
          Sink.touch(cursor.key());
          Sink.touch(cursor.val());
          seen++;
          there = reversed ? cursor.prev() : cursor.next();
        }
      }
      endRead();
      return seen;
    }

    private Txn<ByteBuffer> beginRead() {
      if (read == null) {
        read = env.txnRead();
      } else if (!readOnlyWork) {
        read.renew();
      }
      return read;
    }

    private void endRead() {
      if (!readOnlyWork) {
        read.reset();
      }
    }

    private ByteBuffer keyOf(byte[] bytes) {
      return key.clear().put(bytes).flip();
    }

    private ByteBuffer valueOf(byte[] bytes) {
      if (value.capacity() < bytes.length) {
        value = ByteBuffer.allocateDirect(bytes.length);
      }
      return value.clear().put(bytes).flip();
    }

    @Override
    public void close() {
      if (read != null) {
        read.close();
      }
    }
  }
}
