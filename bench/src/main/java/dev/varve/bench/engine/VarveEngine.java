// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import dev.varve.Cursor;
import dev.varve.Database;
import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.Options;
import dev.varve.WriteBatch;
import java.nio.ByteBuffer;

/** Varve through its front door. */
final class VarveEngine implements Engine {
  private final Database database;

  VarveEngine(EngineSettings settings) {
    database =
        Database.open(
            settings.directory(),
            Options.defaults()
                .memoryLimit(settings.cacheBytes() + 2 * settings.memtableBytes())
                .durability(settings.synced() ? Durability.SYNC : Durability.NONE));
  }

  @Override
  public Session session() {
    return new VarveSession(database);
  }

  @Override
  public void settle() {
    database.flush();
    database.compact();
  }

  @Override
  public void close() {
    database.close();
  }

  private static final class VarveSession implements Session {
    private final Database database;
    private final WriteBatch batch = new WriteBatch();

    VarveSession(Database database) {
      this.database = database;
    }

    @Override
    public void put(byte[] key, byte[] value) {
      database.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      database.delete(key);
    }

    @Override
    public void putBatch(byte[][] keys, byte[][] values, int count) {
      batch.clear();
      for (int i = 0; i < count; i++) {
        batch.put(keys[i], values[i]);
      }
      database.write(batch);
    }

    @Override
    public void deleteBatch(byte[][] keys, int count) {
      batch.clear();
      for (int i = 0; i < count; i++) {
        batch.delete(keys[i]);
      }
      database.write(batch);
    }

    @Override
    public int get(byte[] key, byte[] into) {
      return database.get(ByteBuffer.wrap(key), ByteBuffer.wrap(into));
    }

    @Override
    public long scan(byte[] from, long count, boolean reversed) {
      KeyRange range = from == null ? KeyRange.all() : KeyRange.atLeast(from);
      try (Cursor cursor = database.scan(reversed ? range.reversed() : range)) {
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
