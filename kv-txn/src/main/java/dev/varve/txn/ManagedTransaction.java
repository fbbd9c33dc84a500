// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.Savepoint;
import dev.varve.VarveException;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.VersionedStore;
import dev.varve.txn.index.IndexCatalog;
import dev.varve.txn.index.NamedIndex;
import dev.varve.txn.lock.LockOwner;
import dev.varve.txn.lock.LockTable;
import dev.varve.txn.write.PendingWrites;
import dev.varve.txn.write.WriteSet;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A transaction: what its user holds. What it holds of the store is in {@link TransactionState}, so that it
 * can be released when the user loses this object.
 *
 * <p>How the isolation levels come about is told in docs/internals/transactions.md. In short: every write locks
 * its row until the end; with a fixed snapshot, a row that has a version newer than the snapshot when its
 * lock is granted is a conflict, and since all writers lock, it cannot get one later; what SERIALIZABLE has read
 * is checked in the same way, without locks, when the commit has its place in the order ({@link Committer}).
 */
final class ManagedTransaction extends Reader implements StoreTransaction {
  private final TransactionState state;
  private final VersionedStore store;
  private final PhysicalKey key;

  ManagedTransaction(TransactionState state) {
    super(state.manager);
    this.state = state;
    this.store = manager.store();
    this.key = state.workspace.key;
  }

  TransactionState state() {
    return state;
  }

  @Override
  void checkActive() {
    state.checkActive();
  }

  // Reading.

  @Override
  public long readTimestamp() {
    state.checkActive();
    long timestamp = state.readTimestamp();
    return timestamp == VersionedStore.NEWEST ? store.visibleTimestamp() : timestamp;
  }

  @Override
  byte @Nullable [] get(int keyspace, byte[] userKey) {
    state.enter();
    try {
      key.set(keyspace, userKey, 0, userKey.length);
      PendingWrites writes = state.writes();
      if (writes != null) {
        int kind = writes.find(key.array(), 0, key.length());
        if (kind != WriteSet.ABSENT) {
          return kind == WriteSet.PUT ? copy(writes) : null;
        }
      }
      if (state.isolation == IsolationLevel.READ_UNCOMMITTED) {
        TransactionState.PendingValue dirty = manager.pendingOfOthers(state, key);
        if (dirty != null) {
          return dirty.value();
        }
      }
      rememberRead();
      return store.get(key.array(), 0, key.length(), state.readTimestamp());
    } finally {
      state.exit();
    }
  }

  private static byte[] copy(PendingWrites writes) {
    int from = writes.valueOffset();
    return Arrays.copyOfRange(writes.valueArray(), from, from + writes.valueBytes());
  }

  @Override
  int get(int keyspace, ByteBuffer userKey, ByteBuffer value) {
    if (state.isolation == IsolationLevel.READ_UNCOMMITTED) {
      return Buffers.copy(get(keyspace, Buffers.bytes(userKey)), value);
    }
    state.enter();
    try {
      key.set(keyspace, userKey);
      PendingWrites writes = state.writes();
      if (writes != null) {
        int kind = writes.find(key.array(), 0, key.length());
        if (kind == WriteSet.PUT) {
          value.put(
              writes.valueArray(),
              writes.valueOffset(),
              Math.min(value.remaining(), writes.valueBytes()));
          return writes.valueBytes();
        }
        if (kind != WriteSet.ABSENT) {
          return -1;
        }
      }
      rememberRead();
      return store.get(key.array(), 0, key.length(), state.readTimestamp(), value);
    } finally {
      state.exit();
    }
  }

  @Override
  boolean contains(int keyspace, byte[] userKey) {
    if (state.isolation == IsolationLevel.READ_UNCOMMITTED) {
      return get(keyspace, userKey) != null;
    }
    state.enter();
    try {
      key.set(keyspace, userKey, 0, userKey.length);
      PendingWrites writes = state.writes();
      int kind = writes == null ? WriteSet.ABSENT : writes.find(key.array(), 0, key.length());
      if (kind != WriteSet.ABSENT) {
        return kind == WriteSet.PUT;
      }
      rememberRead();
      return store.contains(key.array(), 0, key.length(), state.readTimestamp());
    } finally {
      state.exit();
    }
  }

  private void rememberRead() {
    if (state.remembersReads()) {
      state.workspace.reads.addPoint(key.array(), 0, key.length());
    }
  }

  @Override
  BatchCursor scan(int keyspace, KeyRange range) {
    state.enter();
    try {
      KeyRange physical = PhysicalKey.range(keyspace, range);
      BatchCursor committed = store.scan(physical, state.readTimestamp());
      OpenScan scan =
          new OpenScan(committed, physical, state.remembersReads() ? state.workspace.reads : null);
      state.opened(scan);
      if (state.isolation == IsolationLevel.READ_UNCOMMITTED) {
        return new DirtyCursor(this, state, scan);
      }
      PendingWrites writes = state.writes();
      return writes == null || writes.isEmpty()
          ? new CommittedCursor(this, scan)
          : new MergedCursor(this, state, writes, scan);
    } finally {
      state.exit();
    }
  }

  @Override
  void close(OpenScan scan) {
    if (!scan.isClosed() && state.isActive()) {
      state.enter();
      try {
        state.close(scan);
      } finally {
        state.exit();
      }
    }
  }

  @Override
  public byte @Nullable [] getNewest(int keyspace, byte[] userKey) {
    state.enter();
    try {
      key.set(keyspace, userKey, 0, userKey.length);
      rememberRead();
      return newest(key.array(), key.length());
    } finally {
      state.exit();
    }
  }

  private byte @Nullable [] newest(byte[] physical, int length) {
    PendingWrites writes = state.writes();
    if (writes != null) {
      int kind = writes.find(physical, 0, length);
      if (kind != WriteSet.ABSENT) {
        return kind == WriteSet.PUT ? copy(writes) : null;
      }
    }
    return store.get(physical, 0, length, VersionedStore.NEWEST);
  }

  @Override
  int resolve(String name) {
    return manager.directory().resolve(name, state.readTimestamp());
  }

  @Override
  long indexTimestamp() {
    return Math.min(state.readTimestamp(), VersionedStore.NEWEST - 1);
  }

  @Override
  public void beginStatement() {
    state.enter();
    try {
      state.beginStatement();
    } finally {
      state.exit();
    }
  }

  @Override
  public void endStatement() {
    if (state.isActive()) {
      state.enter();
      try {
        state.endStatement();
      } finally {
        state.exit();
      }
    }
  }

  // Writing.

  @Override
  void put(int keyspace, byte[] userKey, byte[] value) {
    enterToWrite();
    try {
      key.set(keyspace, userKey, 0, userKey.length);
      put(keyspace, value);
    } catch (VarveException failure) {
      throw failed(failure);
    } finally {
      state.exit();
    }
  }

  @Override
  void put(int keyspace, ByteBuffer userKey, ByteBuffer value) {
    enterToWrite();
    try {
      key.set(keyspace, userKey);
      put(keyspace, Buffers.bytes(value));
    } catch (VarveException failure) {
      throw failed(failure);
    } finally {
      state.exit();
    }
  }

  private void put(int keyspace, byte[] value) {
    lockToWrite(keyspace);
    NamedIndex[] following = following(keyspace);
    if (following.length > 0) {
      IndexKeeper.change(this, following, key.copy(), value);
    }
    state.writesForChange().put(key.array(), 0, key.length(), value, 0, value.length);
  }

  @Override
  void delete(int keyspace, byte[] userKey) {
    enterToWrite();
    try {
      key.set(keyspace, userKey, 0, userKey.length);
      lockToWrite(keyspace);
      NamedIndex[] following = following(keyspace);
      if (following.length > 0) {
        IndexKeeper.change(this, following, key.copy(), null);
      }
      state.writesForChange().delete(key.array(), 0, key.length());
    } catch (VarveException failure) {
      throw failed(failure);
    } finally {
      state.exit();
    }
  }

  @Override
  void deleteRange(int keyspace, byte[] from, byte[] to) {
    Buffers.checkKeyBytes(from.length);
    Buffers.checkKeyBytes(to.length);
    if (Arrays.compareUnsigned(from, to) < 0) {
      deleteRange(keyspace, KeyRange.between(from, to));
    }
  }

  @Override
  public void clearKeyspace(int keyspace) {
    deleteRange(keyspace, KeyRange.all());
  }

  private void deleteRange(int keyspace, KeyRange range) {
    KeyRange physical = PhysicalKey.range(keyspace, range);
    enterToWrite();
    try {
      lockRange(physical);
      manager.checkNotDropped(keyspace);
      NamedIndex[] following = following(keyspace);
      if (following.length > 0) {
        IndexKeeper.deleteRange(this, following, physical, range.equals(KeyRange.all()));
      }
      state.writesForChange().deleteRange(physical.from(), physical.to());
    } catch (VarveException failure) {
      throw failed(failure);
    } finally {
      state.exit();
    }
  }

  private void enterToWrite() {
    state.enter();
    if (state.readOnly || manager.isReadOnly()) {
      state.exit();
      throw readOnly();
    }
  }

  /** Locks the row of {@code key}, and makes sure that it is as the snapshot shows it. */
  private void lockToWrite(int keyspace) {
    lockRow(key.array(), key.length());
    manager.checkNotDropped(keyspace);
    checkUnchanged(key.array(), key.length());
  }

  private void lockRow(byte[] physical, int length) {
    LockOwner owner = state.workspace.owner;
    manager.locks().lockRow(owner, physical, 0, length, true, LockWait.WAIT);
    if (owner.heldRows() > manager.maxRowLocks()) {
      manager.locks().widen(owner);
    }
  }

  private void lockRange(KeyRange physical) {
    manager.locks().lockRange(state.workspace.owner, physical.from(), physical.to(), true);
    if (state.fixesSnapshot() && store.changed(physical, state.snapshot, Long.MAX_VALUE)) {
      throw conflict("range", physical.toString());
    }
  }

  private void checkUnchanged(byte[] physical, int length) {
    if (state.fixesSnapshot()
        && manager
            .recentCommits()
            .mayHaveChanged(LockTable.hash(physical, 0, length), state.snapshot)
        && store.changed(physical, 0, length, state.snapshot, Long.MAX_VALUE)) {
      throw conflict("row", RowName.of(Arrays.copyOf(physical, length)));
    }
  }

  private VarveException conflict(String what, String name) {
    return ErrorCode.WRITE_CONFLICT
        .error("Another transaction has committed a change to a row since this one began.")
        .fact(what, name)
        .fact("transaction", state)
        .hint("Run the transaction again.")
        .build();
  }

  private NamedIndex[] following(int keyspace) {
    IndexCatalog catalog = manager.namedIndexes().catalog();
    return catalog.followsNothing() ? IndexCatalog.NONE : catalog.following(keyspace);
  }

  /** Ends the transaction if the failure leaves no other way. */
  private VarveException failed(VarveException failure) {
    if (failure.code() == ErrorCode.WRITE_CONFLICT
        || failure.code() == ErrorCode.SERIALIZATION_FAILURE
        || failure.code() == ErrorCode.DEADLOCK) {
      manager.transactionMetrics().aborted(state, failure);
      state.finish(
          ErrorCode.TRANSACTION_ABORTED,
          "The transaction was rolled back because of a conflict.",
          failure);
    }
    return failure;
  }

  @Override
  NamedKeyspace writable(String name) {
    if (state.readOnly || manager.isReadOnly()) {
      throw readOnly();
    }
    return manager.directory().findOrCreate(name);
  }

  @Override
  public LockResult lock(int keyspace, byte[] userKey, LockMode mode, LockWait wait) {
    enterToWrite();
    try {
      key.set(keyspace, userKey, 0, userKey.length);
      boolean exclusive = mode == LockMode.EXCLUSIVE;
      LockOwner owner = state.workspace.owner;
      if (!manager.locks().lockRow(owner, key.array(), 0, key.length(), exclusive, wait)) {
        return LockResult.SKIPPED;
      }
      if (owner.heldRows() > manager.maxRowLocks()) {
        manager.locks().widen(owner);
      }
      checkUnchanged(key.array(), key.length());
      long seen = state.readTimestamp();
      return seen != VersionedStore.NEWEST
              && store.changed(key.array(), 0, key.length(), seen, Long.MAX_VALUE)
          ? LockResult.CHANGED
          : LockResult.LOCKED;
    } catch (VarveException failure) {
      throw failed(failure);
    } finally {
      state.exit();
    }
  }

  // Index entries.

  @Override
  void insert(NamedIndex index, byte[] indexed, byte[] primaryKey) {
    inside(() -> addEntry(index, indexed, primaryKey, true));
  }

  @Override
  void remove(NamedIndex index, byte[] indexed, byte[] primaryKey) {
    inside(() -> removeEntry(index, indexed, primaryKey, true));
  }

  /** Runs a change inside one call. */
  void inside(Runnable change) {
    enterToWrite();
    try {
      change.run();
    } catch (VarveException failure) {
      throw failed(failure);
    } finally {
      state.exit();
    }
  }

  /** Adds an entry; inside a call. */
  void addEntry(NamedIndex index, byte[] indexed, byte[] primaryKey, boolean byHand) {
    byte[] entry = PhysicalKey.of(index.id(), index.entryKey(indexed, primaryKey));
    byte[] value = index.entryValue(primaryKey);
    lockRow(entry, entry.length);
    if (index.definition().unique()) {
      byte[] other = newest(entry, entry.length);
      if (other != null && !Arrays.equals(other, primaryKey)) {
        throw ErrorCode.UNIQUE_VIOLATION
            .error("A unique index has another primary key under the same bytes.")
            .fact("index", index.name())
            .fact("indexed", RowName.of(PhysicalKey.of(index.id(), indexed)))
            .fact("primaryKey", RowName.of(PhysicalKey.of(Math.max(0, index.followed()), other)))
            .build();
      }
    } else if (byHand) {
      checkUnchanged(entry, entry.length);
    }
    state.writesForChange().put(entry, 0, entry.length, value, 0, value.length);
  }

  /** Removes an entry; inside a call. */
  void removeEntry(NamedIndex index, byte[] indexed, byte[] primaryKey, boolean byHand) {
    byte[] entry = PhysicalKey.of(index.id(), index.entryKey(indexed, primaryKey));
    lockRow(entry, entry.length);
    if (index.definition().unique()) {
      byte[] other = newest(entry, entry.length);
      if (other == null || !Arrays.equals(other, primaryKey)) {
        return;
      }
    } else if (byHand) {
      checkUnchanged(entry, entry.length);
    }
    state.writesForChange().delete(entry, 0, entry.length);
  }

  /** Removes all entries of an index; inside a call. */
  void clearEntries(NamedIndex index) {
    KeyRange all = PhysicalKey.range(index.id(), KeyRange.all());
    manager.locks().lockRange(state.workspace.owner, all.from(), all.to(), true);
    state.writesForChange().deleteRange(all.from(), all.to());
  }

  /** Locks a physical range exclusively, conflicts aside. */
  void lockWhole(int keyspace) {
    enterToWrite();
    try {
      KeyRange all = PhysicalKey.range(keyspace, KeyRange.all());
      manager.locks().lockRange(state.workspace.owner, all.from(), all.to(), true);
    } catch (VarveException failure) {
      throw failed(failure);
    } finally {
      state.exit();
    }
  }

  /** The newest value of a physical key, own writes included; inside a call. */
  byte @Nullable [] newestOf(byte[] physical) {
    return newest(physical, physical.length);
  }

  /** The newest rows of a range, own writes included; inside a call. */
  BatchCursor newestRows(KeyRange physical) {
    OpenScan scan = new OpenScan(store.scan(physical, VersionedStore.NEWEST), physical, null);
    return new MergedCursor(this, null, state.writesForChange(), scan);
  }

  // Savepoints.

  @Override
  public Savepoint savepoint(String name) {
    state.enter();
    try {
      return state.writesForChange().savepoint(name);
    } finally {
      state.exit();
    }
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    state.enter();
    try {
      state.writesForChange().rollbackTo(savepoint);
    } finally {
      state.exit();
    }
  }

  @Override
  public void release(Savepoint savepoint) {
    state.enter();
    try {
      state.writesForChange().release(savepoint);
    } finally {
      state.exit();
    }
  }

  // The end.

  @Override
  public long commit() {
    state.enter();
    try {
      state.closeScans();
      long timestamp = Committer.commit(state);
      state.finish(ErrorCode.NO_ACTIVE_TRANSACTION, "The transaction is committed.", null);
      manager.transactionMetrics().commits.increment();
      return timestamp;
    } catch (RuntimeException | Error failure) {
      if (failure instanceof VarveException known) {
        manager.transactionMetrics().aborted(state, known);
      }
      state.finish(
          ErrorCode.TRANSACTION_ABORTED,
          "The transaction was rolled back because its commit failed.",
          failure);
      throw failure;
    } finally {
      state.exit();
    }
  }

  @Override
  public void prepare(String globalId) {
    enterToWrite();
    try {
      state.closeScans();
      manager.preparedTransactions().prepare(globalId, state);
    } catch (VarveException failure) {
      throw failed(failure);
    } finally {
      state.exit();
    }
  }

  @Override
  public void rollback() {
    if (!state.isActive()) {
      return;
    }
    state.enter();
    try {
      state.finish(ErrorCode.NO_ACTIVE_TRANSACTION, "The transaction was rolled back.", null);
      manager.transactionMetrics().rollbacks.increment();
    } finally {
      state.exit();
    }
  }

  @Override
  public void close() {
    rollback();
  }

  // What it is.

  @Override
  public IsolationLevel isolation() {
    return state.isolation;
  }

  @Override
  public boolean isReadOnly() {
    return state.readOnly;
  }

  @Override
  public boolean isClean() {
    PendingWrites writes = state.writes();
    return !state.isActive()
        || (writes == null || writes.isEmpty()) && state.workspace.owner.holdsNothing();
  }

  @Override
  public boolean isActive() {
    return state.isActive();
  }

  @Override
  public String toString() {
    return state.toString();
  }
}
