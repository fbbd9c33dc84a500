// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.Savepoint;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A transaction of a {@link ReferenceStore}: a sorted map of pending writes, and a log to undo them. */
final class ReferenceTransaction extends ReferenceReader implements StoreTransaction {
  private static final Set<ErrorCode> FATAL =
      Set.of(ErrorCode.WRITE_CONFLICT, ErrorCode.SERIALIZATION_FAILURE, ErrorCode.DEADLOCK);

  private final long number;
  private final IsolationLevel isolation;
  private final boolean readOnly;
  private final long lockTimeoutNanos;
  private final NavigableMap<RowKey, byte[]> pending = new TreeMap<>();
  private final List<Undo> undo = new ArrayList<>();
  private final List<ReferenceSavepoint> savepoints = new ArrayList<>();
  private final List<RowRange> reads = new ArrayList<>();
  private final long snapshot;
  private long statementSnapshot = -1;
  private boolean hasLocked;
  private @Nullable VarveException end;

  /** What stood in the place of a write before it; null when nothing did. */
  private record Undo(RowKey row, byte @Nullable [] before) {}

  /** A place in the undo log. */
  private static final class ReferenceSavepoint implements Savepoint {
    private final String name;
    private final int undoLength;

    ReferenceSavepoint(String name, int undoLength) {
      this.name = name;
      this.undoLength = undoLength;
    }

    @Override
    public String name() {
      return name;
    }
  }

  ReferenceTransaction(
      ReferenceStore store, long number, TransactionOptions options, IsolationLevel isolation) {
    super(store);
    this.number = number;
    this.isolation = isolation;
    this.readOnly = options.readOnly();
    this.lockTimeoutNanos = store.lockTimeout(options).toNanos();
    this.snapshot = store.newest();
    store.keep(snapshot);
  }

  NavigableMap<RowKey, byte[]> pending() {
    return pending;
  }

  long lockTimeoutNanos() {
    return lockTimeoutNanos;
  }

  void checkActive() {
    store.checkOpen();
    if (end != null) {
      throw end.code().error(end.sentence()).cause(end).build();
    }
  }

  // Reading.

  @Override
  public long readTimestamp() {
    synchronized (store) {
      return view().timestamp();
    }
  }

  @Override
  ReferenceView view() {
    checkActive();
    List<NavigableMap<RowKey, byte[]>> visible = new ArrayList<>();
    visible.add(pending);
    if (isolation == IsolationLevel.READ_UNCOMMITTED) {
      store.pendingOfOthers(this, visible);
    }
    return store.view(visibleTimestamp(), visible);
  }

  private long visibleTimestamp() {
    return switch (isolation) {
      case READ_UNCOMMITTED -> store.newest();
      case READ_COMMITTED -> statementSnapshot >= 0 ? statementSnapshot : store.newest();
      case REPEATABLE_READ, SERIALIZABLE -> snapshot;
    };
  }

  private ReferenceView newestView() {
    return store.view(store.newest(), List.of(pending));
  }

  @Override
  void onRead(RowRange range) {
    if (isolation == IsolationLevel.SERIALIZABLE && !readOnly) {
      reads.add(range);
    }
  }

  @Override
  BatchCursor scan(int keyspace, KeyRange range) {
    synchronized (store) {
      long fixed = view().timestamp();
      onRead(RowRange.of(keyspace, range));
      store.keep(fixed);
      boolean dirty = isolation == IsolationLevel.READ_UNCOMMITTED;
      return new ReferenceCursor(
          store,
          () -> dirty ? view() : store.view(fixed, view().pending()),
          keyspace,
          range,
          () -> store.unkeep(fixed));
    }
  }

  @Override
  public byte @Nullable [] getNewest(int keyspace, byte[] key) {
    ReferenceKeyspace.checkKey(key);
    synchronized (store) {
      checkActive();
      RowKey row = new RowKey(keyspace, key.clone());
      onRead(RowRange.of(row));
      byte[] value = newestView().get(row);
      return value == null ? null : value.clone();
    }
  }

  @Override
  public void beginStatement() {
    synchronized (store) {
      checkActive();
      endStatement();
      statementSnapshot = store.newest();
      store.keep(statementSnapshot);
    }
  }

  @Override
  public void endStatement() {
    synchronized (store) {
      if (statementSnapshot >= 0) {
        store.unkeep(statementSnapshot);
        statementSnapshot = -1;
      }
    }
  }

  // Writing. Each change goes through change(), which makes it whole or not at all.

  @Override
  void put(int keyspace, byte[] key, byte[] value) {
    change(() -> write(new RowKey(keyspace, key), value));
  }

  @Override
  void delete(int keyspace, byte[] key) {
    change(() -> write(new RowKey(keyspace, key), ReferenceVersions.DELETED));
  }

  @Override
  void deleteRange(int keyspace, KeyRange range) {
    RowRange rows = RowRange.of(keyspace, range);
    change(
        () -> {
          store.locks().lockRange(this, rows, LockMode.EXCLUSIVE);
          checkUnchanged(rows);
          RowRange rest = rows;
          for (RowKey row = first(rest); row != null; row = first(rest)) {
            follow(row, null);
            set(row, ReferenceVersions.DELETED);
            rest = ReferenceView.behind(rest, row, false);
          }
        });
  }

  @Override
  public void clearKeyspace(int keyspace) {
    deleteRange(keyspace, KeyRange.all());
  }

  @Override
  void insert(ReferenceIndex index, byte[] indexed, byte[] primaryKey) {
    change(() -> addEntry(index, indexed, primaryKey));
  }

  @Override
  void remove(ReferenceIndex index, byte[] indexed, byte[] primaryKey) {
    RowKey entry = new RowKey(index.id(), ReferenceIndex.entry(indexed, primaryKey));
    change(() -> write(entry, ReferenceVersions.DELETED));
  }

  private @Nullable RowKey first(RowRange range) {
    return newestView().first(range, false);
  }

  private void write(RowKey row, byte[] value) {
    store.locks().lock(this, row, LockMode.EXCLUSIVE, LockWait.WAIT);
    checkUnchanged(RowRange.of(row));
    follow(row, value == ReferenceVersions.DELETED ? null : value);
    set(row, value);
  }

  /** Brings the indexes that follow the keyspace of {@code row} up to its new value. */
  private void follow(RowKey row, byte @Nullable [] value) {
    for (ReferenceIndex index : store.following(row.keyspace())) {
      NavigableSet<RowKey> stale = entries(index, row, newestView().get(row));
      NavigableSet<RowKey> fresh = entries(index, row, value);
      for (RowKey entry : stale) {
        if (!fresh.contains(entry)) {
          set(entry, ReferenceVersions.DELETED);
        }
      }
      for (RowKey entry : fresh) {
        if (!stale.contains(entry)) {
          addEntry(index, ReferenceIndex.indexed(entry.bytes()), row.bytes());
        }
      }
    }
  }

  private static NavigableSet<RowKey> entries(
      ReferenceIndex index, RowKey row, byte @Nullable [] value) {
    NavigableSet<RowKey> entries = new TreeSet<>();
    for (byte[] indexed : index.extract(value)) {
      entries.add(new RowKey(index.id(), ReferenceIndex.entry(indexed, row.bytes())));
    }
    return entries;
  }

  private void addEntry(ReferenceIndex index, byte[] indexed, byte[] primaryKey) {
    RowKey entry = new RowKey(index.id(), ReferenceIndex.entry(indexed, primaryKey));
    if (index.definition().unique()) {
      byte[] prefix = ReferenceIndex.prefix(indexed);
      store.locks().lock(this, new RowKey(index.id(), prefix), LockMode.EXCLUSIVE, LockWait.WAIT);
      RowKey holder = first(RowRange.of(index.id(), KeyRange.prefix(prefix)));
      if (holder != null && !holder.equals(entry)) {
        throw ErrorCode.UNIQUE_VIOLATION
            .error("A unique index has another primary key under the same bytes.")
            .fact("index", index.definition().name())
            .fact("primaryKey", new RowKey(index.followed(), primaryKey))
            .build();
      }
    }
    store.locks().lock(this, entry, LockMode.EXCLUSIVE, LockWait.WAIT);
    set(entry, new byte[0]);
  }

  private void set(RowKey row, byte[] value) {
    undo.add(new Undo(row, pending.put(row, value)));
  }

  private void checkUnchanged(RowRange rows) {
    if (isolation.compareTo(IsolationLevel.REPEATABLE_READ) >= 0) {
      RowKey changed = store.versions().changed(rows, snapshot);
      if (changed != null) {
        throw ErrorCode.WRITE_CONFLICT
            .error("Another transaction has committed a change to a row since this one began.")
            .fact("row", changed)
            .build();
      }
    }
  }

  private void change(Runnable body) {
    synchronized (store) {
      checkActive();
      if (readOnly) {
        throw readOnly();
      }
      hasLocked = true;
      int before = undo.size();
      try {
        body.run();
      } catch (VarveException failure) {
        undoTo(before);
        throw failed(failure);
      }
    }
  }

  private VarveException failed(VarveException failure) {
    if (FATAL.contains(failure.code())) {
      finish(
          ErrorCode.TRANSACTION_ABORTED, "The transaction was rolled back by a failure.", failure);
    }
    return failure;
  }

  @Override
  public LockResult lock(int keyspace, byte[] key, LockMode mode, LockWait wait) {
    ReferenceKeyspace.checkKey(key);
    LockResult[] result = {LockResult.SKIPPED};
    change(
        () -> {
          RowKey row = new RowKey(keyspace, key.clone());
          if (store.locks().lock(this, row, mode, wait)) {
            checkUnchanged(RowRange.of(row));
            boolean changed =
                store.versions().changed(RowRange.of(row), visibleTimestamp()) != null;
            result[0] = changed ? LockResult.CHANGED : LockResult.LOCKED;
          }
        });
    return result[0];
  }

  // Savepoints.

  @Override
  public Savepoint savepoint(String name) {
    synchronized (store) {
      checkActive();
      ReferenceSavepoint savepoint = new ReferenceSavepoint(name, undo.size());
      savepoints.add(savepoint);
      return savepoint;
    }
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    synchronized (store) {
      int at = place(savepoint);
      savepoints.subList(at + 1, savepoints.size()).clear();
      undoTo(savepoints.get(at).undoLength);
    }
  }

  @Override
  public void release(Savepoint savepoint) {
    synchronized (store) {
      savepoints.subList(place(savepoint), savepoints.size()).clear();
    }
  }

  private int place(Savepoint savepoint) {
    checkActive();
    for (int i = 0; i < savepoints.size(); i++) {
      if (savepoints.get(i) == savepoint) {
        return i;
      }
    }
    throw ErrorCode.INVALID_SAVEPOINT
        .error("The savepoint is not one of this transaction, or no longer.")
        .fact("savepoint", savepoint.name())
        .build();
  }

  private void undoTo(int length) {
    while (undo.size() > length) {
      Undo last = undo.remove(undo.size() - 1);
      if (last.before == null) {
        pending.remove(last.row);
      } else {
        pending.put(last.row, last.before);
      }
    }
  }

  // The end.

  @Override
  public long commit() {
    synchronized (store) {
      checkActive();
      long timestamp = visibleTimestamp();
      if (!pending.isEmpty()) {
        validate();
        timestamp = store.apply(pending);
      }
      finish(ErrorCode.NO_ACTIVE_TRANSACTION, "The transaction is committed.", null);
      return timestamp;
    }
  }

  @Override
  public void prepare(String globalId) {
    synchronized (store) {
      checkActive();
      store.checkNotPrepared(globalId);
      for (RowRange read : reads) {
        store.locks().lockRange(this, read, LockMode.SHARED);
      }
      validate();
      store.addPrepared(globalId, this);
      endStatement();
      store.unkeep(snapshot);
      end = over(ErrorCode.NO_ACTIVE_TRANSACTION, "The transaction is prepared.", null);
    }
  }

  /** Ends what {@link #prepare} has left. */
  long finishPrepared(boolean commit) {
    long timestamp = commit ? store.apply(pending) : 0;
    store.locks().releaseAll(this);
    return timestamp;
  }

  private void validate() {
    for (RowRange read : reads) {
      RowKey changed = store.versions().changed(read, snapshot);
      if (changed != null) {
        throw failed(
            ErrorCode.SERIALIZATION_FAILURE
                .error("Another transaction has committed a change to a row that this one read.")
                .fact("row", changed)
                .build());
      }
    }
  }

  @Override
  public void rollback() {
    synchronized (store) {
      if (end == null) {
        finish(ErrorCode.NO_ACTIVE_TRANSACTION, "The transaction was rolled back.", null);
      }
    }
  }

  private void finish(ErrorCode code, String sentence, @Nullable VarveException cause) {
    endStatement();
    end = over(code, sentence, cause);
    pending.clear();
    undo.clear();
    store.locks().releaseAll(this);
    store.unkeep(snapshot);
    store.ended(this);
  }

  private static VarveException over(
      ErrorCode code, String sentence, @Nullable VarveException cause) {
    return code.error(sentence).cause(cause).build();
  }

  @Override
  public void close() {
    rollback();
  }

  // What it is.

  @Override
  public IsolationLevel isolation() {
    return isolation;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public boolean isClean() {
    return !hasLocked;
  }

  @Override
  public boolean isActive() {
    synchronized (store) {
      return end == null && store.isOpen();
    }
  }

  @Override
  public String toString() {
    return "transaction-" + number;
  }
}
