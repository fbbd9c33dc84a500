// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/**
 * Another transaction committed a change to a row that this one wrote or, under {@link
 * IsolationLevel#SERIALIZABLE}, read. SQLSTATE 40001. Roll back and run the transaction again.
 */
public final class WriteConflictException extends VarveException {
  private static final long serialVersionUID = 1L;

  WriteConflictException(Builder builder) {
    super(builder);
  }
}
