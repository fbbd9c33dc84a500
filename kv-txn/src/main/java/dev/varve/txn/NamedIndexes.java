// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Cursor;
import dev.varve.ErrorCode;
import dev.varve.Extractor;
import dev.varve.Index;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.core.store.IndexDefinition;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.txn.index.IndexCatalog;
import dev.varve.txn.index.IndexDirectoryFormat;
import dev.varve.txn.index.NamedIndex;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The named indexes of a store: creates, drops and finds them. Thread-safe; one creation or drop at a time.
 *
 * <p>An index over data that is there is built while others write:
 *
 * <ul>
 *   <li>I1. Whoever changes a row looks at the catalog after it has locked the row.
 *   <li>I2. The index enters the catalog under a lock on the whole keyspace. So every change that is committed from
 *       then on keeps it, and no change is under way that does not.
 *   <li>I3. The builder goes through the rows that are there, a few at a time in transactions of its own; it locks a
 *       row, takes its newest value, and adds the entries. A row that has changed meanwhile has its entries
 *       already, and adding them again is adding nothing.
 *   <li>I4. It may be used by snapshots from the commit on that says so in the directory: every row that they
 *       see has its entries then, by I2 or I3.
 * </ul>
 *
 * An index that a crash left unfinished is removed when the store is opened.
 */
final class NamedIndexes {
  private final TransactionManager manager;
  private final VersionedStore store;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile IndexCatalog catalog = IndexCatalog.EMPTY;

  NamedIndexes(TransactionManager manager, Map<String, Extractor> extractors) {
    this.manager = manager;
    this.store = manager.store();
    load(extractors);
  }

  /** Reads the directory again. */
  void load(Map<String, Extractor> extractors) {
    IndexCatalog read = IndexCatalog.EMPTY;
    KeyRange all = PhysicalKey.range(IndexDirectoryFormat.KEYSPACE, KeyRange.all());
    try (Cursor cursor = store.scan(all, VersionedStore.NEWEST)) {
      while (cursor.next()) {
        String name = new String(PhysicalKey.userKey(cursor.key()), StandardCharsets.UTF_8);
        NamedIndex index = IndexDirectoryFormat.decode(name, cursor.value(), extractors.get(name));
        if (index.since() != NamedIndex.BUILDING) {
          read = read.with(index);
        } else if (!manager.isReadOnly()) {
          remove(index);
        }
      }
    }
    catalog = read;
  }

  IndexCatalog catalog() {
    return catalog;
  }

  /** The index of a name for who reads at {@code timestamp}. */
  NamedIndex find(String name, long timestamp) {
    NamedIndex index = catalog.find(name);
    if (index == null || index.since() > timestamp) {
      throw ErrorCode.NOT_FOUND
          .error(
              index == null
                  ? "There is no such index."
                  : "The index is younger than the snapshot, or not complete yet.")
          .fact("index", name)
          .build();
    }
    return index;
  }

  void checkPresent(NamedIndex index) {
    NamedIndex now = catalog.find(index.name());
    if (now == null || now.id() != index.id()) {
      throw ErrorCode.NOT_FOUND
          .error("The index has been dropped.")
          .fact("index", index.name())
          .build();
    }
  }

  SortedMap<String, IndexDefinition> definitions() {
    SortedMap<String, IndexDefinition> definitions = new TreeMap<>();
    catalog
        .all()
        .forEach(
            (name, index) -> {
              if (index.since() != NamedIndex.BUILDING) {
                definitions.put(name, index.definition());
              }
            });
    return definitions;
  }

  Index create(IndexDefinition definition, @Nullable Extractor extractor, Progress progress) {
    KeyspaceDirectory.checkName(definition.name());
    if ((extractor == null) != (definition.keyspace() == null)) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("An index follows a keyspace by an extractor, or neither.")
          .fact("index", definition.name())
          .build();
    }
    changing.lock();
    try {
      if (catalog.find(definition.name()) != null) {
        throw ErrorCode.ALREADY_EXISTS
            .error("There is an index of this name.")
            .fact("index", definition.name())
            .build();
      }
      if (definition.keyspace() == null) {
        int id = manager.directory().allocate();
        publish(new NamedIndex(definition, id, -1, store.visibleTimestamp(), null));
      } else {
        build(definition, definition.keyspace(), extractor, progress);
      }
    } finally {
      changing.unlock();
    }
    return manager.autocommit().index(definition.name());
  }

  private void build(
      IndexDefinition definition, String keyspace, Extractor extractor, Progress progress) {
    KeyspaceDirectory.checkName(keyspace);
    int followed = manager.directory().findOrCreate(keyspace).id();
    int id = manager.directory().allocate();
    NamedIndex index = new NamedIndex(definition, id, followed, NamedIndex.BUILDING, extractor);
    write(index);
    try {
      try (ManagedTransaction barrier = manager.beginInternal()) {
        barrier.lockWhole(followed);
        manager.checkNotDropped(followed);
        catalog = catalog.with(index);
      }
      new IndexBuilder(manager, index).build(progress);
      publish(index.since(store.visibleTimestamp()));
    } catch (RuntimeException | Error failure) {
      catalog = catalog.without(index.name());
      try (ManagedTransaction barrier = manager.beginInternal()) {
        barrier.lockWhole(followed);
        remove(index);
      } catch (RuntimeException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  /** Writes the index into the directory and the catalog. */
  private void publish(NamedIndex index) {
    write(index);
    catalog = catalog.with(index);
  }

  private void write(NamedIndex index) {
    byte[] row = row(index.name());
    byte[] value = IndexDirectoryFormat.encode(index);
    Operations operations = new Operations(row.length + value.length + 16);
    operations.put(row, 0, row.length, value, 0, value.length);
    store.commit(operations, manager.durability(), null);
  }

  boolean drop(String name) {
    changing.lock();
    try {
      NamedIndex index = catalog.find(name);
      if (index == null) {
        return false;
      }
      catalog = catalog.without(name);
      try (ManagedTransaction barrier = manager.beginInternal()) {
        if (index.isFollowing()) {
          barrier.lockWhole(index.followed());
        }
        barrier.lockWhole(index.id());
        remove(index);
      } catch (RuntimeException | Error failure) {
        catalog = catalog.with(index);
        throw failure;
      }
      return true;
    } finally {
      changing.unlock();
    }
  }

  /** Removes what is in the store of an index that nobody keeps any more. */
  private void remove(NamedIndex index) {
    Operations operations = new Operations(128);
    addRemoval(index, operations);
    manager.recentCommits().anyCommitted(store.commit(operations, manager.durability(), null));
  }

  private static void addRemoval(NamedIndex index, Operations into) {
    KeyRange entries = PhysicalKey.range(index.id(), KeyRange.all());
    byte[] from = entries.from();
    byte[] to = entries.to();
    into.deleteRange(from, 0, from.length, to, 0, to.length);
    byte[] row = row(index.name());
    into.delete(row, 0, row.length);
  }

  /** Drops those that follow a keyspace, which is locked whole and dropped. */
  void dropFollowing(int keyspace) {
    for (NamedIndex index : catalog.following(keyspace)) {
      catalog = catalog.without(index.name());
      remove(index);
    }
  }

  /** Keeps others from creating and dropping while {@code body} runs. */
  void exclusively(Runnable body) {
    changing.lock();
    try {
      body.run();
    } finally {
      changing.unlock();
    }
  }

  private static byte[] row(String name) {
    return PhysicalKey.of(IndexDirectoryFormat.KEYSPACE, name.getBytes(StandardCharsets.UTF_8));
  }
}
