// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.KeyRange;
import dev.varve.core.store.BatchCursor;
import dev.varve.txn.read.ReadSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a cursor that a user holds: the store's cursor, and which part of the range has been
 * walked, for transactions that remember what they read. One thread.
 */
final class OpenScan {
  final BatchCursor committed;
  private final byte[] low;
  private final byte[] high;
  private final boolean reversed;
  private final @Nullable ReadSet reads;

  /** Where the walk began that is under way: a lower bound, or when reversed an exclusive upper one. */
  private byte[] start;

  private boolean hasMoved;
  private boolean isOnEntry;

  /** The physical key it stands on, where the store's cursor is not to be asked for it. */
  private byte @Nullable [] ownKey;

  private boolean closed;

  /**
   * Over {@code committed}, which is closed with it.
   *
   * @param reads is told what was walked; null when nobody wants to know
   */
  OpenScan(BatchCursor committed, KeyRange physical, @Nullable ReadSet reads) {
    this.committed = committed;
    this.low = physical.from();
    this.high = physical.to();
    this.reversed = physical.isReversed();
    this.reads = reads;
    this.start = reversed ? high : low;
  }

  boolean remembers() {
    return reads != null;
  }

  byte[] low() {
    return low;
  }

  byte[] high() {
    return high;
  }

  boolean isReversed() {
    return reversed;
  }

  boolean isOnEntry() {
    return isOnEntry;
  }

  boolean contains(byte[] physical) {
    return Arrays.compareUnsigned(low, physical) <= 0 && Arrays.compareUnsigned(physical, high) < 0;
  }

  /** The cursor has moved on. */
  boolean moved(boolean toEntry) {
    hasMoved = true;
    isOnEntry = toEntry;
    return toEntry;
  }

  void standsOn(byte[] physical) {
    ownKey = physical;
  }

  /** The cursor is about to go to a key: a walk ends and another begins. */
  void seeks(byte[] physical) {
    remember();
    hasMoved = false;
    if (reversed) {
      byte[] behind = Arrays.copyOf(physical, physical.length + 1);
      start = Arrays.compareUnsigned(behind, high) < 0 ? behind : high;
    } else {
      start = Arrays.compareUnsigned(physical, low) > 0 ? physical : low;
    }
  }

  /** Tells what has been walked since the last seek. */
  void remember() {
    if (reads == null || !hasMoved || closed) {
      return;
    }
    if (!isOnEntry) {
      reads.addRange(reversed ? low : start, reversed ? start : high);
    } else {
      byte[] at = ownKey == null ? committed.key() : ownKey;
      reads.addRange(reversed ? at : start, reversed ? start : ReadSet.after(at, 0, at.length));
    }
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    if (!closed) {
      remember();
      closed = true;
      committed.close();
    }
  }
}
