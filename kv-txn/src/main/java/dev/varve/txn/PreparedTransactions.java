// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Cursor;
import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.txn.lock.LockOwner;
import dev.varve.txn.lock.LockTable;
import dev.varve.txn.read.ReadSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The transactions that have gone through the first phase of a two-phase commit. Thread-safe.
 *
 * <p>Their operations are in the store only; in memory are their locks, which are taken again when the store
 * is opened. What a serializable transaction has read is locked, shared, before it is checked for the last
 * time; so nothing can change any more what its commit rests on.
 */
final class PreparedTransactions {
  private static final long SMALL_BYTES = 4L << 20;

  private final TransactionManager manager;
  private final VersionedStore store;
  private final LockTable locks;
  private final ConcurrentSkipListMap<String, Prepared> byId = new ConcurrentSkipListMap<>();

  /** One of them; {@code isReady} once it is durable, and again false once its end has begun. */
  private static final class Prepared {
    private final LockOwner owner;
    private boolean isReady;

    Prepared(LockOwner owner) {
      this.owner = owner;
    }

    synchronized void setReady() {
      isReady = true;
    }

    synchronized boolean claim() {
      boolean claimed = isReady;
      isReady = false;
      return claimed;
    }

    synchronized boolean isReady() {
      return isReady;
    }
  }

  PreparedTransactions(TransactionManager manager) {
    this.manager = manager;
    this.store = manager.store();
    this.locks = manager.locks();
  }

  List<String> ids() {
    return byId.entrySet().stream()
        .filter(entry -> entry.getValue().isReady())
        .map(Map.Entry::getKey)
        .toList();
  }

  // The first phase.

  /** Prepares a transaction; inside a call on it. */
  void prepare(String globalId, TransactionState state) {
    KeyspaceDirectory.checkName(globalId);
    Prepared prepared = new Prepared(state.workspace.owner);
    if (byId.putIfAbsent(globalId, prepared) != null) {
      throw ErrorCode.ALREADY_EXISTS
          .error("There is a prepared transaction of this name.")
          .fact("globalId", globalId)
          .build();
    }
    boolean done = false;
    try {
      if (!state.workspace.reads.isEmpty()) {
        lockReads(state);
        Committer.validate(state, state.workspace.reads, Long.MAX_VALUE);
      }
      new PreparedWriter(store, globalId).write(state);
      done = true;
    } finally {
      if (!done) {
        byId.remove(globalId, prepared);
      }
    }
    state.finishPrepared(globalId);
    prepared.owner.rename("prepared transaction " + globalId);
    prepared.setReady();
  }

  private void lockReads(TransactionState state) {
    LockOwner owner = state.workspace.owner;
    state.workspace.reads.forEach(
        new ReadSet.Visitor() {
          @Override
          public boolean point(byte[] array, int offset, int length) {
            return locks.lockRow(owner, array, offset, length, false, LockWait.WAIT);
          }

          @Override
          public boolean range(byte[] from, byte[] to) {
            locks.lockRange(owner, from, to, false);
            return true;
          }
        });
  }

  // The second phase.

  long commit(String globalId) {
    Prepared prepared = claim(globalId);
    try {
      long timestamp = isSmall(globalId) ? commitSmall(globalId) : commitLarge(globalId);
      manager.recentCommits().anyCommitted(timestamp);
      end(globalId, prepared);
      return timestamp;
    } catch (RuntimeException | Error failure) {
      manager.recentCommits().unknown();
      prepared.setReady();
      throw failure;
    }
  }

  void rollback(String globalId) {
    Prepared prepared = claim(globalId);
    try {
      removeRecords(globalId);
      end(globalId, prepared);
    } catch (RuntimeException | Error failure) {
      prepared.setReady();
      throw failure;
    }
  }

  private Prepared claim(String globalId) {
    Prepared prepared = byId.get(globalId);
    if (prepared == null || !prepared.claim()) {
      throw ErrorCode.NOT_FOUND
          .error("There is no prepared transaction of this name.")
          .fact("globalId", globalId)
          .build();
    }
    return prepared;
  }

  private void end(String globalId, Prepared prepared) {
    byId.remove(globalId, prepared);
    locks.releaseAll(prepared.owner);
  }

  private boolean isSmall(String globalId) {
    long bytes = 0;
    try (BatchCursor chunks = chunks(globalId)) {
      while (bytes < SMALL_BYTES && chunks.next()) {
        bytes += chunks.valueBuffer().remaining();
      }
    }
    return bytes < SMALL_BYTES;
  }

  private BatchCursor chunks(String globalId) {
    KeyRange all = PreparedFormat.all(globalId);
    byte[] first = PreparedFormat.key(globalId, 1);
    return store.scan(KeyRange.between(first, all.to()), VersionedStore.NEWEST);
  }

  private long commitSmall(String globalId) {
    Operations operations = new Operations(1 << 12);
    try (BatchCursor chunks = chunks(globalId)) {
      PreparedOperations all = new PreparedOperations(globalId, chunks);
      while (all.next()) {
        add(all, operations);
      }
    }
    return store.commit(operations, manager.durability(), null);
  }

  private static void add(PreparedOperations from, Operations to) {
    switch (from.kind()) {
      case Operations.PUT ->
          to.put(
              from.keyArray(),
              from.keyOffset(),
              from.keyBytes(),
              from.valueArray(),
              from.valueOffset(),
              from.valueBytes());
      case Operations.DELETE -> to.delete(from.keyArray(), from.keyOffset(), from.keyBytes());
      default ->
          to.deleteRange(
              from.keyArray(),
              from.keyOffset(),
              from.keyBytes(),
              from.valueArray(),
              from.valueOffset(),
              from.valueBytes());
    }
  }

  private long commitLarge(String globalId) {
    try (BatchCursor chunks = chunks(globalId)) {
      return store.commitSorted(new PreparedOperations(globalId, chunks), null);
    }
  }

  private void removeRecords(String globalId) {
    KeyRange all = PreparedFormat.all(globalId);
    byte[] from = all.from();
    byte[] to = all.to();
    Operations operations = new Operations(512);
    operations.deleteRange(from, 0, from.length, to, 0, to.length);
    store.commit(operations, Durability.SYNC, null);
  }

  // Opening.

  /** Takes the locks of those in the store again, and removes what was never prepared in full. */
  void recover() {
    Map<String, Integer> found = new HashMap<>();
    KeyRange everything = PhysicalKey.range(PreparedFormat.KEYSPACE, KeyRange.all());
    try (Cursor cursor = store.scan(everything, VersionedStore.NEWEST)) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        String globalId = PreparedFormat.globalId(key);
        if (PreparedFormat.sequence(key) == 0) {
          found.put(globalId, PreparedFormat.chunks(globalId, cursor.value()));
        } else {
          found.putIfAbsent(globalId, -1);
        }
      }
    }
    found.forEach(
        (globalId, chunks) -> {
          if (chunks < 0) {
            removeRecords(globalId);
          } else {
            recover(globalId, chunks);
          }
        });
  }

  private void recover(String globalId, int expectedChunks) {
    LockOwner owner = new LockOwner();
    owner.begin("prepared transaction " + globalId, 0);
    int count = 0;
    try (BatchCursor chunks = chunks(globalId)) {
      while (chunks.next()) {
        count++;
        PreparedFormat.forEach(
            globalId,
            chunks.value(),
            (kind, chunk, first, firstBytes, second, secondBytes) ->
                lockAgain(owner, kind, chunk, first, firstBytes, second, secondBytes));
      }
    }
    if (count != expectedChunks) {
      throw PreparedFormat.corrupt(globalId, "chunks", count);
    }
    Prepared prepared = new Prepared(owner);
    prepared.setReady();
    byId.put(globalId, prepared);
  }

  private void lockAgain(
      LockOwner owner,
      byte kind,
      byte[] chunk,
      int first,
      int firstBytes,
      int second,
      int secondBytes) {
    if (PreparedFormat.isOperation(kind)) {
      return;
    }
    boolean exclusive =
        kind == PreparedFormat.ROW_EXCLUSIVE || kind == PreparedFormat.RANGE_EXCLUSIVE;
    if (kind == PreparedFormat.ROW_EXCLUSIVE || kind == PreparedFormat.ROW_SHARED) {
      locks.lockRow(owner, chunk, first, firstBytes, exclusive, LockWait.NOWAIT);
    } else {
      locks.lockRange(
          owner,
          Arrays.copyOfRange(chunk, first, first + firstBytes),
          Arrays.copyOfRange(chunk, second, second + secondBytes),
          exclusive);
    }
  }
}
