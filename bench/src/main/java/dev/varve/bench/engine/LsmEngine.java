// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import java.nio.ByteBuffer;

/** The storage engine without the layers above, to see what they cost. */
final class LsmEngine implements Engine {
  private final LsmStore store;
  private final Durability durability;

  LsmEngine(EngineSettings settings) {
    store =
        LsmStore.open(
            new LocalFileSystem(),
            settings.directory(),
            LsmOptions.defaults()
                .memoryLimitBytes(settings.cacheBytes() + 2 * settings.memtableBytes()));
    durability = settings.synced() ? Durability.SYNC : Durability.NONE;
  }

  @Override
  public Session session() {
    return new LsmSession(store, durability);
  }

  @Override
  public void settle() {
    store.flush();
    store.compact(Progress.NONE);
  }

  @Override
  public void close() {
    store.close();
  }

  private static final class LsmSession implements Session {
    private final VersionedStore store;
    private final Durability durability;
    private final Operations operations = new Operations(1 << 16);
    private final byte[] physical = new byte[256];

    LsmSession(VersionedStore store, Durability durability) {
      this.store = store;
      this.durability = durability;
    }

    private int physical(byte[] key) {
      System.arraycopy(key, 0, physical, 1, key.length);
      return key.length + 1;
    }

    @Override
    public void put(byte[] key, byte[] value) {
      store.put(physical, 0, physical(key), value, 0, value.length, durability);
    }

    @Override
    public void delete(byte[] key) {
      deleteBatch(new byte[][] {key}, 1);
    }

    @Override
    public void putBatch(byte[][] keys, byte[][] values, int count) {
      operations.clear(1 << 20);
      for (int i = 0; i < count; i++) {
        operations.put(physical, 0, physical(keys[i]), values[i], 0, values[i].length);
      }
      store.commit(operations, durability, null);
    }

    @Override
    public void deleteBatch(byte[][] keys, int count) {
      operations.clear(1 << 20);
      for (int i = 0; i < count; i++) {
        operations.delete(physical, 0, physical(keys[i]));
      }
      store.commit(operations, durability, null);
    }

    @Override
    public int get(byte[] key, byte[] into) {
      return store.get(physical, 0, physical(key), VersionedStore.NEWEST, ByteBuffer.wrap(into));
    }

    @Override
    public long scan(byte[] from, long count, boolean reversed) {
      KeyRange range =
          from == null
              ? KeyRange.all()
              : KeyRange.atLeast(java.util.Arrays.copyOf(physical, physical(from)));
      try (BatchCursor cursor =
          store.scan(reversed ? range.reversed() : range, VersionedStore.NEWEST)) {
        long seen = 0;
        while (seen < count && cursor.next()) {
          Sink.touch(cursor.keyBuffer());
          Sink.touch(cursor.valueBuffer());
          seen++;
        }
        return seen;
      }
    }

    @Override
    public void close() {}
  }
}
