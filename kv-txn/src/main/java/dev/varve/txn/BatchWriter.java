// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.WriteBatch;
import dev.varve.core.store.Operations;
import dev.varve.txn.lock.LockTable;
import java.util.Arrays;

/**
 * Writes batches to the unnamed keyspace. As an autocommit put does, a batch goes through the gates of its rows if
 * all are open, each gate once; if one is not, or ranges are deleted, it becomes a transaction.
 *
 * <p>It never waits at a gate while it is inside another: it only tries.
 */
final class BatchWriter {
  private static final int UNNAMED = 0;
  private static final int KEPT_BYTES = 1 << 16;

  private final TransactionManager manager;

  BatchWriter(TransactionManager manager) {
    this.manager = manager;
  }

  long write(WriteBatch batch, Durability durability) {
    if (durability != Durability.SYNC && !manager.isSpecial(UNNAMED)) {
      Workspace workspace = manager.workspaces().take();
      try {
        long timestamp = tryPass(batch, durability, workspace);
        if (timestamp >= 0) {
          return timestamp;
        }
      } finally {
        workspace.operations.clear(KEPT_BYTES);
        manager.workspaces().give(workspace);
      }
    }
    while (true) {
      try {
        return transact(batch, durability);
      } catch (VarveException failure) {
        if (failure.code() != ErrorCode.DEADLOCK) {
          throw failure;
        }
      }
    }
  }

  /** Goes through the gates; -1 if that cannot be. */
  private long tryPass(WriteBatch batch, Durability durability, Workspace workspace) {
    Operations operations = workspace.operations;
    LockTable locks = manager.locks();
    long[] wanted = new long[LockTable.gates() / Long.SIZE];
    batch.forEach(new Gatherer(workspace.key, operations, locks, wanted));
    if (operations.rangeDeletes() > 0) {
      return -1;
    }
    long[] passed = new long[wanted.length];
    try {
      for (int gate = 0; gate < LockTable.gates(); gate++) {
        long bit = 1L << gate;
        if ((wanted[gate / Long.SIZE] & bit) != 0) {
          if (!locks.pass(gate)) {
            return -1;
          }
          passed[gate / Long.SIZE] |= bit;
        }
      }
      if (manager.isSpecial(UNNAMED)) {
        return -1;
      }
      return operations.isEmpty()
          ? manager.store().visibleTimestamp()
          : commit(batch, durability, workspace);
    } finally {
      for (int gate = 0; gate < LockTable.gates(); gate++) {
        if ((passed[gate / Long.SIZE] & 1L << gate) != 0) {
          locks.leave(gate);
        }
      }
    }
  }

  private long commit(WriteBatch batch, Durability durability, Workspace workspace) {
    RecentCommits recent = manager.recentCommits();
    boolean known = false;
    try {
      long timestamp = manager.store().commit(workspace.operations, durability, null);
      batch.forEach(new Teller(workspace.key, recent, timestamp));
      known = true;
      return timestamp;
    } finally {
      if (!known) {
        recent.unknown();
      }
    }
  }

  /** Tells which rows have been committed. */
  private record Teller(PhysicalKey key, RecentCommits recent, long timestamp)
      implements WriteBatch.Visitor {
    @Override
    public void put(byte[] data, int keyOffset, int keyBytes, int valueOffset, int valueBytes) {
      delete(data, keyOffset, keyBytes);
    }

    @Override
    public void delete(byte[] data, int keyOffset, int keyBytes) {
      key.set(UNNAMED, data, keyOffset, keyBytes);
      recent.committed(LockTable.hash(key.array(), 0, key.length()), timestamp);
    }

    @Override
    public void deleteRange(byte[] data, int from, int fromBytes, int to, int toBytes) {
      recent.anyCommitted(timestamp);
    }
  }

  /** Turns a batch into operations, and notes their gates. */
  private record Gatherer(PhysicalKey key, Operations operations, LockTable locks, long[] wanted)
      implements WriteBatch.Visitor {
    @Override
    public void put(byte[] data, int keyOffset, int keyBytes, int valueOffset, int valueBytes) {
      note(data, keyOffset, keyBytes);
      operations.put(key.array(), 0, key.length(), data, valueOffset, valueBytes);
    }

    @Override
    public void delete(byte[] data, int keyOffset, int keyBytes) {
      note(data, keyOffset, keyBytes);
      operations.delete(key.array(), 0, key.length());
    }

    @Override
    public void deleteRange(byte[] data, int from, int fromBytes, int to, int toBytes) {
      operations.deleteRange(data, from, fromBytes, data, to, toBytes);
    }

    private void note(byte[] data, int keyOffset, int keyBytes) {
      key.set(UNNAMED, data, keyOffset, keyBytes);
      int gate = locks.gate(key.array(), 0, key.length());
      wanted[gate / Long.SIZE] |= 1L << gate;
    }
  }

  private long transact(WriteBatch batch, Durability durability) {
    TransactionOptions options =
        TransactionOptions.defaults()
            .isolation(IsolationLevel.READ_COMMITTED)
            .durability(durability);
    try (ManagedTransaction transaction = manager.beginManaged(options)) {
      batch.forEach(
          new WriteBatch.Visitor() {
            @Override
            public void put(byte[] data, int key, int keyBytes, int value, int valueBytes) {
              transaction.put(UNNAMED, copy(data, key, keyBytes), copy(data, value, valueBytes));
            }

            @Override
            public void delete(byte[] data, int key, int keyBytes) {
              transaction.delete(UNNAMED, copy(data, key, keyBytes));
            }

            @Override
            public void deleteRange(byte[] data, int from, int fromBytes, int to, int toBytes) {
              transaction.deleteRange(
                  UNNAMED, copy(data, from, fromBytes), copy(data, to, toBytes));
            }
          });
      return transaction.commit();
    }
  }

  private static byte[] copy(byte[] data, int offset, int bytes) {
    return Arrays.copyOfRange(data, offset, offset + bytes);
  }
}
