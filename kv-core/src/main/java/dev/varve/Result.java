// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import org.jspecify.annotations.Nullable;

/**
 * What a statement gave.
 *
 * @param command what it was, in upper case, as PostgreSQL's command tags begin: {@code SELECT},
 *     {@code INSERT}, {@code CREATE TABLE}
 * @param rows the rows, to be closed by the caller, or null if it is no query
 * @param changed how many rows it changed, 0 for a query
 */
public record Result(String command, @Nullable Rows rows, long changed) implements AutoCloseable {
  /** Closes the rows, if there are any. */
  @Override
  public void close() {
    if (rows != null) {
      rows.close();
    }
  }
}
