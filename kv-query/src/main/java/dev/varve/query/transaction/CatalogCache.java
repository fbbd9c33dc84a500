// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.transaction;

import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.TransactionalStore;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.CatalogStorage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says which catalog a reader sees, mostly without asking the store. Thread-safe.
 *
 * <p>Goal: a statement pays two volatile reads and a comparison for its catalog.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>I1: {@code newest} is the catalog of every reader at or after {@code newest.since}, as long as
 *       no commit that changes the catalog is under way.
 *   <li>I2: such a commit is counted in {@code changing} from before it becomes visible until {@code
 *       newest} shows it. So who finds {@code changing} at zero after its read timestamp was fixed, and
 *       reads {@code newest} then, sees every change it must see.
 * </ol>
 *
 * Everybody else compares the version in the store, and reads the whole catalog if it is another.
 */
public final class CatalogCache {
  /** A catalog, the commit timestamp from which it holds, and its version in the store. */
  private record Published(Catalog catalog, long since, long version) {}

  private final TransactionalStore store;
  private final AtomicInteger changing = new AtomicInteger();
  private volatile Published newest;
  private volatile @Nullable Published earlier;

  /** The cache over {@code store}; reads its catalog. */
  public CatalogCache(TransactionalStore store) {
    this.store = store;
    this.newest = load();
  }

  private Published load() {
    try (StoreSnapshot snapshot = store.snapshot()) {
      return load(snapshot);
    }
  }

  private static Published load(StoreReader reader) {
    Catalog catalog = CatalogStorage.load(reader);
    return new Published(catalog, reader.readTimestamp(), CatalogStorage.version(reader));
  }

  /** The catalog as {@code reader} sees it, apart from what a transaction has changed itself. */
  public Catalog at(StoreReader reader) {
    long timestamp = reader.readTimestamp();
    if (changing.get() == 0) {
      Published published = newest;
      if (timestamp >= published.since) {
        return published.catalog;
      }
    }
    long version = CatalogStorage.version(reader);
    Published published = newest;
    if (version == published.version) {
      return published.catalog;
    }
    Published old = earlier;
    if (old != null && version == old.version) {
      return old.catalog;
    }
    Published loaded = load(reader);
    earlier = loaded;
    return loaded.catalog;
  }

  /** Runs a commit that changes the catalog and shows the outcome to everybody after it. */
  long commit(LongSupplier commit) {
    changing.incrementAndGet();
    try {
      return commit.getAsLong();
    } finally {
      refresh();
      changing.decrementAndGet();
    }
  }

  /** Looks for changes made without this cache: by another process, or by a two-phase commit. */
  public void refresh() {
    Published loaded = load();
    synchronized (changing) {
      if (loaded.version != newest.version && loaded.since >= newest.since) {
        earlier = newest;
        newest = loaded;
      }
    }
  }
}
