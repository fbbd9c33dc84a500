// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/**
 * Transactions wait for each other in a circle, and this one was chosen to give way; the message
 * names the circle. SQLSTATE 40P01. Roll back and run the transaction again.
 */
public final class DeadlockException extends VarveException {
  private static final long serialVersionUID = 1L;

  DeadlockException(Builder builder) {
    super(builder);
  }
}
