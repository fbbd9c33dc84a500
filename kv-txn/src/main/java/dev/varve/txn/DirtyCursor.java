// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.core.store.EntryBatch;
import dev.varve.txn.write.WriteSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cursor of READ_UNCOMMITTED: what was committed when it was opened, under the pending writes of all
 * transactions that were open then, as they are when the cursor comes by.
 *
 * <p>At every move the next key is looked up in each of them. The level is not for speed: what counts is that
 * nothing is copied beforehand, however much is pending.
 */
final class DirtyCursor extends ManagedCursor {
  private final TransactionState state;
  private final List<WriteSet> layers = new ArrayList<>();
  private final boolean reversed;
  private boolean hasCommitted;
  private boolean hasBegun;
  private byte @Nullable [] at;
  private byte @Nullable [] value;

  DirtyCursor(Reader reader, TransactionState state, OpenScan scan) {
    super(reader, scan);
    this.state = state;
    this.reversed = scan.isReversed();
    layers.add(state.workspace.writeSet);
    reader
        .manager
        .active()
        .forEach(
            each -> {
              if (each instanceof TransactionState other && other != state) {
                layers.add(other.workspace.writeSet);
              }
            });
  }

  @Override
  public boolean next() {
    state.enter();
    try {
      checkOpen();
      if (!hasBegun) {
        hasBegun = true;
        hasCommitted = scan.committed.next();
        return find(reversed ? scan.high() : scan.low(), !reversed);
      }
      return at != null && find(at, false);
    } finally {
      state.exit();
    }
  }

  @Override
  public boolean seek(byte[] key) {
    state.enter();
    try {
      checkOpen();
      byte[] physical = physical(key);
      hasBegun = true;
      hasCommitted = scan.committed.seek(physical);
      boolean outside =
          reversed
              ? Arrays.compareUnsigned(physical, scan.high()) >= 0
              : Arrays.compareUnsigned(physical, scan.low()) < 0;
      byte[] from = outside ? reversed ? scan.high() : scan.low() : physical;
      return find(from, !(outside && reversed));
    } finally {
      state.exit();
    }
  }

  /** Finds the first entry that is there behind {@code from}, or at it. */
  private boolean find(byte[] from, boolean inclusive) {
    byte[] behind = from;
    boolean mayBeEqual = inclusive;
    while (true) {
      byte[] first = firstKey(behind, mayBeEqual);
      if (first == null) {
        at = null;
        return scan.moved(false);
      }
      value = valueOf(first);
      if (value != null) {
        at = first;
        return scan.moved(true);
      }
      behind = first;
      mayBeEqual = false;
    }
  }

  private byte @Nullable [] firstKey(byte[] behind, boolean inclusive) {
    byte[] first = null;
    for (WriteSet layer : layers) {
      synchronized (layer) {
        byte[] key = layer.keyBehind(behind, inclusive, reversed);
        if (key != null && scan.contains(key) && (first == null || isBefore(key, first))) {
          first = key;
        }
      }
    }
    while (hasCommitted && !isBehind(scan.committed.key(), behind, inclusive)) {
      hasCommitted = scan.committed.next();
    }
    if (hasCommitted) {
      byte[] key = scan.committed.key();
      first = first == null || isBefore(key, first) ? key : first;
    }
    return first;
  }

  private boolean isBefore(byte[] left, byte[] right) {
    int order = Arrays.compareUnsigned(left, right);
    return reversed ? order > 0 : order < 0;
  }

  private boolean isBehind(byte[] key, byte[] from, boolean inclusive) {
    return isBefore(from, key) || inclusive && Arrays.equals(from, key);
  }

  private byte @Nullable [] valueOf(byte[] key) {
    for (WriteSet layer : layers) {
      synchronized (layer) {
        int kind = layer.kind(key, 0, key.length);
        if (kind != WriteSet.ABSENT) {
          return kind == WriteSet.PUT ? layer.copyOfValue(key, 0, key.length) : null;
        }
      }
    }
    return hasCommitted && Arrays.equals(scan.committed.key(), key) ? scan.committed.value() : null;
  }

  @Override
  public int next(EntryBatch batch) {
    batch.clear();
    byte[] lastKey = at;
    byte[] lastValue = value;
    while (!batch.isFull() && next()) {
      lastKey = at;
      lastValue = value;
      ByteBuffer key = ByteBuffer.wrap(at);
      ByteBuffer bytes = ByteBuffer.wrap(value);
      batch.add(key, prefixBytes, at.length - prefixBytes, bytes, 0, value.length);
    }
    if (batch.count() > 0) {
      at = lastKey;
      value = lastValue;
      scan.moved(true);
    }
    return batch.count();
  }

  @Override
  public byte[] key() {
    checkOnEntry();
    return Arrays.copyOfRange(at, prefixBytes, at.length);
  }

  @Override
  public byte[] value() {
    checkOnEntry();
    return Arrays.copyOf(value, value.length);
  }

  @Override
  public ByteBuffer keyBuffer() {
    return ByteBuffer.wrap(key()).asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer valueBuffer() {
    checkOnEntry();
    return ByteBuffer.wrap(value).asReadOnlyBuffer();
  }
}
