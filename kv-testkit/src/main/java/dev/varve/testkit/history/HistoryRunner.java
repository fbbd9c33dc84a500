// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.history;

import dev.varve.Cursor;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Savepoint;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.TransactionalStore;
import dev.varve.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Lets several threads run random transactions over a few keys, and notes what they see: point reads, range
 * reads, appends to lists (read, then write), blind writes, deletes, range deletes, locks, savepoints taken back,
 * roll-backs. A value is the last elements of a list, the newest at the end.
 *
 * <p>What a transaction must see of its own writes is checked on the spot.
 */
public final class HistoryRunner {
  private static final int KEYS = 24;
  private static final int LIST_ELEMENTS = 4;

  private final TransactionalStore store;
  private final TransactionOptions options;
  private final int keyspace;
  private final History history = new History();
  private final AtomicLong elements = new AtomicLong();
  private final AtomicLong left = new AtomicLong();

  /** Over an empty keyspace of {@code store}. */
  public HistoryRunner(TransactionalStore store, IsolationLevel level, int keyspace) {
    this.store = store;
    this.options = TransactionOptions.defaults().isolation(level);
    this.keyspace = keyspace;
  }

  /** Runs {@code transactions} on {@code threads}; returns all problems found. */
  public List<String> run(int threads, int transactions, long seed) throws InterruptedException {
    left.set(transactions);
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      RandomGenerator random = Seed.random(seed + i);
      Thread worker = new Thread(() -> work(random), "history-" + i);
      worker.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      worker.join();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("a worker failed", failures.get(0));
    }
    HistoryChecker checker = new HistoryChecker(history);
    List<String> problems = new ArrayList<>(checker.check(options.isolation()));
    problems.addAll(checker.checkEnd(end()));
    return problems;
  }

  /** How many have committed. */
  public long committed() {
    return history.transactions().stream().filter(History.Transaction::isCommitted).count();
  }

  /** What has been observed so far. */
  public History history() {
    return history;
  }

  private Map<Integer, Long> end() {
    Map<Integer, Long> end = new HashMap<>();
    try (Cursor cursor = store.autocommit().keyspace(keyspace).scan(KeyRange.all())) {
      while (cursor.next()) {
        end.put((int) cursor.key()[0], newest(cursor.value()));
      }
    }
    return end;
  }

  private void work(RandomGenerator random) {
    long number;
    while ((number = left.getAndDecrement()) > 0) {
      History.Transaction record = new History.Transaction("T" + number);
      try (StoreTransaction transaction = store.begin(options)) {
        new Script(transaction, record, random).run();
      } catch (VarveException refused) {
        if (!refused.isRetryable()) {
          throw refused;
        }
      }
      history.add(record);
    }
  }

  private static byte[] key(int key) {
    return new byte[] {(byte) key};
  }

  private static long newest(byte[] value) {
    return ByteBuffer.wrap(value).getLong(value.length - Long.BYTES);
  }

  /** One transaction. */
  private final class Script {
    private final StoreTransaction transaction;
    private final History.Transaction record;
    private final RandomGenerator random;
    private final KeyValues table;
    private final Map<Integer, Long> own = new HashMap<>();

    Script(StoreTransaction transaction, History.Transaction record, RandomGenerator random) {
      this.transaction = transaction;
      this.record = record;
      this.random = random;
      this.table = transaction.keyspace(keyspace);
    }

    void run() {
      if (options.isolation().compareTo(IsolationLevel.REPEATABLE_READ) >= 0) {
        record.snapshot(transaction.readTimestamp());
      }
      int steps = 1 + random.nextInt(5);
      boolean writes = random.nextInt(4) > 0;
      for (int i = 0; i < steps; i++) {
        if (writes) {
          step();
        } else {
          readStep();
        }
      }
      if (random.nextInt(20) > 0) {
        record.committed(transaction.commit());
      }
    }

    private void step() {
      int key = random.nextInt(KEYS);
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> append(key);
        case 4, 5 -> write(key, new byte[0]);
        case 6 -> delete(key);
        case 7 -> deleteRange(key, key + 1 + random.nextInt(3));
        case 8 -> takeBack();
        default -> readStep();
      }
    }

    private void readStep() {
      int key = random.nextInt(KEYS);
      if (random.nextInt(3) == 0) {
        readRange(key, key + 1 + random.nextInt(KEYS / 2));
      } else {
        see(key, table.get(key(key)), false);
      }
    }

    private byte[] see(int key, byte[] value, boolean byPredicate) {
      long element = value == null ? History.ABSENT : newest(value);
      if (own.containsKey(key)) {
        if (own.get(key) != element) {
          throw new AssertionError(
              record + " does not see its own write of " + key + ": " + own + ", " + element);
        }
      } else if (byPredicate) {
        record.readByPredicate(key, element);
      } else {
        record.read(key, element);
      }
      return value;
    }

    private void readRange(int from, int to) {
      boolean reversed = random.nextBoolean();
      KeyRange range = KeyRange.between(key(from), key(to));
      Map<Integer, byte[]> found = new HashMap<>();
      try (Cursor cursor = table.scan(reversed ? range.reversed() : range)) {
        while (cursor.next()) {
          found.put((int) cursor.key()[0], cursor.value());
        }
      }
      for (int key = from; key < Math.min(to, KEYS); key++) {
        see(key, found.get(key), true);
      }
    }

    private void append(int key) {
      byte[] before;
      if (options.isolation().compareTo(IsolationLevel.REPEATABLE_READ) < 0
          && random.nextBoolean()) {
        LockResult locked = transaction.lock(keyspace, key(key), LockMode.EXCLUSIVE, LockWait.WAIT);
        assert locked != LockResult.SKIPPED;
        before = transaction.getNewest(keyspace, key(key));
        see(key, before, false);
      } else {
        before = see(key, table.get(key(key)), false);
      }
      write(key, before == null ? new byte[0] : before);
    }

    private void write(int key, byte[] before) {
      int kept = Math.min(before.length, (LIST_ELEMENTS - 1) * Long.BYTES);
      long element = elements.incrementAndGet();
      byte[] value =
          ByteBuffer.allocate(kept + Long.BYTES)
              .put(before, before.length - kept, kept)
              .putLong(element)
              .array();
      table.put(key(key), value);
      wrote(key, element);
    }

    private void delete(int key) {
      table.delete(key(key));
      wrote(key, History.ABSENT);
    }

    private void deleteRange(int from, int to) {
      table.deleteRange(key(from), key(to));
      for (int key = from; key < Math.min(to, KEYS); key++) {
        wrote(key, History.ABSENT);
      }
    }

    private void wrote(int key, long element) {
      own.put(key, element);
      record.write(key, element);
    }

    private void takeBack() {
      Savepoint savepoint = transaction.savepoint("s");
      Map<Integer, Long> before = new HashMap<>(own);
      for (int i = 0; i <= random.nextInt(3); i++) {
        write(random.nextInt(KEYS), new byte[0]);
      }
      if (random.nextBoolean()) {
        int from = random.nextInt(KEYS);
        deleteRange(from, from + 2);
      }
      transaction.rollbackTo(savepoint);
      Set<Integer> touched = new HashSet<>(own.keySet());
      own.clear();
      own.putAll(before);
      for (int key : touched) {
        if (!java.util.Objects.equals(record.finalWrites().get(key), own.get(key))) {
          record.unwrite(key, own.get(key));
        }
      }
      if (random.nextBoolean()) {
        transaction.release(savepoint);
      }
    }
  }
}
