// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.KeyRange;
import dev.varve.KeyValues;

/** The entries of one keyspace, seen through a transaction or snapshot. */
public interface Keyspace extends KeyValues {
  /** Its number. */
  int id();

  @Override
  BatchCursor scan(KeyRange range);
}
