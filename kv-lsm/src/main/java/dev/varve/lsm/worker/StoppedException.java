// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.worker;

/** Ends a piece of work early because the store is being closed. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a stack trace. */
  public StoppedException() {
    super("stopped", null, false, false);
  }
}
