// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.time.Instant;

/**
 * The database as it was at one timestamp: reads only. Any thread may use it; the caller closes it,
 * for until then the versions it sees cannot be dropped.
 */
public interface Snapshot extends KeyValues, AutoCloseable {
  /** The timestamp of the newest commit it sees. */
  long timestamp();

  /** The same timestamp as a date. */
  Instant instant();

  /** The named map {@code name} at this timestamp; empty when it did not exist. */
  KeyValues keyspace(String name);

  /** The named index at this timestamp. */
  Index index(String name);

  /** Runs a SELECT; the caller closes the rows. */
  Rows query(String sql, Object... parameters);

  /** Prepares a SELECT; the caller closes the statement. */
  Statement prepare(String sql);

  @Override
  void close();
}
