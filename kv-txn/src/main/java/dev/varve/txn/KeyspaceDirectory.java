// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Cursor;
import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.core.store.Operations;
import dev.varve.core.store.TransactionalStore;
import dev.varve.core.store.VersionedStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which named maps there are, and which keyspace numbers have been handed out. Thread-safe.
 *
 * <pre>
 * keyspace 1:  key name, UTF-8; value keyspace number, 4 bytes big-endian
 * keyspace 2:  key "keyspaces"; value the first number not yet reserved, 4 bytes big-endian
 * </pre>
 *
 * Numbers are reserved many at a time, durably, before the first of them is handed out; so a crash skips
 * some and none is handed out twice.
 */
final class KeyspaceDirectory {
  /** Holds the named maps. */
  static final int NAMES = 1;

  /** Holds counters. */
  static final int COUNTERS = 2;

  private static final int RESERVED_AT_ONCE = 64;
  private static final int MAX_NAME_CHARS = 200;
  private static final byte[] COUNTER =
      PhysicalKey.of(COUNTERS, "keyspaces".getBytes(StandardCharsets.US_ASCII));

  private final VersionedStore store;
  private final Durability durability;
  private final Map<String, NamedKeyspace> byName = new ConcurrentHashMap<>();
  private final Set<Integer> dropped = ConcurrentHashMap.newKeySet();
  private volatile boolean anyDropped;
  private final ReentrantLock changing = new ReentrantLock();
  private int next;
  private int reserved;

  KeyspaceDirectory(VersionedStore store, Durability durability) {
    this.store = store;
    this.durability = durability;
    load();
  }

  /** Reads it again from the store. */
  void load() {
    byte[] counter = store.get(COUNTER, 0, COUNTER.length, VersionedStore.NEWEST);
    next =
        counter == null
            ? TransactionalStore.FIRST_ALLOCATED_KEYSPACE
            : ByteBuffer.wrap(counter).getInt();
    reserved = next;
    long since = store.visibleTimestamp();
    Map<String, NamedKeyspace> found = new TreeMap<>();
    try (Cursor cursor =
        store.scan(PhysicalKey.range(NAMES, KeyRange.all()), VersionedStore.NEWEST)) {
      while (cursor.next()) {
        String name = new String(PhysicalKey.userKey(cursor.key()), StandardCharsets.UTF_8);
        int id = ByteBuffer.wrap(cursor.value()).getInt();
        NamedKeyspace known = byName.get(name);
        found.put(
            name, known != null && known.id() == id ? known : new NamedKeyspace(name, id, since));
      }
    }
    byName.keySet().retainAll(found.keySet());
    byName.putAll(found);
  }

  static void checkName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
      throw ErrorCode.INVALID_NAME
          .error("A name has 1 to 200 characters.")
          .fact("chars", name.length())
          .build();
    }
  }

  static byte[] row(String name) {
    return PhysicalKey.of(NAMES, name.getBytes(StandardCharsets.UTF_8));
  }

  @Nullable NamedKeyspace find(String name) {
    return byName.get(name);
  }

  /** The number of the map at a timestamp; if there was none then, of the one there is now; or -1. */
  int resolve(String name, long timestamp) {
    NamedKeyspace now = byName.get(name);
    if (now != null && now.since() <= timestamp) {
      return now.id();
    }
    byte[] row = row(name);
    byte[] then = store.get(row, 0, row.length, timestamp);
    if (then != null) {
      return ByteBuffer.wrap(then).getInt();
    }
    return now == null ? -1 : now.id();
  }

  SortedMap<String, Integer> all() {
    SortedMap<String, Integer> all = new TreeMap<>();
    byName.forEach((name, keyspace) -> all.put(name, keyspace.id()));
    return all;
  }

  /** The map of a name, created by a commit of its own if absent. */
  NamedKeyspace findOrCreate(String name) {
    NamedKeyspace found = byName.get(name);
    if (found != null) {
      return found;
    }
    changing.lock();
    try {
      found = byName.get(name);
      if (found == null) {
        int id = allocateLocked();
        byte[] row = row(name);
        byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
        found = new NamedKeyspace(name, id, commit(row, value, durability));
        byName.put(name, found);
      }
      return found;
    } finally {
      changing.unlock();
    }
  }

  /** A number never handed out before. */
  int allocate() {
    changing.lock();
    try {
      return allocateLocked();
    } finally {
      changing.unlock();
    }
  }

  private int allocateLocked() {
    if (next == reserved) {
      int more = Math.addExact(reserved, RESERVED_AT_ONCE);
      byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(more).array();
      commit(COUNTER, value, Durability.SYNC);
      reserved = more;
    }
    return next++;
  }

  private long commit(byte[] key, byte[] value, Durability level) {
    Operations operations = new Operations(64 + key.length);
    operations.put(key, 0, key.length, value, 0, value.length);
    return store.commit(operations, level, null);
  }

  // Dropping; under an exclusive lock on all rows of the map.

  /** From now on whoever gets a lock on a row of the map learns that it has been dropped. */
  void beginDrop(NamedKeyspace keyspace) {
    dropped.add(keyspace.id());
    anyDropped = true;
    byName.remove(keyspace.name(), keyspace);
  }

  /** Undoes {@link #beginDrop}, since the commit has failed. */
  void cancelDrop(NamedKeyspace keyspace) {
    dropped.remove(keyspace.id());
    byName.putIfAbsent(keyspace.name(), keyspace);
  }

  /** Whether a map of this number has been dropped since the store was opened. */
  boolean isDropped(int id) {
    return anyDropped && dropped.contains(id);
  }
}
