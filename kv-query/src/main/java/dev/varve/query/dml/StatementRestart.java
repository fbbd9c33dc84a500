// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

/**
 * Thrown when READ COMMITTED has waited for a row that is another one now: the statement is taken back
 * and runs again on a new snapshot, with the locks it has.
 */
public final class StatementRestart extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The one reason. */
  public StatementRestart() {
    super("a row has changed since the statement began", null, false, false);
  }
}
