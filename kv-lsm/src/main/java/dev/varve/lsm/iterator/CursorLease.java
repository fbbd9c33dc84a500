// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.iterator;

/** What a cursor reads from, kept alive while the lease lasts. */
public interface CursorLease {
  /** Whether the store was closed meanwhile, so that nothing may be read any more. */
  boolean isRevoked();

  /** Ends the lease; called once. */
  void end();
}
