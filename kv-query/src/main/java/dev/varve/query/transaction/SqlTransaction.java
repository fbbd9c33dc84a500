// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.transaction;

import dev.varve.ErrorCode;
import dev.varve.Savepoint;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.CatalogFormat;
import dev.varve.query.catalog.CatalogStorage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction, or a snapshot, in which SQL runs: the store's reader and the catalog that goes with
 * it. Whoever has run SQL in a store's transaction must end it through this object, so that changed
 * definitions become known. One thread at a time.
 */
public final class SqlTransaction implements AutoCloseable {
  private final CatalogCache cache;
  private final StoreReader reader;
  private final @Nullable StoreTransaction transaction;
  private final List<Mark> marks = new ArrayList<>();
  private final List<DeferredCheck> deferred = new ArrayList<>();
  private final long beganMicros;
  private @Nullable Catalog changed;

  /** What a savepoint restores besides rows. */
  private record Mark(Savepoint savepoint, @Nullable Catalog catalog, int deferredChecks) {}

  /** A check that waits for the end of the transaction. */
  @FunctionalInterface
  public interface DeferredCheck {
    /** Throws if the constraint does not hold. */
    void run(SqlTransaction transaction);
  }

  /** SQL in {@code reader}, which may be a transaction. */
  public SqlTransaction(CatalogCache cache, StoreReader reader, long beganMicros) {
    this.cache = cache;
    this.reader = reader;
    this.transaction = reader instanceof StoreTransaction writable ? writable : null;
    this.beganMicros = beganMicros;
  }

  /** Where rows are read. */
  public StoreReader reader() {
    return reader;
  }

  /** The transaction; an error for a snapshot. */
  public StoreTransaction store() {
    if (transaction == null) {
      throw ErrorCode.READ_ONLY
          .error("cannot execute a statement that writes in a read-only snapshot")
          .build();
    }
    return transaction;
  }

  /** Whether rows can be written. */
  public boolean isWritable() {
    return transaction != null && !transaction.isReadOnly();
  }

  /** When it began, in microseconds since 1970-01-01 UTC. */
  public long beganMicros() {
    return beganMicros;
  }

  // Catalog.

  /** What is defined, as this transaction sees it. */
  public Catalog catalog() {
    Catalog own = changed;
    return own != null ? own : cache.at(reader);
  }

  /** Whether it has changed definitions. */
  public boolean changedCatalog() {
    return changed != null;
  }

  /** Makes {@code after} the catalog of this transaction, and of everybody once it commits. */
  public void define(Catalog after) {
    Catalog before = catalog();
    CatalogStorage.write(store(), before, after);
    changed = after;
  }

  /**
   * Locks a relation: shared to change its rows, exclusively to change its definition.
   *
   * @return false when its definition has been changed since the statement's snapshot, so that the
   *     statement must be planned anew
   */
  public boolean lock(int relation, LockMode mode) {
    LockResult result =
        store()
            .lock(
                CatalogFormat.DEFINITIONS,
                CatalogFormat.relationKey(relation),
                mode,
                LockWait.WAIT);
    return result == LockResult.LOCKED;
  }

  // Checks at the end.

  /** Leaves a check for the commit. */
  public void defer(DeferredCheck check) {
    deferred.add(check);
  }

  /** Runs the deferred checks now; SET CONSTRAINTS IMMEDIATE and commit do. */
  public void runDeferred() {
    while (!deferred.isEmpty()) {
      List<DeferredCheck> checks = List.copyOf(deferred);
      deferred.clear();
      for (DeferredCheck check : checks) {
        check.run(this);
      }
    }
  }

  // Savepoints.

  /** Sets a savepoint. */
  public Savepoint savepoint(String name) {
    Savepoint savepoint = store().savepoint(name);
    marks.add(new Mark(savepoint, changed, deferred.size()));
    return savepoint;
  }

  /** Takes back rows and definitions since the savepoint, which stays. */
  public void rollbackTo(Savepoint savepoint) {
    store().rollbackTo(savepoint);
    int index = indexOf(savepoint);
    if (index >= 0) {
      Mark mark = marks.get(index);
      changed = mark.catalog;
      deferred.subList(Math.min(deferred.size(), mark.deferredChecks), deferred.size()).clear();
      marks.subList(index + 1, marks.size()).clear();
    }
  }

  /** Forgets the savepoint and those after it. */
  public void release(Savepoint savepoint) {
    store().release(savepoint);
    int index = indexOf(savepoint);
    if (index >= 0) {
      marks.subList(index, marks.size()).clear();
    }
  }

  private int indexOf(Savepoint savepoint) {
    for (int i = marks.size() - 1; i >= 0; i--) {
      if (marks.get(i).savepoint == savepoint) {
        return i;
      }
    }
    return -1;
  }

  // End.

  /** Runs the deferred checks and commits; rolls back if a check fails. */
  public long commit() {
    StoreTransaction ending = store();
    try {
      runDeferred();
    } catch (RuntimeException | Error e) {
      ending.rollback();
      throw e;
    }
    return changed == null ? ending.commit() : cache.commit(ending::commit);
  }

  /** First phase of a two-phase commit. */
  public void prepare(String globalId) {
    StoreTransaction ending = store();
    if (changed != null) {
      throw ErrorCode.NOT_SUPPORTED
          .error("A transaction that has changed definitions cannot be prepared.")
          .build();
    }
    runDeferred();
    ending.prepare(globalId);
  }

  /** Takes everything back. */
  public void rollback() {
    store().rollback();
  }

  /** Whether it can still be used. */
  public boolean isActive() {
    return transaction == null || transaction.isActive();
  }

  /** Rolls back if it is still active; closes the reader. */
  @Override
  public void close() {
    reader.close();
  }
}
