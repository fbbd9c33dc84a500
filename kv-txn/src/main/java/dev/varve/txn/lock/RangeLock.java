// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A lock on the rows from one key to another, there or not. State guarded by {@link RangeLocks}. */
final class RangeLock {
  final LockOwner owner;
  final byte[] from;
  final byte[] to;
  final boolean exclusive;
  boolean granted;

  /** While it waits: for whom. They may go on locking rows in the range. */
  Set<LockOwner> blockers = Set.of();

  /** Those who wait for its end. */
  final List<LockOwner> waiters = new ArrayList<>(0);

  /** From {@code from}, inclusive, to {@code to}, exclusive; both are kept. */
  RangeLock(LockOwner owner, byte[] from, byte[] to, boolean exclusive) {
    this.owner = owner;
    this.from = from;
    this.to = to;
    this.exclusive = exclusive;
  }

  boolean contains(byte[] key, int offset, int bytes) {
    return Arrays.compareUnsigned(from, 0, from.length, key, offset, offset + bytes) <= 0
        && Arrays.compareUnsigned(key, offset, offset + bytes, to, 0, to.length) < 0;
  }

  boolean covers(byte[] otherFrom, byte[] otherTo) {
    return Arrays.compareUnsigned(from, otherFrom) <= 0 && Arrays.compareUnsigned(otherTo, to) <= 0;
  }

  boolean collides(RangeLock that) {
    return owner != that.owner
        && (exclusive || that.exclusive)
        && Arrays.compareUnsigned(from, that.to) < 0
        && Arrays.compareUnsigned(that.from, to) < 0;
  }
}
