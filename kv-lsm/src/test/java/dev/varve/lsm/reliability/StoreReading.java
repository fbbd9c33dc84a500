// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.KeyRange;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.VersionedStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;

/** Reads a whole store in every way it offers, which must agree. */
final class StoreReading {
  private StoreReading() {}

  static NavigableMap<byte[], byte[]> state(VersionedStore store) {
    NavigableMap<byte[], byte[]> forward = Model.empty();
    byte[] previous = null;
    try (BatchCursor cursor = store.scan(KeyRange.all(), VersionedStore.NEWEST)) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        assertTrue(previous == null || Arrays.compareUnsigned(previous, key) < 0, "out of order");
        previous = key;
        forward.put(key, cursor.value());
      }
    }
    checkBackward(store, forward);
    checkBatches(store, forward);
    checkGets(store, forward);
    return forward;
  }

  private static void checkBackward(VersionedStore store, NavigableMap<byte[], byte[]> forward) {
    List<byte[]> keys = new ArrayList<>(forward.descendingKeySet());
    int at = 0;
    try (BatchCursor cursor = store.scan(KeyRange.all().reversed(), VersionedStore.NEWEST)) {
      while (cursor.next()) {
        assertTrue(at < keys.size(), "more entries backward than forward");
        assertArrayEquals(keys.get(at), cursor.key());
        assertArrayEquals(forward.get(keys.get(at)), cursor.value());
        at++;
      }
    }
    assertEquals(keys.size(), at, "fewer entries backward than forward");
  }

  private static void checkBatches(VersionedStore store, NavigableMap<byte[], byte[]> forward) {
    var expected = forward.entrySet().iterator();
    EntryBatch batch = new EntryBatch(7, 1 << 12);
    try (BatchCursor cursor = store.scan(KeyRange.all(), VersionedStore.NEWEST)) {
      while (cursor.next(batch) > 0) {
        for (int i = 0; i < batch.count(); i++) {
          var entry = expected.next();
          assertArrayEquals(
              entry.getKey(), slice(batch.bytes(), batch.keyOffset(i), batch.keyBytes(i)));
          assertArrayEquals(
              entry.getValue(), slice(batch.bytes(), batch.valueOffset(i), batch.valueBytes(i)));
        }
      }
    }
    assertTrue(!expected.hasNext(), "fewer entries in batches than one by one");
  }

  private static void checkGets(VersionedStore store, NavigableMap<byte[], byte[]> forward) {
    forward.forEach(
        (key, value) -> {
          assertArrayEquals(value, store.get(key, 0, key.length, VersionedStore.NEWEST));
          assertTrue(store.contains(key, 0, key.length, VersionedStore.NEWEST));
        });
    for (int keyspace : new int[] {1, 2, 300, 7}) {
      for (int number = 0; number < 30; number++) {
        byte[] key = History.key(keyspace, number);
        if (!forward.containsKey(key)) {
          assertNull(store.get(key, 0, key.length, VersionedStore.NEWEST));
        }
      }
    }
  }

  private static byte[] slice(byte[] bytes, int offset, int count) {
    return Arrays.copyOfRange(bytes, offset, offset + count);
  }
}
