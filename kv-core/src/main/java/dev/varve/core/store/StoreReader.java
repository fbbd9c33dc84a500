// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.Index;

/** Reads at some point in time; a transaction or a snapshot. */
public interface StoreReader extends AutoCloseable {
  /** The timestamp of the newest commit that the next read sees. */
  long readTimestamp();

  /** The keyspace {@code id}; 0 is the unnamed one. The same object at every call. */
  Keyspace keyspace(int id);

  /** The named map {@code name}. Inside a transaction it is created by its first write. */
  Keyspace keyspace(String name);

  /** The named index. */
  Index index(String name);

  @Override
  void close();
}
