// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.Extractor;
import dev.varve.Index;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.Options;
import dev.varve.Progress;
import dev.varve.TransactionOptions;
import dev.varve.WriteBatch;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.IndexDefinition;
import dev.varve.core.store.Operations;
import dev.varve.core.store.RangeEstimate;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.Timestamps;
import dev.varve.core.store.TransactionalStore;
import dev.varve.core.store.VersionedStore;
import dev.varve.txn.index.NamedIndex;
import dev.varve.txn.lock.LockOwner;
import dev.varve.txn.lock.LockTable;
import dev.varve.txn.write.SpillFormat;
import dev.varve.txn.write.WriteSetMemory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Transactions over a {@link VersionedStore}: isolation, locks, indexes, two-phase commit. Thread-safe. It
 * does not own the store: close it first, then the store.
 *
 * <p>The store must date its commits by a clock that {@link Timestamps} can read, such as {@link
 * dev.varve.txn.clock.HybridLogicalClock}, for {@link #asOf} to mean anything.
 */
public final class TransactionManager implements TransactionalStore {
  private static final long MAX_ROW_LOCKS = 250_000;
  private static final long CLOSE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int HEAP_BYTES_PER_ROW_LOCK = 4_096;

  private final VersionedStore store;
  private final Options options;
  private final LockTable locks;
  private final TransactionMetrics metrics;
  private final ActiveTransactions active = new ActiveTransactions();
  private final Workspace.Pool workspaces = new Workspace.Pool();
  private final WriteSetMemory writeSetMemory;
  private final RecentCommits recentCommits;
  private final KeyspaceDirectory directory;
  private final NamedIndexes indexes;
  private final PreparedTransactions prepared;
  private final Autocommit autocommit;
  private final BatchWriter batches;
  private final Janitor janitor;
  private final AtomicLong numbers = new AtomicLong();
  private final ThreadLocal<PhysicalKey> keys = ThreadLocal.withInitial(PhysicalKey::new);
  private final int maxRowLocks =
      (int) Math.min(MAX_ROW_LOCKS, Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_ROW_LOCK);
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  private TransactionManager(
      VersionedStore store, Options options, Metrics metrics, WriteSetMemory writeSetMemory) {
    this.store = store;
    this.options = options;
    this.writeSetMemory = writeSetMemory;
    this.locks = new LockTable(metrics, RowName::of);
    this.metrics = new TransactionMetrics(metrics);
    metrics.gauge("transactions.open", active::size);
    metrics.gauge("transactions.writeSetBytes", writeSetMemory::usedBytes);
    this.recentCommits = new RecentCommits(store.visibleTimestamp());
    this.directory = new KeyspaceDirectory(store, options.durability());
    this.autocommit = new Autocommit(this);
    this.batches = new BatchWriter(this);
    this.prepared = new PreparedTransactions(this);
    this.indexes = new NamedIndexes(this, options.extractors());
    this.janitor = new Janitor(this);
  }

  /**
   * Opens the transaction layer over {@code store}, which stays the caller's: prepared transactions get their
   * locks back, and what a crash has left of others is removed.
   *
   * @param options of them count durability, isolation, lock timeout, time travel, extractors, read-only
   * @param metrics gets the figures of this layer
   */
  public static TransactionManager open(VersionedStore store, Options options, Metrics metrics) {
    return open(store, options, metrics, new WriteSetMemory());
  }

  static TransactionManager open(
      VersionedStore store, Options options, Metrics metrics, WriteSetMemory writeSetMemory) {
    TransactionManager manager = new TransactionManager(store, options, metrics, writeSetMemory);
    if (!options.readOnly()) {
      manager.keepWindow();
      manager.removeSpilled();
      manager.prepared.recover();
    }
    manager.janitor.start();
    return manager;
  }

  private void removeSpilled() {
    KeyRange spilled = PhysicalKey.range(SpillFormat.KEYSPACE, KeyRange.all());
    boolean any;
    try (var cursor = store.scan(spilled, VersionedStore.NEWEST)) {
      any = cursor.next();
    }
    if (any) {
      byte[] from = spilled.from();
      byte[] to = spilled.to();
      Operations operations = new Operations(64);
      operations.deleteRange(from, 0, from.length, to, 0, to.length);
      store.commit(operations, Durability.NONE, null);
    }
  }

  // Readers.

  @Override
  public StoreTransaction begin(TransactionOptions wanted) {
    return beginManaged(wanted);
  }

  ManagedTransaction beginManaged(TransactionOptions wanted) {
    checkOpen();
    IsolationLevel isolation = wanted.isolation();
    Durability durability = wanted.durability();
    Duration timeout = wanted.lockTimeout();
    TransactionState state =
        new TransactionState(
            this,
            numbers.incrementAndGet(),
            isolation == null ? options.isolation() : isolation,
            wanted.readOnly(),
            durability == null ? options.durability() : durability,
            nanos(timeout == null ? options.lockTimeout() : timeout));
    ManagedTransaction transaction = new ManagedTransaction(state);
    track(state, transaction);
    return transaction;
  }

  private static long nanos(Duration timeout) {
    try {
      return timeout.toNanos();
    } catch (ArithmeticException farAway) {
      return Long.MAX_VALUE;
    }
  }

  private void track(Tracked tracked, Object handle) {
    tracked.handle = new WeakReference<>(handle);
    if (janitor.recordsOrigins()) {
      tracked.origin = new Throwable("begun here, in thread " + Thread.currentThread().getName());
    }
    active.add(tracked);
    if (closed) {
      tracked.closeStore();
      checkOpen();
    }
  }

  /** A transaction of the layer's own. */
  ManagedTransaction beginInternal() {
    return beginManaged(TransactionOptions.defaults().isolation(IsolationLevel.READ_COMMITTED));
  }

  @Override
  public StoreReader autocommit() {
    return autocommit;
  }

  @Override
  public StoreSnapshot snapshot() {
    checkOpen();
    return snapshot(store.pin());
  }

  private StoreSnapshot snapshot(long pinned) {
    ManagedSnapshot.State state =
        new ManagedSnapshot.State(this, numbers.incrementAndGet(), pinned);
    ManagedSnapshot snapshot = new ManagedSnapshot(state);
    track(state, snapshot);
    return snapshot;
  }

  @Override
  public StoreSnapshot asOf(Instant instant) {
    checkOpen();
    long wanted = Timestamps.last(instant);
    if (wanted >= store.visibleTimestamp()) {
      return snapshot();
    }
    if (wanted < windowStart() || !store.pin(wanted)) {
      throw ErrorCode.SNAPSHOT_TOO_OLD
          .error("The versions of that time are not kept.")
          .fact("wanted", instant)
          .fact("timeTravel", options.timeTravel())
          .hint("Options.timeTravel says how far back one can go.")
          .build();
    }
    return snapshot(wanted);
  }

  private long windowStart() {
    long window = options.timeTravel().toMillis();
    return Timestamps.first(System.currentTimeMillis() - window);
  }

  /** Moves the time-travel window on. */
  void keepWindow() {
    if (!options.timeTravel().isZero() && !closed) {
      store.keepFrom(windowStart());
    }
  }

  @Override
  public long write(WriteBatch batch, @Nullable Durability durability) {
    checkWritable();
    return batches.write(batch, durability == null ? options.durability() : durability);
  }

  /** With a store that reads beside a live writer: takes in what the writer has changed. */
  public void refresh() {
    checkOpen();
    directory.load();
    indexes.load(options.extractors());
  }

  // Named maps.

  @Override
  public int allocateKeyspace() {
    checkWritable();
    return directory.allocate();
  }

  @Override
  public SortedMap<String, Integer> namedKeyspaces() {
    checkOpen();
    return directory.all();
  }

  @Override
  public boolean dropKeyspace(String name) {
    checkWritable();
    boolean[] dropped = {false};
    indexes.exclusively(
        () -> {
          NamedKeyspace keyspace = directory.find(name);
          if (keyspace != null) {
            drop(keyspace);
            dropped[0] = true;
          }
        });
    return dropped[0];
  }

  private void drop(NamedKeyspace keyspace) {
    try (ManagedTransaction transaction = beginInternal()) {
      transaction.lockWhole(keyspace.id());
      for (NamedIndex index : indexes.catalog().following(keyspace.id())) {
        transaction.lockWhole(index.id());
      }
      directory.beginDrop(keyspace);
      try {
        Operations operations = new Operations(256);
        byte[] row = KeyspaceDirectory.row(keyspace.name());
        KeyRange all = PhysicalKey.range(keyspace.id(), KeyRange.all());
        byte[] from = all.from();
        byte[] to = all.to();
        operations.delete(row, 0, row.length);
        operations.deleteRange(from, 0, from.length, to, 0, to.length);
        recentCommits.anyCommitted(store.commit(operations, options.durability(), null));
      } catch (RuntimeException | Error failure) {
        recentCommits.unknown();
        directory.cancelDrop(keyspace);
        throw failure;
      }
      indexes.dropFollowing(keyspace.id());
    }
  }

  // Named indexes.

  @Override
  public Index createIndex(
      IndexDefinition definition, @Nullable Extractor extractor, Progress progress) {
    checkWritable();
    return indexes.create(definition, extractor, progress);
  }

  @Override
  public boolean dropIndex(String name) {
    checkWritable();
    return indexes.drop(name);
  }

  @Override
  public SortedMap<String, IndexDefinition> indexes() {
    checkOpen();
    return indexes.definitions();
  }

  @Override
  public List<String> verify(Progress progress) {
    checkOpen();
    List<String> problems = new ArrayList<>();
    try (StoreSnapshot snapshot = snapshot()) {
      for (NamedIndex index : indexes.catalog().all().values()) {
        if (index.isFollowing() && index.since() <= snapshot.readTimestamp()) {
          new IndexVerifier(snapshot, index, problems).verify(progress);
        }
      }
    }
    return problems;
  }

  @Override
  public RangeEstimate estimate(int keyspace, KeyRange range) {
    checkOpen();
    return store.estimate(PhysicalKey.range(keyspace, range));
  }

  // Two-phase commit.

  @Override
  public List<String> prepared() {
    checkOpen();
    return prepared.ids();
  }

  @Override
  public long commitPrepared(String globalId) {
    checkWritable();
    return prepared.commit(globalId);
  }

  @Override
  public void rollbackPrepared(String globalId) {
    checkWritable();
    prepared.rollback(globalId);
  }

  // The end.

  /** Ends what is open; waits for calls under way, which end soon, for those that wait for locks are woken. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    closed = true;
    locks.close();
    janitor.stop();
    long deadline = System.nanoTime() + CLOSE_PATIENCE_NANOS;
    do {
      active.forEach(Tracked::closeStore);
    } while (active.size() > 0 && System.nanoTime() < deadline && pause());
  }

  private static boolean pause() {
    LockSupport.parkNanos(100_000);
    return true;
  }

  void checkOpen() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The store is closed.").build();
    }
  }

  boolean isClosed() {
    return closed;
  }

  boolean isReadOnly() {
    return options.readOnly();
  }

  void checkWritable() {
    checkOpen();
    if (options.readOnly()) {
      throw ErrorCode.READ_ONLY.error("The store is open for reading only.").build();
    }
  }

  // What the rest of the layer needs.

  VersionedStore store() {
    return store;
  }

  Durability durability() {
    return options.durability();
  }

  LockTable locks() {
    return locks;
  }

  int maxRowLocks() {
    return maxRowLocks;
  }

  ActiveTransactions active() {
    return active;
  }

  Workspace.Pool workspaces() {
    return workspaces;
  }

  WriteSetMemory writeSetMemory() {
    return writeSetMemory;
  }

  RecentCommits recentCommits() {
    return recentCommits;
  }

  KeyspaceDirectory directory() {
    return directory;
  }

  NamedIndexes namedIndexes() {
    return indexes;
  }

  PreparedTransactions preparedTransactions() {
    return prepared;
  }

  TransactionMetrics transactionMetrics() {
    return metrics;
  }

  /** A key to work in, of the calling thread. */
  PhysicalKey physicalKey() {
    return keys.get();
  }

  /** Whether a write to the keyspace needs more than the write. */
  boolean isSpecial(int keyspace) {
    return indexes.catalog().following(keyspace).length > 0 || directory.isDropped(keyspace);
  }

  void checkNotDropped(int keyspace) {
    if (directory.isDropped(keyspace)) {
      throw ErrorCode.NOT_FOUND
          .error("The keyspace has been dropped.")
          .fact("keyspace", keyspace)
          .build();
    }
  }

  /** What another transaction is about to do to a row, if it can be known. */
  TransactionState.@Nullable PendingValue pendingOfOthers(TransactionState self, PhysicalKey key) {
    LockOwner holder = locks.exclusiveHolder(key.array(), 0, key.length());
    return holder != null && holder.description() instanceof TransactionState other && other != self
        ? other.pending(key.array(), key.length())
        : null;
  }

  /** Something that the next opening removes could not be removed now. */
  void leftBehind(Tracked transaction, RuntimeException failure) {
    if (!closed) {
      org.slf4j.LoggerFactory.getLogger(TransactionManager.class)
          .warn("What {} had written aside is left until the next opening.", transaction, failure);
    }
  }
}
