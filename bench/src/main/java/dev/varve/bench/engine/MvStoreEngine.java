// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Iterator;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/** H2's MVStore. Without sync it writes in the background about once a second. */
final class MvStoreEngine implements Engine {
  private final MVStore store;
  private final MVMap<byte[], byte[]> map;
  private final boolean synced;

  MvStoreEngine(EngineSettings settings) {
    try {
      Files.createDirectories(settings.directory());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    store =
        new MVStore.Builder()
            .fileName(settings.directory().resolve("bench.mv").toString())
            .cacheSize((int) (settings.cacheBytes() >> 20))
            .open();
    map =
        store.openMap(
            "bench",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
    synced = settings.synced();
  }

  @Override
  public Session session() {
    return new MvStoreSession();
  }

  @Override
  public void settle() {
    store.commit();
    store.compactFile(60_000);
  }

  @Override
  public void close() {
    store.close();
  }

  private void afterWrite() {
    if (synced) {
      store.commit();
      store.sync();
    }
  }

  private final class MvStoreSession implements Session {
    @Override
    public void put(byte[] key, byte[] value) {
      map.put(key.clone(), value.clone());
      afterWrite();
    }

    @Override
    public void delete(byte[] key) {
      map.remove(key);
      afterWrite();
    }

    @Override
    public void putBatch(byte[][] keys, byte[][] values, int count) {
      for (int i = 0; i < count; i++) {
        map.put(keys[i].clone(), values[i].clone());
      }
      afterWrite();
    }

    @Override
    public void deleteBatch(byte[][] keys, int count) {
      for (int i = 0; i < count; i++) {
        map.remove(keys[i]);
      }
      afterWrite();
    }

    @Override
    public int get(byte[] key, byte[] into) {
      byte[] value = map.get(key);
      if (value == null) {
        return -1;
      }
      System.arraycopy(value, 0, into, 0, Math.min(value.length, into.length));
      return value.length;
    }

    @Override
    public long scan(byte[] from, long count, boolean reversed) {
      Iterator<byte[]> keys = reversed ? map.keyIteratorReverse(map.lastKey()) : map.cursor(from);
      long seen = 0;
      while (seen < count && keys.hasNext()) {
        Sink.touch(keys.next());
        if (keys instanceof Cursor<byte[], ?> cursor) {
          Sink.touch((byte[]) cursor.getValue());
        }
        seen++;
      }
      return seen;
    }

    @Override
    public void close() {}
  }
}
