// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/** What a transaction may see of others, from least to most isolated. */
public enum IsolationLevel {
  /** Reads see other transactions' pending writes. Prevents dirty writes only (PL-1). */
  READ_UNCOMMITTED,
  /** Every statement reads a fresh snapshot: monotonic atomic view. */
  READ_COMMITTED,
  /** One snapshot for the whole transaction, first committer wins: snapshot isolation. */
  REPEATABLE_READ,
  /** As if transactions ran one after another, phantoms included (PL-3). */
  SERIALIZABLE
}
