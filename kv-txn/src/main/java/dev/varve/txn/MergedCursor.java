// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.core.codec.Bytes;
import dev.varve.core.store.EntryBatch;
import dev.varve.txn.write.PendingCursor;
import dev.varve.txn.write.PendingWrites;
import dev.varve.txn.write.WriteSet;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor of a transaction that has written: the store's cursor and the pending writes merged, the latter
 * counting more, and without what they delete.
 */
final class MergedCursor extends ManagedCursor {
  private final @Nullable TransactionState state;
  private final PendingWrites writes;
  private final PendingCursor pending;
  private final boolean reversed;
  private boolean hasCommitted;
  private boolean hasBegun;
  private boolean isPending;
  private boolean isBoth;

  /** The last entry of a batch that ended because there was no more; the sources have moved past it. */
  private byte @Nullable [] lastKey;

  private byte[] lastValue = {};

  /** {@code state} is null for a cursor that is used inside a call on the transaction. */
  MergedCursor(
      Reader reader, @Nullable TransactionState state, PendingWrites writes, OpenScan scan) {
    super(reader, scan);
    this.state = state;
    this.writes = writes;
    this.reversed = scan.isReversed();
    this.pending = new PendingCursor(writes, reversed);
  }

  @Override
  public boolean next() {
    enter();
    try {
      checkOpen();
      return advance();
    } finally {
      exit();
    }
  }

  private void enter() {
    if (state != null) {
      state.enter();
    }
  }

  private void exit() {
    if (state != null) {
      state.exit();
    }
  }

  private boolean advance() {
    if (lastKey != null) {
      lastKey = null;
      return scan.moved(false);
    }
    if (!hasBegun) {
      hasBegun = true;
      hasCommitted = scan.committed.next();
      byte[] start = reversed ? scan.high() : scan.low();
      pending.seek(start, start.length, !reversed);
    } else if (scan.isOnEntry()) {
      step();
    }
    return settle();
  }

  private void step() {
    if (isPending) {
      pending.next();
    }
    if (!isPending || isBoth) {
      hasCommitted = scan.committed.next();
    }
  }

  @Override
  public boolean seek(byte[] key) {
    enter();
    try {
      checkOpen();
      byte[] physical = physical(key);
      scan.seeks(physical);
      lastKey = null;
      hasBegun = true;
      hasCommitted = scan.committed.seek(physical);
      boolean outside =
          reversed
              ? Arrays.compareUnsigned(physical, scan.high()) >= 0
              : Arrays.compareUnsigned(physical, scan.low()) < 0;
      byte[] from = outside ? reversed ? scan.high() : scan.low() : physical;
      pending.seek(from, from.length, !(outside && reversed));
      return settle();
    } finally {
      exit();
    }
  }

  /** Goes on until it stands on an entry that is there, or at the end. */
  private boolean settle() {
    while (true) {
      boolean hasPending = pending.isValid() && isInside();
      if (!hasPending && !hasCommitted) {
        return scan.moved(false);
      }
      int order = !hasPending ? 1 : !hasCommitted ? -1 : compare();
      isPending = order <= 0;
      isBoth = order == 0;
      if (isPending ? pending.kind() == WriteSet.PUT : !skipDeleted()) {
        if (scan.remembers()) {
          scan.standsOn(isPending ? pending.copyOfKey() : scan.committed.key());
        }
        return scan.moved(true);
      }
      if (isPending) {
        step();
      }
    }
  }

  private boolean isInside() {
    return reversed ? pending.compareKey(scan.low()) >= 0 : pending.compareKey(scan.high()) < 0;
  }

  /** Which comes first in the cursor's direction: negative the pending one, positive the committed one. */
  private int compare() {
    ByteBuffer committed = scan.committed.keyBuffer();
    int order =
        -Bytes.compare(
            committed,
            committed.position(),
            committed.remaining(),
            pending.keyArray(),
            0,
            pending.keyBytes());
    return reversed ? -order : order;
  }

  /** Whether the committed entry lies in a deleted range; moves behind the range then. */
  private boolean skipDeleted() {
    if (!writes.hasRanges()) {
      return false;
    }
    byte[] key = scan.committed.key();
    if (!reversed) {
      byte[] to = writes.deletedUpTo(key);
      if (to != null) {
        hasCommitted = scan.committed.seek(to);
      }
      return to != null;
    }
    byte[] from = writes.deletedDownTo(key);
    if (from != null) {
      hasCommitted = scan.committed.seek(from);
      if (hasCommitted && Arrays.equals(scan.committed.key(), from)) {
        hasCommitted = scan.committed.next();
      }
    }
    return from != null;
  }

  @Override
  public int next(EntryBatch batch) {
    enter();
    try {
      checkOpen();
      batch.clear();
      boolean more = true;
      while (!batch.isFull() && (more = advance())) {
        ByteBuffer key = keyView();
        ByteBuffer value = valueView();
        batch.add(key, key.position(), key.remaining(), value, value.position(), value.remaining());
      }
      int last = batch.count() - 1;
      if (!more && last >= 0) {
        lastKey = copy(batch.bytes(), batch.keyOffset(last), batch.keyBytes(last));
        lastValue = copy(batch.bytes(), batch.valueOffset(last), batch.valueBytes(last));
        scan.moved(true);
      }
      return batch.count();
    } finally {
      exit();
    }
  }

  private static byte[] copy(byte[] from, int offset, int length) {
    return Arrays.copyOfRange(from, offset, offset + length);
  }

  private ByteBuffer keyView() {
    if (lastKey != null) {
      return ByteBuffer.wrap(lastKey);
    }
    if (isPending) {
      return ByteBuffer.wrap(pending.keyArray(), prefixBytes, pending.keyBytes() - prefixBytes);
    }
    ByteBuffer physical = scan.committed.keyBuffer();
    return physical.slice(physical.position() + prefixBytes, physical.remaining() - prefixBytes);
  }

  private ByteBuffer valueView() {
    if (lastKey != null) {
      return ByteBuffer.wrap(lastValue);
    }
    return isPending
        ? ByteBuffer.wrap(pending.valueArray(), 0, pending.valueBytes())
        : scan.committed.valueBuffer();
  }

  @Override
  public byte[] key() {
    checkOnEntry();
    return Buffers.bytes(keyView());
  }

  @Override
  public byte[] value() {
    checkOnEntry();
    return Buffers.bytes(valueView());
  }

  @Override
  public ByteBuffer keyBuffer() {
    checkOnEntry();
    return keyView().slice().asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer valueBuffer() {
    checkOnEntry();
    return valueView().slice().asReadOnlyBuffer();
  }

  @Override
  public void close() {
    pending.close();
    if (state == null) {
      scan.close();
    } else {
      super.close();
    }
  }
}
