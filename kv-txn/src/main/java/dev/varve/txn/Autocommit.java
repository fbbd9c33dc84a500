// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Durability;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.txn.index.NamedIndex;
import dev.varve.txn.lock.LockTable;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes each of which is a transaction of its own. Any thread.
 *
 * <p>Reads go straight to the store. So does a put, when nothing speaks against it:
 *
 * <ul>
 *   <li>I1. It goes through the gate of its row's shard, which is open only while no row of the shard and no
 *       range anywhere is locked, and until it has left again nobody locks one ({@link LockTable}). So it
 *       cannot commit between the moment at which a transaction has locked the row and found it unchanged, and
 *       that transaction's commit.
 *   <li>I2. Inside the gate it looks whether the keyspace has been dropped or has indexes: both change only
 *       under a lock on the whole keyspace, which waits for those inside.
 *   <li>I3. A commit that waits for the device stays out of the gate, lest others wait for the device with it: it takes a
 *       lock on its row, which costs nothing beside a sync.
 * </ul>
 */
final class Autocommit extends Reader {
  private static final TransactionOptions OPTIONS =
      TransactionOptions.defaults().isolation(IsolationLevel.READ_COMMITTED);

  private final VersionedStore store;
  private final LockTable locks;
  private final boolean mayPass;

  Autocommit(TransactionManager manager) {
    super(manager);
    this.store = manager.store();
    this.locks = manager.locks();
    this.mayPass = manager.durability() != Durability.SYNC && !manager.isReadOnly();
  }

  @Override
  public long readTimestamp() {
    checkActive();
    return store.visibleTimestamp();
  }

  @Override
  void checkActive() {
    manager.checkOpen();
  }

  @Override
  byte @Nullable [] get(int keyspace, byte[] key) {
    checkActive();
    PhysicalKey physical = manager.physicalKey();
    physical.set(keyspace, key, 0, key.length);
    return store.get(physical.array(), 0, physical.length(), VersionedStore.NEWEST);
  }

  @Override
  int get(int keyspace, ByteBuffer key, ByteBuffer value) {
    checkActive();
    PhysicalKey physical = manager.physicalKey();
    physical.set(keyspace, key);
    return store.get(physical.array(), 0, physical.length(), VersionedStore.NEWEST, value);
  }

  @Override
  boolean contains(int keyspace, byte[] key) {
    checkActive();
    PhysicalKey physical = manager.physicalKey();
    physical.set(keyspace, key, 0, key.length);
    return store.contains(physical.array(), 0, physical.length(), VersionedStore.NEWEST);
  }

  @Override
  BatchCursor scan(int keyspace, KeyRange range) {
    checkActive();
    KeyRange physical = PhysicalKey.range(keyspace, range);
    BatchCursor committed = store.scan(physical, VersionedStore.NEWEST);
    return new CommittedCursor(this, new OpenScan(committed, physical, null));
  }

  @Override
  int resolve(String name) {
    NamedKeyspace found = manager.directory().find(name);
    return found == null ? -1 : found.id();
  }

  @Override
  long indexTimestamp() {
    return VersionedStore.NEWEST - 1;
  }

  @Override
  NamedKeyspace writable(String name) {
    manager.checkWritable();
    return manager.directory().findOrCreate(name);
  }

  @Override
  void put(int keyspace, byte[] key, byte[] value) {
    manager.checkWritable();
    if (mayPass) {
      PhysicalKey physical = manager.physicalKey();
      physical.set(keyspace, key, 0, key.length);
      if (tryPut(keyspace, physical, value)) {
        return;
      }
    }
    commit(transaction -> transaction.put(keyspace, key, value));
  }

  @Override
  void put(int keyspace, ByteBuffer key, ByteBuffer value) {
    put(keyspace, Buffers.bytes(key), Buffers.bytes(value));
  }

  private boolean tryPut(int keyspace, PhysicalKey key, byte[] value) {
    long hash = LockTable.hash(key.array(), 0, key.length());
    int gate = locks.gate(hash);
    if (!locks.pass(gate)) {
      return false;
    }
    boolean known = false;
    try {
      if (manager.isSpecial(keyspace)) {
        known = true;
        return false;
      }
      long timestamp =
          store.put(key.array(), 0, key.length(), value, 0, value.length, manager.durability());
      manager.recentCommits().committed(hash, timestamp);
      known = true;
      return true;
    } finally {
      if (!known) {
        manager.recentCommits().unknown();
      }
      locks.leave(gate);
    }
  }

  @Override
  void delete(int keyspace, byte[] key) {
    manager.checkWritable();
    if (!mayPass || !tryDelete(keyspace, key)) {
      commit(transaction -> transaction.delete(keyspace, key));
    }
  }

  private boolean tryDelete(int keyspace, byte[] key) {
    PhysicalKey physical = manager.physicalKey();
    physical.set(keyspace, key, 0, key.length);
    Operations operations = new Operations(physical.length() + 16);
    operations.delete(physical.array(), 0, physical.length());
    long hash = LockTable.hash(physical.array(), 0, physical.length());
    int gate = locks.gate(hash);
    if (!locks.pass(gate)) {
      return false;
    }
    boolean known = false;
    try {
      if (!manager.isSpecial(keyspace)) {
        long timestamp = store.commit(operations, manager.durability(), null);
        manager.recentCommits().committed(hash, timestamp);
        known = true;
        return true;
      }
      known = true;
      return false;
    } finally {
      if (!known) {
        manager.recentCommits().unknown();
      }
      locks.leave(gate);
    }
  }

  @Override
  void deleteRange(int keyspace, byte[] from, byte[] to) {
    commit(transaction -> transaction.deleteRange(keyspace, from, to));
  }

  @Override
  void insert(NamedIndex index, byte[] indexed, byte[] primaryKey) {
    commit(transaction -> transaction.insert(index, indexed, primaryKey));
  }

  @Override
  void remove(NamedIndex index, byte[] indexed, byte[] primaryKey) {
    commit(transaction -> transaction.remove(index, indexed, primaryKey));
  }

  /** Runs {@code body} in a transaction; again if another has got in its way, as no caller could tell. */
  private void commit(Consumer<ManagedTransaction> body) {
    manager.checkWritable();
    while (true) {
      try (ManagedTransaction transaction = manager.beginManaged(OPTIONS)) {
        body.accept(transaction);
        transaction.commit();
        return;
      } catch (VarveException failure) {
        if (failure.code() != dev.varve.ErrorCode.DEADLOCK) {
          throw failure;
        }
      }
    }
  }

  @Override
  public void close() {}
}
