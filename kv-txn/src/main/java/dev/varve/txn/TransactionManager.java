// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

/** Placeholder until the layer is written. */
public final class TransactionManager {
  private TransactionManager() {}
}
