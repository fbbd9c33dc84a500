// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.VersionedStore;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A snapshot: what its user holds. Any thread. */
final class ManagedSnapshot extends Reader implements StoreSnapshot {
  private final State state;
  private final VersionedStore store;

  /** The pin behind a snapshot. */
  static final class State extends Tracked {
    private final TransactionManager manager;
    private final long timestamp;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Takes over the pin on {@code timestamp}. */
    State(TransactionManager manager, long number, long timestamp) {
      super(number);
      this.manager = manager;
      this.timestamp = timestamp;
    }

    boolean end() {
      if (ended.compareAndSet(false, true)) {
        manager.store().unpin(timestamp);
        manager.active().remove(this);
        return true;
      }
      return false;
    }

    @Override
    boolean abandon() {
      return end();
    }

    @Override
    void closeStore() {
      end();
    }

    @Override
    String kind() {
      return "snapshot";
    }
  }

  ManagedSnapshot(State state) {
    super(state.manager);
    this.state = state;
    this.store = manager.store();
  }

  @Override
  public long readTimestamp() {
    return state.timestamp;
  }

  @Override
  void checkActive() {
    manager.checkOpen();
    if (state.ended.get()) {
      throw ErrorCode.CLOSED.error("The snapshot is closed.").build();
    }
  }

  @Override
  byte @Nullable [] get(int keyspace, byte[] key) {
    checkActive();
    try {
      PhysicalKey physical = manager.physicalKey();
      physical.set(keyspace, key, 0, key.length);
      return store.get(physical.array(), 0, physical.length(), state.timestamp);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  int get(int keyspace, ByteBuffer key, ByteBuffer value) {
    checkActive();
    try {
      PhysicalKey physical = manager.physicalKey();
      physical.set(keyspace, key);
      return store.get(physical.array(), 0, physical.length(), state.timestamp, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  boolean contains(int keyspace, byte[] key) {
    checkActive();
    try {
      PhysicalKey physical = manager.physicalKey();
      physical.set(keyspace, key, 0, key.length);
      return store.contains(physical.array(), 0, physical.length(), state.timestamp);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  BatchCursor scan(int keyspace, KeyRange range) {
    checkActive();
    try {
      KeyRange physical = PhysicalKey.range(keyspace, range);
      BatchCursor committed = store.scan(physical, state.timestamp);
      return new CommittedCursor(this, new OpenScan(committed, physical, null));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  int resolve(String name) {
    return manager.directory().resolve(name, state.timestamp);
  }

  @Override
  long indexTimestamp() {
    return state.timestamp;
  }

  @Override
  public void close() {
    state.end();
  }

  @Override
  public String toString() {
    return state.toString();
  }
}
