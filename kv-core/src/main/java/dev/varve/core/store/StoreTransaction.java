// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.IsolationLevel;
import dev.varve.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * A transaction over keyspaces. One thread at a time. Reads see its own writes.
 *
 * <p>What a read sees of others follows the isolation level: {@code REPEATABLE_READ} and {@code
 * SERIALIZABLE} one snapshot taken at the beginning; {@code READ_COMMITTED} a snapshot per statement,
 * where a statement is what lies between {@link #beginStatement} and {@link #endStatement} and, outside
 * of that, each single call; {@code READ_UNCOMMITTED} the newest, including pending writes of others.
 */
public interface StoreTransaction extends StoreReader {
  /** Its isolation level. */
  IsolationLevel isolation();

  /** Whether it refuses writes. */
  boolean isReadOnly();

  /** Whether it has written or locked nothing so far. */
  boolean isClean();

  /** Starts a statement: under {@code READ_COMMITTED}, fixes a fresh snapshot until its end. */
  void beginStatement();

  /** Ends the statement. */
  void endStatement();

  /**
   * Locks a row until the end of the transaction.
   *
   * @throws dev.varve.VarveException {@code LOCK_TIMEOUT}, {@code DEADLOCK}, {@code WRITE_CONFLICT}
   */
  LockResult lock(int keyspace, byte[] key, LockMode mode, LockWait wait);

  /** The newest committed value of a row, or its own pending one, whatever the snapshot says. */
  byte @Nullable [] getNewest(int keyspace, byte[] key);

  /** Removes everything in the keyspace, in constant time, at commit. */
  void clearKeyspace(int keyspace);

  /** Sets a savepoint. */
  Savepoint savepoint(String name);

  /** Takes back everything since the savepoint, which stays. Locks are kept. */
  void rollbackTo(Savepoint savepoint);

  /** Forgets the savepoint and those after it. */
  void release(Savepoint savepoint);

  /** Commits; returns the commit timestamp, or the read timestamp if nothing was written. */
  long commit();

  /** First phase of a two-phase commit; the object is finished. */
  void prepare(String globalId);

  /** Takes everything back. */
  void rollback();

  /** Whether it can still be used. */
  boolean isActive();

  /** Rolls back if it is still active. */
  @Override
  void close();
}
