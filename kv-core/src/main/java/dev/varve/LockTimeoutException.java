// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/**
 * A row stayed locked by another transaction for longer than this one was willing to wait. SQLSTATE
 * 55P03. The transaction itself is intact.
 */
public final class LockTimeoutException extends VarveException {
  private static final long serialVersionUID = 1L;

  LockTimeoutException(Builder builder) {
    super(builder);
  }
}
