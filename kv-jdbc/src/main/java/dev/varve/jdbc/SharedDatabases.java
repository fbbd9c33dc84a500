// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The databases that connections of this JVM have open: one per path, closed with the last lease. */
final class SharedDatabases {
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Map<Object, Shared> OPEN = new HashMap<>();

  private SharedDatabases() {}

  /** A database and how many lease it; guarded by the lock. */
  private static final class Shared {
    final Database database;
    int leases;

    Shared(Database database) {
      this.database = database;
    }
  }

  /** The use of a shared database. Thread-safe; closing twice is closing once. */
  static final class Lease implements AutoCloseable {
    private final @Nullable Object key;
    private final Database database;
    private boolean closed;

    private Lease(@Nullable Object key, Database database) {
      this.key = key;
      this.database = database;
    }

    Database database() {
      return database;
    }

    @Override
    public void close() {
      Database last = null;
      LOCK.lock();
      try {
        if (closed) {
          return;
        }
        closed = true;
        Shared shared = key == null ? null : OPEN.get(key);
        if (shared == null) {
          last = database;
        } else if (--shared.leases == 0) {
          OPEN.remove(key);
          last = database;
        }
        if (last != null) {
          // Under the lock, so that who opens the path next finds it closed.
          last.close();
        }
      } finally {
        LOCK.unlock();
      }
    }
  }

  /** The database that {@code url} means, opened if it is not open yet. */
  static Lease lease(ConnectionUrl url) {
    Object key = url.path() != null ? url.path() : url.name().isEmpty() ? null : url.name();
    if (key == null) {
      return new Lease(null, Database.inMemory(url.options()));
    }
    LOCK.lock();
    try {
      Shared shared = OPEN.get(key);
      if (shared == null) {
        shared =
            new Shared(
                url.path() == null
                    ? Database.inMemory(url.options())
                    : Database.open(url.path(), url.options()));
        OPEN.put(key, shared);
      }
      shared.leases++;
      return new Lease(key, shared.database);
    } finally {
      LOCK.unlock();
    }
  }
}
