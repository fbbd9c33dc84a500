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
 *
 * <p>How it ends: by {@link #commit}, {@link #prepare}, {@link #rollback}, {@link #close}, or by a
 * failure that leaves no other way: {@code WRITE_CONFLICT}, {@code SERIALIZATION_FAILURE} and {@code
 * DEADLOCK}, from whatever call, take everything back and release all locks before they are thrown.
 * After that {@link #rollback} and {@link #close} do nothing and every other call throws {@code
 * TRANSACTION_ABORTED}; after an end that was asked for, {@code NO_ACTIVE_TRANSACTION}. Any other
 * failure, {@code LOCK_TIMEOUT} and {@code UNIQUE_VIOLATION} among them, leaves the transaction as it
 * was before the call that threw.
 *
 * <p>{@code REPEATABLE_READ} and {@code SERIALIZABLE} write and lock a row only if nobody else has
 * committed a change to it since the snapshot, else {@code WRITE_CONFLICT}: whoever waits for a row
 * goes on if its holder rolls back and fails if it commits a change. {@code READ_COMMITTED} and {@code
 * READ_UNCOMMITTED} go on in both cases; who wants to see the newest version first calls {@link #lock}
 * and then {@link #getNewest}.
 */
public interface StoreTransaction extends StoreReader {
  /** Its isolation level. */
  IsolationLevel isolation();

  /** Whether it refuses writes and locks, with {@code READ_ONLY}. */
  boolean isReadOnly();

  /** Whether it has written or locked nothing so far. */
  boolean isClean();

  /** Starts a statement: under {@code READ_COMMITTED}, fixes a fresh snapshot until its end. */
  void beginStatement();

  /** Ends the statement; nothing happens if there is none. */
  void endStatement();

  /**
   * Locks a row, there or not, until the end of the transaction. A lock held already in this mode or
   * a stronger one is granted at once; a shared lock is upgraded to an exclusive one.
   *
   * @throws dev.varve.VarveException {@code LOCK_TIMEOUT} naming the row and a holder, {@code
   *     DEADLOCK} naming the circle, {@code WRITE_CONFLICT}, {@code READ_ONLY}, {@code
   *     QUERY_CANCELED} when the thread is interrupted while it waits (its interrupt status stays)
   */
  LockResult lock(int keyspace, byte[] key, LockMode mode, LockWait wait);

  /** The newest committed value of a row, or its own pending one, whatever the snapshot says. */
  byte @Nullable [] getNewest(int keyspace, byte[] key);

  /**
   * Removes everything in the keyspace at commit, in constant time, and locks it whole until then.
   * Writes of this transaction that come after the call stay.
   */
  void clearKeyspace(int keyspace);

  /** Sets a savepoint. A name may be given again; savepoints are told apart by identity. */
  Savepoint savepoint(String name);

  /**
   * Takes back everything written since the savepoint, which stays; those after it are forgotten.
   * Locks are kept.
   *
   * @throws dev.varve.VarveException {@code INVALID_SAVEPOINT} when it is of another transaction,
   *     released, or rolled past
   */
  void rollbackTo(Savepoint savepoint);

  /** Forgets the savepoint and those after it; what was written stays. Throws as {@link #rollbackTo}. */
  void release(Savepoint savepoint);

  /**
   * Commits; returns the commit timestamp, or the read timestamp if nothing was written. If it throws
   * anything, nothing is committed and the transaction is over, except for {@code IO}, where the
   * message says that the outcome is open until the store is opened again.
   */
  long commit();

  /**
   * First phase of a two-phase commit: everything is durable, its locks included, and certain to
   * commit when told so, also after a restart; the object is finished. What it read under {@code
   * SERIALIZABLE} stays locked, shared, too.
   *
   * @throws dev.varve.VarveException {@code ALREADY_EXISTS}, {@code SERIALIZATION_FAILURE}
   */
  void prepare(String globalId);

  /** Takes everything back; nothing happens if it is over. */
  void rollback();

  /** Whether it can still be used. */
  boolean isActive();

  /** Rolls back if it is still active. */
  @Override
  void close();
}
