// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The JDK's concurrent skip list on the heap. */
final class SkipListEngine implements Engine {
  private final ConcurrentNavigableMap<byte[], byte[]> map =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  SkipListEngine(EngineSettings settings) {}

  @Override
  public Session session() {
    return new SkipListSession();
  }

  @Override
  public void settle() {}

  @Override
  public void close() {}

  private final class SkipListSession implements Session {
    @Override
    public void put(byte[] key, byte[] value) {
      map.put(key.clone(), value.clone());
    }

    @Override
    public void delete(byte[] key) {
      map.remove(key);
    }

    @Override
    public void putBatch(byte[][] keys, byte[][] values, int count) {
      for (int i = 0; i < count; i++) {
        map.put(keys[i].clone(), values[i].clone());
      }
    }

    @Override
    public void deleteBatch(byte[][] keys, int count) {
      for (int i = 0; i < count; i++) {
        map.remove(keys[i]);
      }
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
      ConcurrentNavigableMap<byte[], byte[]> part = from == null ? map : map.tailMap(from);
      long seen = 0;
      for (Map.Entry<byte[], byte[]> entry : (reversed ? part.descendingMap() : part).entrySet()) {
        if (seen == count) {
          break;
        }
        Sink.touch(entry.getKey());
        Sink.touch(entry.getValue());
        seen++;
      }
      return seen;
    }

    @Override
    public void close() {}
  }
}
