// SPDX-License-Identifier: Apache-2.0
package dev.varve.database;

import dev.varve.BackupInfo;
import dev.varve.Cursor;
import dev.varve.Database;
import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.Extractor;
import dev.varve.Index;
import dev.varve.IndexType;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Options;
import dev.varve.Progress;
import dev.varve.Rows;
import dev.varve.Session;
import dev.varve.Snapshot;
import dev.varve.Statement;
import dev.varve.Transaction;
import dev.varve.TransactionBody;
import dev.varve.TransactionOptions;
import dev.varve.WriteBatch;
import dev.varve.core.file.FileSystem;
import dev.varve.core.store.IndexDefinition;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.StoreReader;
import dev.varve.database.backup.BackupRepository;
import dev.varve.lsm.LsmStore;
import dev.varve.query.session.SqlEngine;
import dev.varve.txn.TransactionManager;
import dev.varve.txn.clock.HybridLogicalClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open database: hands each call to the layer that knows. Closing goes from the top down, so that
 * every layer ends what it began.
 */
final class LayeredDatabase implements Database {
  private static final String CHECKPOINT = "checkpoint-for-backup";

  private final FileSystem files;
  private final Path directory;
  private final LsmStore store;
  private final HybridLogicalClock clock;
  private final TransactionManager transactions;
  private final SqlEngine sql;
  private final StoreReader autocommit;
  private final Keyspace unnamed;

  /** The checkpoint has one place. */
  private final ReentrantLock oneBackup = new ReentrantLock();

  private final AtomicBoolean closed = new AtomicBoolean();

  LayeredDatabase(
      FileSystem files, Path directory, LsmStore store, HybridLogicalClock clock, Options options) {
    this.files = files;
    this.directory = directory;
    this.store = store;
    this.clock = clock;
    this.transactions = TransactionManager.open(store, options, store.metrics());
    this.sql = new SqlEngine(transactions, options.isolation(), options.workMemoryBytes());
    this.autocommit = transactions.autocommit();
    this.unnamed = autocommit.keyspace(0);
  }

  // Key-value.

  @Override
  public byte @Nullable [] get(byte[] key) {
    return unnamed.get(key);
  }

  @Override
  public int get(ByteBuffer key, ByteBuffer value) {
    return unnamed.get(key, value);
  }

  @Override
  public boolean contains(byte[] key) {
    return unnamed.contains(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    unnamed.put(key, value);
  }

  @Override
  public void put(ByteBuffer key, ByteBuffer value) {
    unnamed.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    unnamed.delete(key);
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    unnamed.deleteRange(from, to);
  }

  @Override
  public Cursor scan(KeyRange range) {
    return unnamed.scan(range);
  }

  @Override
  public long write(WriteBatch batch) {
    return transactions.write(batch, null);
  }

  @Override
  public long write(WriteBatch batch, Durability durability) {
    return transactions.write(batch, durability);
  }

  @Override
  public KeyValues keyspace(String name) {
    return autocommit.keyspace(name);
  }

  @Override
  public List<String> keyspaces() {
    return List.copyOf(transactions.namedKeyspaces().keySet());
  }

  @Override
  public boolean dropKeyspace(String name) {
    return transactions.dropKeyspace(name);
  }

  // Transactions.

  @Override
  public Transaction begin() {
    return begin(TransactionOptions.defaults());
  }

  @Override
  public Transaction begin(IsolationLevel level) {
    return begin(TransactionOptions.defaults().isolation(level));
  }

  @Override
  public Transaction begin(TransactionOptions options) {
    return new OpenTransaction(transactions.begin(options), sql);
  }

  @Override
  public <T extends @Nullable Object> T transact(TransactionBody<T> body) {
    return Retry.run(this::begin, body);
  }

  @Override
  public <T extends @Nullable Object> T transact(IsolationLevel level, TransactionBody<T> body) {
    return Retry.run(() -> begin(level), body);
  }

  @Override
  public Snapshot snapshot() {
    return new OpenSnapshot(transactions.snapshot(), sql);
  }

  @Override
  public Snapshot asOf(Instant instant) {
    return new OpenSnapshot(transactions.asOf(instant), sql);
  }

  @Override
  public List<String> prepared() {
    return transactions.prepared();
  }

  @Override
  public long commitPrepared(String globalId) {
    return transactions.commitPrepared(globalId);
  }

  @Override
  public void rollbackPrepared(String globalId) {
    transactions.rollbackPrepared(globalId);
  }

  // Indexes.

  @Override
  public Index createIndex(String name, IndexType type) {
    return transactions.createIndex(IndexDefinition.byHand(name, type), null, Progress.NONE);
  }

  @Override
  public Index createIndex(String name, IndexType type, String keyspace, Extractor extractor) {
    return createIndex(name, type, keyspace, false, extractor);
  }

  @Override
  public Index createIndex(
      String name, IndexType type, String keyspace, boolean unique, Extractor extractor) {
    return transactions.createIndex(
        new IndexDefinition(name, type, keyspace, unique), extractor, Progress.NONE);
  }

  @Override
  public Index index(String name) {
    return autocommit.index(name);
  }

  @Override
  public List<String> indexes() {
    return List.copyOf(transactions.indexes().keySet());
  }

  @Override
  public boolean dropIndex(String name) {
    return transactions.dropIndex(name);
  }

  // SQL.

  @Override
  public long execute(String text, Object... parameters) {
    return sql.execute(text, parameters);
  }

  @Override
  public Rows query(String text, Object... parameters) {
    return sql.query(text, parameters);
  }

  @Override
  public Statement prepare(String text) {
    return sql.prepare(text);
  }

  @Override
  public Session session() {
    return sql.session();
  }

  @Override
  public <R> void registerFunction(
      String name, Class<R> result, Supplier<? extends @Nullable R> function) {
    sql.registerFunction(name, List.of(), result, arguments -> function.get());
  }

  @Override
  public <A, R> void registerFunction(
      String name,
      Class<A> argument,
      Class<R> result,
      Function<? super A, ? extends @Nullable R> function) {
    sql.registerFunction(
        name, List.of(argument), result, arguments -> function.apply(argument.cast(arguments[0])));
  }

  @Override
  public <A, B, R> void registerFunction(
      String name,
      Class<A> first,
      Class<B> second,
      Class<R> result,
      BiFunction<? super A, ? super B, ? extends @Nullable R> function) {
    sql.registerFunction(
        name,
        List.of(first, second),
        result,
        arguments -> function.apply(first.cast(arguments[0]), second.cast(arguments[1])));
  }

  // Upkeep.

  @Override
  public void sync() {
    store.sync();
  }

  @Override
  public void flush() {
    store.flush();
  }

  @Override
  public void compact() {
    store.compact(Progress.NONE);
  }

  @Override
  public void compact(Progress progress) {
    store.compact(progress);
  }

  @Override
  public void refresh() {
    store.refresh();
    transactions.refresh();
    sql.refresh();
  }

  @Override
  public Map<String, Long> statistics() {
    return store.statistics();
  }

  @Override
  public List<String> verify(Progress progress) {
    List<String> faults = new ArrayList<>(store.verify(progress));
    faults.addAll(transactions.verify(progress));
    return faults;
  }

  @Override
  public BackupInfo backup(Path target) {
    return backup(target, Progress.NONE);
  }

  @Override
  public BackupInfo backup(Path target, Progress progress) {
    return backup(target, 0, progress);
  }

  @Override
  public BackupInfo backup(Path target, long bytesPerSecond, Progress progress) {
    Path checkpoint = directory.resolve(CHECKPOINT);
    oneBackup.lock();
    try {
      removeTree(checkpoint);
      long timestamp = store.checkpoint(checkpoint);
      try {
        return new BackupRepository(files, target.toAbsolutePath().normalize())
            .create(checkpoint, timestamp, clock.epochMillis(), bytesPerSecond, progress);
      } finally {
        removeTree(checkpoint);
      }
    } catch (IOException failure) {
      throw ErrorCode.IO
          .error("The checkpoint that a backup copies could not be removed.")
          .fact("path", checkpoint)
          .cause(failure)
          .build();
    } finally {
      oneBackup.unlock();
    }
  }

  private void removeTree(Path root) throws IOException {
    if (files.exists(root)) {
      for (String name : files.list(root)) {
        files.delete(root.resolve(name));
      }
      files.delete(root);
    }
  }

  @Override
  public void checkpoint(Path target) {
    store.checkpoint(target.toAbsolutePath().normalize());
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    RuntimeException first = null;
    for (Runnable layer : List.<Runnable>of(sql::close, transactions::close, store::close)) {
      try {
        layer.run();
      } catch (RuntimeException failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
