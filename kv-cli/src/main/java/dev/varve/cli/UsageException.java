// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli;

/** The words after a verb make no sense; the message says why, the usage line follows. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, as a sentence. */
  public UsageException(String message) {
    super(message);
  }
}
