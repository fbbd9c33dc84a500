// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.Index;

/** Reads at some point in time: a transaction, a snapshot, or autocommit. */
public interface StoreReader extends AutoCloseable {
  /** The timestamp of the newest commit that the next read sees. */
  long readTimestamp();

  /** The keyspace {@code id}; 0 is the unnamed one. The same object at every call. */
  Keyspace keyspace(int id);

  /**
   * The named map {@code name}: empty while there is none, created by the first write to it. Its
   * creation is a commit of its own and stays when the writing transaction is taken back.
   */
  Keyspace keyspace(String name);

  /**
   * The named index.
   *
   * @throws dev.varve.VarveException {@code NOT_FOUND}
   */
  Index index(String name);

  @Override
  void close();
}
