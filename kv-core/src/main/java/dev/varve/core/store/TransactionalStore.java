// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.KeyRange;
import dev.varve.TransactionOptions;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * A transactional store of numbered keyspaces: all that the query engine knows of storage.
 * Thread-safe.
 *
 * <p>Keyspace numbers: 0 is the unnamed keyspace of users; 1 to 15 belong to the store itself; 16 to
 * 31 belong to the query engine's catalog; from 32 on they are allocated.
 */
public interface TransactionalStore extends AutoCloseable {
  /** The first number that {@link #allocateKeyspace} hands out. */
  int FIRST_ALLOCATED_KEYSPACE = 32;

  /** The first of the sixteen numbers reserved for the catalog of the query engine. */
  int FIRST_CATALOG_KEYSPACE = 16;

  /** Begins a transaction. */
  StoreTransaction begin(TransactionOptions options);

  /** A snapshot of everything committed. */
  StoreSnapshot snapshot();

  /**
   * The state at {@code instant}.
   *
   * @throws dev.varve.VarveException {@code SNAPSHOT_TOO_OLD}
   */
  StoreSnapshot asOf(Instant instant);

  /** A keyspace number never handed out before, also after a crash. Not part of any transaction. */
  int allocateKeyspace();

  /** The named maps and their keyspaces. */
  SortedMap<String, Integer> namedKeyspaces();

  /** About how much of {@code keyspace} lies in {@code range}; costs no scan. */
  RangeEstimate estimate(int keyspace, KeyRange range);

  /** The global ids of prepared transactions, ascending. */
  List<String> prepared();

  /** Commits a prepared transaction. */
  long commitPrepared(String globalId);

  /** Takes a prepared transaction back. */
  void rollbackPrepared(String globalId);

  @Override
  void close();
}
