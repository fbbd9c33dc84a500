// SPDX-License-Identifier: Apache-2.0
/**
 * Locks on rows and on ranges of rows: waiting in order of arrival, timeouts, deadlock detection, and a
 * gate by which writers that need no lock of their own pass at the cost of two atomic operations.
 *
 * <p>Reading order: {@link dev.varve.txn.lock.LockTable} (the protocol), {@link
 * dev.varve.txn.lock.LockOwner}, {@code LockShard} and {@code LockEntry} (rows), {@code RangeLocks} and
 * {@code RangeLock}, {@code DeadlockDetector}. Keys are physical: keyspace prefix and user key.
 *
 * <p>Depends on kv-core only.
 */
@NullMarked
package dev.varve.txn.lock;

import org.jspecify.annotations.NullMarked;
