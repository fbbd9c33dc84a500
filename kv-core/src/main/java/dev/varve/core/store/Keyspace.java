// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.KeyRange;
import dev.varve.KeyValues;

/**
 * The entries of one keyspace, seen through a transaction, a snapshot, or autocommit. Keys are the
 * user's, without any prefix.
 *
 * <p>In a transaction a write locks the row exclusively, and may therefore wait and throw what {@link
 * StoreTransaction#lock} throws; {@link #deleteRange} locks the whole range, keys that are not there
 * included. It removes what is in the range when the lock is granted, not only what the snapshot shows.
 */
public interface Keyspace extends KeyValues {
  /** Its number; of a named map that no write has created yet, -1. */
  int id();

  @Override
  BatchCursor scan(KeyRange range);
}
