// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.Durability;
import dev.varve.Extractor;
import dev.varve.Index;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.TransactionOptions;
import dev.varve.WriteBatch;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A transactional store of numbered keyspaces: all that the query engine knows of storage.
 * Thread-safe. Closing it ends everything got from it: later calls throw {@code CLOSED}.
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

  /**
   * A view in which every call is a transaction of its own: reads see what is newest when the call
   * begins, writes are committed when it returns. Any thread; closing it does nothing.
   */
  StoreReader autocommit();

  /**
   * Applies all operations of {@code batch} to the unnamed keyspace in one commit.
   *
   * @param durability null for the store's
   * @return the commit timestamp
   */
  long write(WriteBatch batch, @Nullable Durability durability);

  /** A snapshot of everything committed. */
  StoreSnapshot snapshot();

  /**
   * The state at {@code instant}; in the future, the newest.
   *
   * @throws dev.varve.VarveException {@code SNAPSHOT_TOO_OLD}
   */
  StoreSnapshot asOf(Instant instant);

  /** A keyspace number never handed out before, also after a crash. Not part of any transaction. */
  int allocateKeyspace();

  /** The named maps and their keyspaces. */
  SortedMap<String, Integer> namedKeyspaces();

  /**
   * Removes a named map with all its entries and the indexes that follow it, in a transaction of its
   * own that waits for those that have written to it; false when there is none.
   */
  boolean dropKeyspace(String name);

  /**
   * Creates a named index. With an extractor it follows {@code definition.keyspace()}, which is
   * created if absent, and what is there already is indexed while reads and writes go on. Not part of
   * any transaction; waits for those that have written to the keyspace. When it throws, nothing of the
   * index remains.
   *
   * @param extractor null exactly when the index is kept by hand
   * @return the index in autocommit
   * @throws dev.varve.VarveException {@code ALREADY_EXISTS}, {@code UNIQUE_VIOLATION}
   */
  Index createIndex(IndexDefinition definition, @Nullable Extractor extractor, Progress progress);

  /** Removes a named index; false when there is none. */
  boolean dropIndex(String name);

  /** The named indexes. */
  SortedMap<String, IndexDefinition> indexes();

  /** Compares the named indexes with their data; returns what is wrong, empty when all is well. */
  List<String> verify(Progress progress);

  /** About how much of {@code keyspace} lies in {@code range}; costs no scan. */
  RangeEstimate estimate(int keyspace, KeyRange range);

  /** The global ids of prepared transactions, ascending. */
  List<String> prepared();

  /**
   * Commits a prepared transaction; returns its commit timestamp.
   *
   * @throws dev.varve.VarveException {@code NOT_FOUND}
   */
  long commitPrepared(String globalId);

  /** Takes a prepared transaction back. Throws as {@link #commitPrepared}. */
  void rollbackPrepared(String globalId);

  @Override
  void close();
}
