// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open database: the front door to everything. Any thread may call any method. Reads and writes
 * called on it directly are transactions of their own, on the unnamed keyspace.
 *
 * <pre>{@code
 * try (Database db = Database.open(Path.of("shop.varve"))) {
 *   db.put(key, value);
 * }
 * }</pre>
 *
 * <p>After {@link #close()} every call, also on what was got from it, throws a {@link
 * VarveException} with {@link ErrorCode#CLOSED}.
 */
public interface Database extends KeyValues, AutoCloseable {

  /** Opens the database in the directory {@code path} with default options, creating it if absent. */
  static Database open(Path path) {
    return open(path, Options.defaults());
  }

  /**
   * Opens the database in the directory {@code path}.
   *
   * @throws VarveException {@code DATABASE_LOCKED} when another process or object has it open for
   *     writing, with the holder's pid, host and start time; {@code NOT_A_DATABASE}, {@code
   *     NEWER_FORMAT}, {@code CORRUPTION}, {@code IO}
   */
  static Database open(Path path, Options options) {
    return DatabaseProvider.find().open(path, options);
  }

  /** A database with the same semantics that keeps nothing on disk. */
  static Database inMemory() {
    return inMemory(Options.defaults());
  }

  /** A database with the same semantics that keeps nothing on disk. */
  static Database inMemory(Options options) {
    return DatabaseProvider.find().inMemory(options);
  }

  // Key-value.

  /** Applies all operations of {@code batch} to the unnamed keyspace, or none. */
  long write(WriteBatch batch);

  /** Applies all operations of {@code batch}, or none, with a durability of its own. */
  long write(WriteBatch batch, Durability durability);

  /** The named map {@code name}, created on its first write. */
  KeyValues keyspace(String name);

  /** The names of all named maps, ascending. */
  List<String> keyspaces();

  /** Removes a named map with all its entries; false when there is none. */
  boolean dropKeyspace(String name);

  // Transactions.

  /** Begins a transaction with the database's isolation level. */
  Transaction begin();

  /** Begins a transaction with the isolation level {@code level}. */
  Transaction begin(IsolationLevel level);

  /** Begins a transaction. */
  Transaction begin(TransactionOptions options);

  /** Runs {@code body} in a transaction and commits; retries conflicts and deadlocks with back-off. */
  <T extends @Nullable Object> T transact(TransactionBody<T> body);

  /** As {@link #transact(TransactionBody)}, with the isolation level {@code level}. */
  <T extends @Nullable Object> T transact(IsolationLevel level, TransactionBody<T> body);

  /** A snapshot of everything committed so far; the caller closes it. */
  Snapshot snapshot();

  /**
   * The database as it was at {@code instant}; the caller closes it.
   *
   * @throws VarveException {@code SNAPSHOT_TOO_OLD} outside of the window of {@link
   *     Options#timeTravel}
   */
  Snapshot asOf(Instant instant);

  /** The global ids of the prepared transactions, ascending. */
  List<String> prepared();

  /** Commits a prepared transaction; returns its commit timestamp. */
  long commitPrepared(String globalId);

  /** Takes a prepared transaction back. */
  void rollbackPrepared(String globalId);

  // Indexes.

  /** Creates an index that the caller keeps by hand. */
  Index createIndex(String name, IndexType type);

  /** Creates an index over {@code keyspace} that the store keeps, building it from what is there. */
  Index createIndex(String name, IndexType type, String keyspace, Extractor extractor);

  /** As above; with {@code unique}, two primary keys under the same bytes are an error. */
  Index createIndex(
      String name, IndexType type, String keyspace, boolean unique, Extractor extractor);

  /** The index {@code name}. */
  Index index(String name);

  /** The names of all named indexes, ascending. */
  List<String> indexes();

  /** Removes an index; false when there is none. */
  boolean dropIndex(String name);

  // SQL.

  /** Runs a statement; returns the number of rows changed. */
  long execute(String sql, Object... parameters);

  /** Runs a query; the caller closes the rows. */
  Rows query(String sql, Object... parameters);

  /** Prepares a statement; the caller closes it. */
  Statement prepare(String sql);

  /** A conversation in SQL with transaction blocks and settings of its own; the caller closes it. */
  Session session();

  /** Makes a Java function of no argument callable from SQL. */
  <R> void registerFunction(
      String name, Class<R> result, java.util.function.Supplier<? extends @Nullable R> function);

  /** Makes a Java function of one argument callable from SQL. */
  <A, R> void registerFunction(
      String name,
      Class<A> argument,
      Class<R> result,
      java.util.function.Function<? super A, ? extends @Nullable R> function);

  /** Makes a Java function of two arguments callable from SQL. */
  <A, B, R> void registerFunction(
      String name,
      Class<A> first,
      Class<B> second,
      Class<R> result,
      java.util.function.BiFunction<? super A, ? super B, ? extends @Nullable R> function);

  // Upkeep.

  /** Forces everything committed to the device. */
  void sync();

  /** Writes all memtables to tables. */
  void flush();

  /** Moves everything into its last level and frees what no one can see any more. */
  void compact();

  /** As {@link #compact()}, telling how far it is. */
  void compact(Progress progress);

  /** With {@link Options#readOnly}: moves on to the newest state of the writer. */
  void refresh();

  /** Figures about the engine by name, as {@code varve stats} shows them. */
  Map<String, Long> statistics();

  /** Checks every structure and checksum; returns what is wrong, empty when all is well. */
  List<String> verify(Progress progress);

  /** Copies what is not yet in {@code directory}: a consistent, incremental, online backup. */
  BackupInfo backup(Path directory);

  /** As {@link #backup(Path)}, telling how far it is. */
  BackupInfo backup(Path directory, Progress progress);

  /** As {@link #backup(Path, Progress)}, copying no faster than that; 0 is no bound. */
  BackupInfo backup(Path directory, long bytesPerSecond, Progress progress);

  /** Makes an openable copy at {@code target}, by hard links where the file system has them. */
  void checkpoint(Path target);

  /** Closes it; waits for calls under way, rolls back what is open. Idempotent. */
  @Override
  void close();
}
