// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Durability;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.txn.write.PendingOperations;
import dev.varve.txn.write.PendingWrites;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes a transaction as {@link PreparedFormat} says: chunk by chunk, and the header last. */
final class PreparedWriter {
  private static final int CHUNK_BYTES = 1 << 18;
  private static final byte[] NOTHING = {};

  private final VersionedStore store;
  private final String globalId;
  private final Operations batch = new Operations(1 << 12);
  private ByteBuffer chunk = ByteBuffer.allocate(1 << 12);
  private int chunks;

  PreparedWriter(VersionedStore store, String globalId) {
    this.store = store;
    this.globalId = globalId;
  }

  void write(TransactionState state) {
    PendingWrites writes = state.writesForChange();
    try (PendingOperations operations = new PendingOperations(writes)) {
      while (operations.next()) {
        add(
            operations.kind(),
            operations.keyArray(),
            operations.keyBytes(),
            operations.valueArray(),
            operations.valueBytes());
      }
    }
    state.manager.locks().forEachHeld(state.workspace.owner, this::addLock);
    endChunk();
    byte[] key = PreparedFormat.key(globalId, 0);
    byte[] header = PreparedFormat.header(chunks);
    batch.put(key, 0, key.length, header, 0, header.length);
    store.commit(batch, Durability.SYNC, null);
  }

  private void addLock(byte[] from, byte @Nullable [] to, boolean exclusive) {
    if (to == null) {
      byte kind = exclusive ? PreparedFormat.ROW_EXCLUSIVE : PreparedFormat.ROW_SHARED;
      add(kind, from, from.length, NOTHING, 0);
    } else {
      byte kind = exclusive ? PreparedFormat.RANGE_EXCLUSIVE : PreparedFormat.RANGE_SHARED;
      add(kind, from, from.length, to, to.length);
    }
  }

  private void add(byte kind, byte[] first, int firstBytes, byte[] second, int secondBytes) {
    long needed = PreparedFormat.recordBytes(firstBytes, secondBytes);
    if (chunk.position() > 0 && chunk.position() + needed > CHUNK_BYTES) {
      endChunk();
    }
    if (chunk.remaining() < needed) {
      long grown = Math.max(chunk.position() + needed, 2L * chunk.capacity());
      chunk =
          ByteBuffer.wrap(
              Arrays.copyOf(chunk.array(), Math.toIntExact(grown)),
              chunk.position(),
              Math.toIntExact(grown) - chunk.position());
    }
    PreparedFormat.putRecord(chunk, kind, first, firstBytes, second, secondBytes);
  }

  private void endChunk() {
    if (chunk.position() == 0) {
      return;
    }
    if (!batch.isEmpty()) {
      store.commit(batch, Durability.NONE, null);
      batch.clear(2 * CHUNK_BYTES);
    }
    byte[] key = PreparedFormat.key(globalId, ++chunks);
    batch.put(key, 0, key.length, chunk.array(), 0, chunk.position());
    chunk = chunk.capacity() > 2 * CHUNK_BYTES ? ByteBuffer.allocate(1 << 12) : chunk.clear();
  }
}
