// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The whole transactional interface on the heap, small and obviously correct: the oracle that the
 * real stores are compared with, and a store for tests of what is built on top. Not for production:
 * one monitor guards everything, and nothing survives {@link #close}.
 *
 * <p>The pieces: {@link ReferenceVersions} keeps every version of every row, {@link ReferenceLocks} the
 * locks, {@link ReferenceTransaction} the pending writes and the rules of the isolation levels, {@link
 * ReferenceView} what a reader sees.
 */
public final class ReferenceStore implements TransactionalStore {
  /** Holds, by name, the numbers of the named maps. */
  private static final int DIRECTORY = 1;

  private static final int MAX_NAME_CHARS = 200;

  /** Ranges with more rows than that are estimated to hold the whole keyspace. */
  private static final int MAX_COUNTED = 2_048;

  private final Options options;
  private final boolean fullHistory;
  private final ReferenceVersions versions = new ReferenceVersions();
  private final ReferenceLocks locks = new ReferenceLocks(this);
  private final Set<ReferenceTransaction> active = new LinkedHashSet<>();
  private final NavigableMap<Long, Integer> kept = new TreeMap<>();
  private final SortedMap<String, ReferenceIndex> indexes = new TreeMap<>();
  private final SortedMap<String, ReferenceTransaction> prepared = new TreeMap<>();
  private final ReferenceAutocommit autocommit = new ReferenceAutocommit(this);
  private long newest;
  private long dropped;
  private long transactions;
  private int nextKeyspace = FIRST_ALLOCATED_KEYSPACE;
  private boolean closed;

  /** An empty store with default options that keeps every version for ever. */
  public ReferenceStore() {
    this(Options.defaults(), true);
  }

  /** An empty store that keeps versions as long as {@link Options#timeTravel} says. */
  public ReferenceStore(Options options) {
    this(options, false);
  }

  private ReferenceStore(Options options, boolean fullHistory) {
    this.options = options;
    this.fullHistory = fullHistory;
    this.newest = Timestamps.first(System.currentTimeMillis());
  }

  // Readers.

  @Override
  public synchronized ReferenceTransaction begin(TransactionOptions wanted) {
    checkOpen();
    IsolationLevel isolation = wanted.isolation();
    ReferenceTransaction transaction =
        new ReferenceTransaction(
            this, ++transactions, wanted, isolation == null ? options.isolation() : isolation);
    active.add(transaction);
    return transaction;
  }

  @Override
  public StoreReader autocommit() {
    return autocommit;
  }

  @Override
  public synchronized StoreSnapshot snapshot() {
    checkOpen();
    return new ReferenceSnapshot(this, newest);
  }

  @Override
  public synchronized StoreSnapshot asOf(Instant instant) {
    checkOpen();
    long timestamp = Math.min(newest, Timestamps.last(instant));
    if (timestamp < dropped) {
      throw ErrorCode.SNAPSHOT_TOO_OLD
          .error("The versions of that time are gone.")
          .fact("wanted", instant)
          .fact("oldest", Timestamps.toInstant(dropped))
          .build();
    }
    return new ReferenceSnapshot(this, timestamp);
  }

  @Override
  public long write(WriteBatch batch, @Nullable Durability durability) {
    TransactionOptions wanted =
        TransactionOptions.defaults().isolation(IsolationLevel.READ_COMMITTED);
    try (ReferenceTransaction transaction = begin(wanted)) {
      batch.forEach(
          new WriteBatch.Visitor() {
            @Override
            public void put(byte[] data, int key, int keyBytes, int value, int valueBytes) {
              transaction.put(0, slice(data, key, keyBytes), slice(data, value, valueBytes));
            }

            @Override
            public void delete(byte[] data, int key, int keyBytes) {
              transaction.delete(0, slice(data, key, keyBytes));
            }

            @Override
            public void deleteRange(byte[] data, int from, int fromBytes, int to, int toBytes) {
              transaction.deleteRange(
                  0, KeyRange.between(slice(data, from, fromBytes), slice(data, to, toBytes)));
            }
          });
      return transaction.commit();
    }
  }

  private static byte[] slice(byte[] data, int offset, int bytes) {
    return java.util.Arrays.copyOfRange(data, offset, offset + bytes);
  }

  // Named maps.

  @Override
  public synchronized int allocateKeyspace() {
    checkOpen();
    return nextKeyspace++;
  }

  @Override
  public synchronized SortedMap<String, Integer> namedKeyspaces() {
    checkOpen();
    SortedMap<String, Integer> named = new TreeMap<>();
    ReferenceView view = committed(newest);
    RowRange rest = RowRange.of(DIRECTORY, KeyRange.all());
    for (RowKey row = view.first(rest, false); row != null; row = view.first(rest, false)) {
      named.put(
          new String(row.bytes(), StandardCharsets.UTF_8), ByteBuffer.wrap(view.get(row)).getInt());
      rest = ReferenceView.behind(rest, row, false);
    }
    return named;
  }

  @Override
  public boolean dropKeyspace(String name) {
    Integer number = namedKeyspaces().get(name);
    if (number == null) {
      return false;
    }
    try (ReferenceTransaction transaction = begin(internal())) {
      transaction.delete(DIRECTORY, directoryRow(name).bytes());
      transaction.clearKeyspace(number);
      synchronized (this) {
        for (ReferenceIndex index : following(number)) {
          dropIndex(index.definition().name());
        }
        transaction.commit();
      }
    }
    return true;
  }

  /** The number of the named map as a reader sees it, or -1. */
  synchronized int keyspaceNumber(String name, ReferenceView view) {
    byte[] number = versions.get(directoryRow(name), view.timestamp());
    if (number == null) {
      number = versions.get(directoryRow(name), newest);
    }
    return number == null ? -1 : ByteBuffer.wrap(number).getInt();
  }

  /** The number of the named map, created if absent. */
  synchronized int createKeyspace(String name) {
    checkOpen();
    RowKey row = directoryRow(name);
    byte[] number = versions.get(row, newest);
    if (number == null) {
      number = ByteBuffer.allocate(Integer.BYTES).putInt(nextKeyspace++).array();
      NavigableMap<RowKey, byte[]> entry = new TreeMap<>();
      entry.put(row, number);
      apply(entry);
    }
    return ByteBuffer.wrap(number).getInt();
  }

  static void checkName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
      throw ErrorCode.INVALID_NAME
          .error("A name has 1 to 200 characters.")
          .fact("chars", name.length())
          .build();
    }
  }

  private static RowKey directoryRow(String name) {
    return new RowKey(DIRECTORY, name.getBytes(StandardCharsets.UTF_8));
  }

  private static TransactionOptions internal() {
    return TransactionOptions.defaults().isolation(IsolationLevel.READ_COMMITTED);
  }

  // Named indexes.

  @Override
  public Index createIndex(
      IndexDefinition definition, @Nullable Extractor extractor, Progress progress) {
    checkName(definition.name());
    if ((extractor == null) != (definition.keyspace() == null)) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("An index follows a keyspace by an extractor, or neither.")
          .fact("index", definition.name())
          .build();
    }
    String followed = definition.keyspace();
    int keyspace = followed == null ? -1 : createKeyspace(followed);
    try (ReferenceTransaction transaction = begin(internal())) {
      synchronized (this) {
        if (keyspace >= 0) {
          locks.lockRange(transaction, RowRange.of(keyspace, KeyRange.all()), LockMode.EXCLUSIVE);
        }
        if (indexes.containsKey(definition.name())) {
          throw ErrorCode.ALREADY_EXISTS
              .error("There is an index of this name.")
              .fact("index", definition.name())
              .build();
        }
        ReferenceIndex index =
            new ReferenceIndex(definition, nextKeyspace++, keyspace, extractor, Long.MAX_VALUE);
        if (keyspace >= 0) {
          build(index, transaction);
        }
        transaction.commit();
        indexes.put(
            definition.name(),
            new ReferenceIndex(definition, index.id(), keyspace, extractor, newest));
      }
    }
    return autocommit.index(definition.name());
  }

  private void build(ReferenceIndex index, ReferenceTransaction transaction) {
    ReferenceView view = committed(newest);
    RowRange rest = RowRange.of(index.followed(), KeyRange.all());
    for (RowKey row = view.first(rest, false); row != null; row = view.first(rest, false)) {
      for (byte[] indexed : index.extract(view.get(row))) {
        transaction.insert(index, indexed, row.bytes());
      }
      rest = ReferenceView.behind(rest, row, false);
    }
  }

  @Override
  public synchronized boolean dropIndex(String name) {
    checkOpen();
    ReferenceIndex index = indexes.remove(name);
    if (index == null) {
      return false;
    }
    try (ReferenceTransaction transaction = begin(internal())) {
      transaction.clearKeyspace(index.id());
      transaction.commit();
    }
    return true;
  }

  @Override
  public synchronized SortedMap<String, IndexDefinition> indexes() {
    checkOpen();
    SortedMap<String, IndexDefinition> definitions = new TreeMap<>();
    indexes.forEach((name, index) -> definitions.put(name, index.definition()));
    return definitions;
  }

  @Override
  public synchronized List<String> verify(Progress progress) {
    checkOpen();
    List<String> problems = new ArrayList<>();
    ReferenceView view = committed(newest);
    for (ReferenceIndex index : indexes.values()) {
      if (index.followed() >= 0) {
        Set<RowKey> wanted = new TreeSet<>();
        for (RowKey row : rows(view, index.followed())) {
          for (byte[] indexed : index.extract(view.get(row))) {
            wanted.add(new RowKey(index.id(), ReferenceIndex.entry(indexed, row.bytes())));
          }
        }
        if (!wanted.equals(rows(view, index.id()))) {
          problems.add("index " + index.definition().name() + " differs from its data");
        }
      }
    }
    return problems;
  }

  private static Set<RowKey> rows(ReferenceView view, int keyspace) {
    Set<RowKey> rows = new TreeSet<>();
    RowRange rest = RowRange.of(keyspace, KeyRange.all());
    for (RowKey row = view.first(rest, false); row != null; row = view.first(rest, false)) {
      rows.add(row);
      rest = ReferenceView.behind(rest, row, false);
    }
    return rows;
  }

  synchronized ReferenceIndex index(String name, long timestamp) {
    checkOpen();
    ReferenceIndex index = indexes.get(name);
    if (index == null || index.since() > timestamp) {
      throw ErrorCode.NOT_FOUND.error("There is no such index.").fact("index", name).build();
    }
    return index;
  }

  synchronized void checkPresent(ReferenceIndex index) {
    checkOpen();
    if (indexes.get(index.definition().name()) != index) {
      throw ErrorCode.NOT_FOUND
          .error("The index has been dropped.")
          .fact("index", index.definition().name())
          .build();
    }
  }

  List<ReferenceIndex> following(int keyspace) {
    List<ReferenceIndex> following = new ArrayList<>();
    for (ReferenceIndex index : indexes.values()) {
      if (index.followed() == keyspace) {
        following.add(index);
      }
    }
    return following;
  }

  // Prepared transactions.

  @Override
  public synchronized List<String> prepared() {
    checkOpen();
    return List.copyOf(prepared.keySet());
  }

  @Override
  public synchronized long commitPrepared(String globalId) {
    return takePrepared(globalId).finishPrepared(true);
  }

  @Override
  public synchronized void rollbackPrepared(String globalId) {
    takePrepared(globalId).finishPrepared(false);
  }

  void checkNotPrepared(String globalId) {
    checkName(globalId);
    if (prepared.containsKey(globalId)) {
      throw ErrorCode.ALREADY_EXISTS
          .error("There is a prepared transaction of this name.")
          .fact("globalId", globalId)
          .build();
    }
  }

  void addPrepared(String globalId, ReferenceTransaction transaction) {
    prepared.put(globalId, transaction);
    active.remove(transaction);
  }

  private ReferenceTransaction takePrepared(String globalId) {
    checkOpen();
    ReferenceTransaction transaction = prepared.remove(globalId);
    if (transaction == null) {
      throw ErrorCode.NOT_FOUND
          .error("There is no prepared transaction of this name.")
          .fact("globalId", globalId)
          .build();
    }
    return transaction;
  }

  // What transactions need; under the monitor.

  long newest() {
    return newest;
  }

  ReferenceVersions versions() {
    return versions;
  }

  ReferenceLocks locks() {
    return locks;
  }

  ReferenceView committed(long timestamp) {
    return view(timestamp, List.of());
  }

  ReferenceView view(long timestamp, List<NavigableMap<RowKey, byte[]>> pending) {
    checkOpen();
    return new ReferenceView(versions, timestamp, pending);
  }

  void pendingOfOthers(ReferenceTransaction self, List<NavigableMap<RowKey, byte[]>> into) {
    for (ReferenceTransaction other : active) {
      if (other != self) {
        into.add(other.pending());
      }
    }
  }

  /** Commits {@code writes}; returns the timestamp. */
  long apply(Map<RowKey, byte[]> writes) {
    newest = Math.max(newest + 1, Timestamps.first(System.currentTimeMillis()));
    if (!fullHistory) {
      long oldest = kept.isEmpty() ? newest : kept.firstKey();
      long window = System.currentTimeMillis() - options.timeTravel().toMillis();
      dropped = Math.max(dropped, Math.min(oldest, Timestamps.first(window)));
    }
    writes.forEach((row, value) -> versions.add(row, newest, value, dropped));
    return newest;
  }

  Duration lockTimeout(TransactionOptions wanted) {
    Duration timeout = wanted.lockTimeout();
    return timeout == null ? options.lockTimeout() : timeout;
  }

  synchronized void keep(long timestamp) {
    kept.merge(timestamp, 1, Integer::sum);
  }

  synchronized void unkeep(long timestamp) {
    kept.computeIfPresent(timestamp, (at, readers) -> readers == 1 ? null : readers - 1);
  }

  void ended(ReferenceTransaction transaction) {
    active.remove(transaction);
  }

  void checkOpen() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The store is closed.").build();
    }
  }

  boolean isOpen() {
    return !closed;
  }

  @Override
  public synchronized RangeEstimate estimate(int keyspace, KeyRange range) {
    ReferenceView view = committed(newest);
    long entries = 0;
    long bytes = 0;
    RowRange rest = RowRange.of(keyspace, range);
    for (RowKey row = view.first(rest, false); row != null; row = view.first(rest, false)) {
      entries++;
      bytes += row.bytes().length + view.get(row).length;
      rest = ReferenceView.behind(rest, row, false);
      if (entries == MAX_COUNTED) {
        long all = versions.liveRows(keyspace);
        return new RangeEstimate(all, bytes / entries * all);
      }
    }
    return new RangeEstimate(entries, bytes);
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
