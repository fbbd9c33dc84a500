// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.ErrorCode;
import dev.varve.Index;
import dev.varve.KeyRange;
import dev.varve.VarveException;
import java.util.HashMap;
import java.util.Map;

/** What the readers of a {@link ReferenceStore} have in common. */
abstract class ReferenceReader implements StoreReader {
  final ReferenceStore store;
  private final Map<Integer, Keyspace> numbered = new HashMap<>();
  private final Map<String, Keyspace> named = new HashMap<>();

  ReferenceReader(ReferenceStore store) {
    this.store = store;
  }

  /** What the next call sees; throws when the reader has ended. Under the store's monitor. */
  abstract ReferenceView view();

  /** Is told of every range that is read; a row is a range of one. Under the store's monitor. */
  void onRead(RowRange range) {}

  abstract BatchCursor scan(int keyspace, KeyRange range);

  void put(int keyspace, byte[] key, byte[] value) {
    throw readOnly();
  }

  void delete(int keyspace, byte[] key) {
    throw readOnly();
  }

  void deleteRange(int keyspace, KeyRange range) {
    throw readOnly();
  }

  void insert(ReferenceIndex index, byte[] indexed, byte[] primaryKey) {
    throw readOnly();
  }

  void remove(ReferenceIndex index, byte[] indexed, byte[] primaryKey) {
    throw readOnly();
  }

  @Override
  public final Keyspace keyspace(int id) {
    if (id < 0) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("A keyspace number cannot be negative.")
          .fact("keyspace", id)
          .build();
    }
    synchronized (store) {
      view();
      return numbered.computeIfAbsent(id, absent -> new ReferenceKeyspace(this, id, null));
    }
  }

  @Override
  public final Keyspace keyspace(String name) {
    synchronized (store) {
      view();
      ReferenceStore.checkName(name);
      return named.computeIfAbsent(name, absent -> new ReferenceKeyspace(this, -1, name));
    }
  }

  @Override
  public final Index index(String name) {
    synchronized (store) {
      return new ReferenceIndexView(this, store.index(name, view().timestamp()));
    }
  }

  static VarveException readOnly() {
    return ErrorCode.READ_ONLY.error("What only reads cannot write.").build();
  }
}
