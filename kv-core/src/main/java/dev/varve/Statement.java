// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.util.List;

/**
 * A prepared statement. Parsed and planned once, planned anew when the schema changed. One thread at
 * a time; the caller closes it.
 */
public interface Statement extends AutoCloseable {
  /** Runs it; returns the number of rows changed. */
  long execute(Object... parameters);

  /** Runs it as a query; the caller closes the rows. */
  Rows query(Object... parameters);

  /** The columns of its result; empty when it returns none. */
  List<Column> columns();

  /** How many parameters it takes. */
  int parameterCount();

  @Override
  void close();
}
