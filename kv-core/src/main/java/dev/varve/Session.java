// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.time.Duration;

/**
 * A conversation in SQL, as a shell or a JDBC connection has it: {@code BEGIN} and {@code COMMIT} are
 * statements, settings stay, prepared statements have names. Outside of a transaction block every
 * statement commits on its own. One thread at a time, except {@link #cancel}; the caller closes it.
 */
public interface Session extends AutoCloseable {
  /** Where the session stands. */
  enum Status {
    /** Outside of a transaction block. */
    IDLE,
    /** Inside of one. */
    IN_TRANSACTION,
    /** Inside of one in which a statement failed: only ROLLBACK, or ROLLBACK TO, is accepted. */
    FAILED
  }

  /**
   * Runs one statement of either kind.
   *
   * @return its rows, which the caller closes, or how many rows it changed
   */
  Result run(String sql, Object... parameters);

  /** Runs a statement; returns the number of rows changed. */
  long execute(String sql, Object... parameters);

  /** Runs a query; the caller closes the rows. */
  Rows query(String sql, Object... parameters);

  /** Prepares a statement that runs in this session; the caller closes it. */
  Statement prepare(String sql);

  /** Where the session stands. */
  Status status();

  /** How long a statement may run before it ends with {@code QUERY_CANCELED}; zero for ever. */
  void statementTimeout(Duration limit);

  /** Ends the statement under way with {@code QUERY_CANCELED}; nothing happens if there is none. */
  void cancel();

  /** Rolls back what is open. Idempotent. */
  @Override
  void close();
}
