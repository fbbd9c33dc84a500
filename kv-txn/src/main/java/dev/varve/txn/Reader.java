// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.Index;
import dev.varve.KeyRange;
import dev.varve.VarveException;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.StoreReader;
import dev.varve.txn.index.NamedIndex;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What transactions, snapshots and autocommit have in common: the views of keyspaces and indexes that they
 * hand out, which come down to the few operations declared here. Keyspaces are numbers at this level.
 */
abstract class Reader implements StoreReader {
  final TransactionManager manager;
  private @Nullable Keyspace unnamed;
  private @Nullable Map<Object, Keyspace> others;

  Reader(TransactionManager manager) {
    this.manager = manager;
  }

  /** Throws when nothing can be read through it any more. */
  abstract void checkActive();

  abstract byte @Nullable [] get(int keyspace, byte[] key);

  abstract int get(int keyspace, ByteBuffer key, ByteBuffer value);

  abstract boolean contains(int keyspace, byte[] key);

  abstract BatchCursor scan(int keyspace, KeyRange range);

  /** The number of a named map at the time this reads at, or -1. */
  abstract int resolve(String name);

  /** The timestamp whose indexes it may use. */
  abstract long indexTimestamp();

  void put(int keyspace, byte[] key, byte[] value) {
    throw readOnly();
  }

  void put(int keyspace, ByteBuffer key, ByteBuffer value) {
    throw readOnly();
  }

  void delete(int keyspace, byte[] key) {
    throw readOnly();
  }

  void deleteRange(int keyspace, byte[] from, byte[] to) {
    throw readOnly();
  }

  /** The named map to write to, created if absent. */
  NamedKeyspace writable(String name) {
    throw readOnly();
  }

  void insert(NamedIndex index, byte[] indexed, byte[] primaryKey) {
    throw readOnly();
  }

  void remove(NamedIndex index, byte[] indexed, byte[] primaryKey) {
    throw readOnly();
  }

  @Override
  public final Keyspace keyspace(int id) {
    checkActive();
    if (id < 0) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("A keyspace number cannot be negative.")
          .fact("keyspace", id)
          .build();
    }
    if (id == 0) {
      Keyspace known = unnamed;
      if (known == null) {
        known = new KeyspaceView(this, 0);
        unnamed = known;
      }
      return known;
    }
    return others().computeIfAbsent(id, absent -> new KeyspaceView(this, id));
  }

  @Override
  public final Keyspace keyspace(String name) {
    checkActive();
    KeyspaceDirectory.checkName(name);
    return others().computeIfAbsent(name, absent -> new NamedKeyspaceView(this, name));
  }

  private synchronized Map<Object, Keyspace> others() {
    if (others == null) {
      others = new ConcurrentHashMap<>(4);
    }
    return others;
  }

  @Override
  public final Index index(String name) {
    checkActive();
    return new IndexView(this, manager.namedIndexes().find(name, indexTimestamp()));
  }

  /** Closes what is behind a cursor. */
  void close(OpenScan scan) {
    scan.close();
  }

  static VarveException readOnly() {
    return ErrorCode.READ_ONLY.error("What only reads cannot write.").build();
  }
}
