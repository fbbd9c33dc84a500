// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import org.jspecify.annotations.Nullable;

/**
 * Reads and writes that take effect together or not at all. One thread at a time; the caller closes
 * it, and closing without {@link #commit} rolls back.
 */
public interface Transaction extends KeyValues, AutoCloseable {
  /** Its isolation level. */
  IsolationLevel isolation();

  /** The named map {@code name} inside this transaction. */
  KeyValues keyspace(String name);

  /** The named index inside this transaction. */
  Index index(String name);

  /** Locks {@code key} exclusively until the end, without writing it. */
  void lock(byte[] key);

  /** Locks {@code key} shared until the end: others may read-lock it too, none may write it. */
  void lockShared(byte[] key);

  /** Sets a savepoint; a name may be given again and then hides the older one. */
  Savepoint savepoint(String name);

  /** Takes back everything since the savepoint, which stays. */
  void rollbackTo(Savepoint savepoint);

  /** Forgets the savepoint and those set after it; what was done stays. */
  void release(Savepoint savepoint);

  /** Runs a statement; returns the number of rows changed. */
  long execute(String sql, Object... parameters);

  /** Runs a query; the caller closes the rows. */
  Rows query(String sql, Object... parameters);

  /** Prepares a statement that runs inside this transaction; the caller closes it. */
  Statement prepareStatement(String sql);

  /**
   * Makes everything durable and visible.
   *
   * @return the commit timestamp; for a transaction that wrote nothing, its read timestamp
   * @throws WriteConflictException if another transaction's commit forbids this one; it is rolled
   *     back then
   */
  long commit();

  /** Takes everything back. */
  void rollback();

  /**
   * First phase of a two-phase commit: everything is durable and certain to commit when told so,
   * also after a restart. This object is finished; go on with {@link Database#commitPrepared}.
   *
   * @param globalId names the transaction among the prepared ones: 1 to 200 characters
   */
  void prepareCommit(String globalId);

  /**
   * Both of the above under their short name: text that starts with the keyword of a SQL statement
   * is {@link #prepareStatement}, anything else is {@link #prepareCommit}, which returns null.
   */
  @Nullable Statement prepare(String sqlOrGlobalId);

  /** Whether it can still be used. */
  boolean isActive();

  /** Rolls back if it is still active. */
  @Override
  void close();
}
