// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Options;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.StoreTransaction;
import dev.varve.txn.clock.HybridLogicalClock;
import dev.varve.txn.write.SpillFormat;
import dev.varve.txn.write.WriteSetMemory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is particular to the transactions of this layer. */
class ManagedTransactionTest {
  private final HeapStore heap = new HeapStore(new HybridLogicalClock());
  private final Metrics metrics = new Metrics();
  private final TransactionManager manager =
      TransactionManager.open(
          heap,
          Options.defaults().durability(Durability.NONE),
          metrics,
          new WriteSetMemory(1 << 16));

  @AfterEach
  void close() {
    manager.close();
    assertEquals(0, heap.pinned());
    assertEquals(0, heap.openCursors());
    assertEquals(0, metrics.read().get("locks.rows"));
    assertEquals(0, metrics.read().get("transactions.writeSetBytes"));
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private StoreTransaction begin(IsolationLevel level) {
    return manager.begin(TransactionOptions.defaults().isolation(level));
  }

  @Test
  void aLargeTransactionSpillsAndCommitsAtOnce() {
    int rows = 20_000;
    KeyValues table = manager.autocommit().keyspace(0);
    for (int i = 0; i < rows; i += 10) {
      table.put(key(i), new byte[] {0});
    }
    KeyRange spilled = PhysicalKey.range(SpillFormat.KEYSPACE, KeyRange.all());
    try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE)) {
      KeyValues mine = transaction.keyspace(0);
      for (int i = 0; i < rows; i++) {
        mine.put(key(i * 7919 % rows), new byte[] {1, 2, 3});
      }
      assertTrue(heap.holdsAny(spilled));
      mine.deleteRange(key(100), key(200));
      mine.put(key(150), new byte[] {9});
      assertEquals(rows - 99, count(mine));
      assertEquals(rows / 10, count(table));
      assertEquals(3, mine.get(key(5)).length);
      assertFalse(mine.contains(key(101)));
      transaction.commit();
    }
    assertFalse(heap.holdsAny(spilled));
    assertEquals(rows - 99, count(table));
    assertEquals(1, table.get(key(150)).length);
  }

  @Test
  void rollingBackALargeTransactionLeavesNothing() {
    try (StoreTransaction transaction = begin(IsolationLevel.REPEATABLE_READ)) {
      for (int i = 0; i < 20_000; i++) {
        transaction.keyspace(0).put(key(i), new byte[] {1, 2, 3});
      }
    }
    assertFalse(heap.holdsAny(KeyRange.all()));
  }

  private static int count(KeyValues table) {
    int count = 0;
    try (var cursor = table.scan(KeyRange.all())) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  @Test
  void cursorsThatAreForgottenAreClosedWithTheirTransaction() {
    manager.autocommit().keyspace(0).put(key(1), key(1));
    StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE);
    transaction.keyspace(0).scan(KeyRange.all()).next();
    transaction.keyspace(0).scan(KeyRange.all().reversed());
    assertEquals(2, heap.openCursors());
    transaction.keyspace(0).put(key(2), key(2));
    manager.autocommit().keyspace(0).put(key(1), key(3));
    VarveException failure = assertThrows(VarveException.class, transaction::commit);
    assertEquals(ErrorCode.SERIALIZATION_FAILURE, failure.code());
    assertEquals(0, heap.openCursors());
  }

  @Test
  void onlyTheWalkedPartOfARangeCounts() {
    KeyValues table = manager.autocommit().keyspace(0);
    for (int i = 0; i < 10; i++) {
      table.put(key(i), key(i));
    }
    try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE);
        var up = transaction.keyspace(0).scan(KeyRange.all());
        var down = transaction.keyspace(0).scan(KeyRange.all().reversed())) {
      up.next();
      up.next();
      down.seek(key(8));
      down.next();
      transaction.keyspace(0).put(key(100), key(1));
      table.put(key(5), key(50));
      table.put(key(9), key(90));
      transaction.commit();
    }
    for (int changed : new int[] {0, 1, 7, 8}) {
      try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE);
          var up = transaction.keyspace(0).scan(KeyRange.all());
          var down = transaction.keyspace(0).scan(KeyRange.all().reversed())) {
        up.next();
        up.next();
        down.seek(key(8));
        down.next();
        transaction.keyspace(0).put(key(100), key(1));
        table.put(key(changed), key(50));
        VarveException failure = assertThrows(VarveException.class, transaction::commit);
        assertEquals(ErrorCode.SERIALIZATION_FAILURE, failure.code(), "row " + changed);
      }
    }
  }

  @Test
  void twoThreadsInOneTransactionGetAnErrorAndNeverMore() throws InterruptedException {
    AtomicInteger refused = new AtomicInteger();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    try (StoreTransaction transaction = begin(IsolationLevel.REPEATABLE_READ)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    start.await();
                  } catch (InterruptedException interrupt) {
                    throw new AssertionError(interrupt);
                  }
                  for (int i = 0; i < 20_000; i++) {
                    try {
                      transaction.keyspace(0).put(key(i), key(i));
                      transaction.keyspace(0).get(key(i / 2));
                    } catch (VarveException misuse) {
                      assertEquals(ErrorCode.TRANSACTION_STATE, misuse.code());
                      refused.incrementAndGet();
                    }
                  }
                });
        thread.setUncaughtExceptionHandler((dead, failure) -> failures.add(failure));
        thread.start();
        threads.add(thread);
      }
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
      assertTrue(refused.get() > 0);
      assertTrue(transaction.isActive());
    }
  }

  @Test
  void whatItsUserHasLostIsEnded() throws InterruptedException {
    lose();
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (metrics.read().get("transactions.leaks") < 2 && System.nanoTime() < deadline) {
      System.gc();
      Thread.onSpinWait();
    }
    assertEquals(2, metrics.read().get("transactions.leaks"));
    assertEquals(0, metrics.read().get("transactions.open"));
    manager.autocommit().keyspace(0).put(key(1), key(2));
  }

  private void lose() {
    StoreTransaction lost = begin(IsolationLevel.REPEATABLE_READ);
    lost.keyspace(0).put(key(1), key(1));
    lost.keyspace(0).scan(KeyRange.all()).next();
    manager.snapshot().keyspace(0).get(key(1));
  }

  @Test
  void manyRowLocksBecomeFew() {
    int rows = manager.maxRowLocks() + 10;
    try (StoreTransaction transaction = begin(IsolationLevel.READ_COMMITTED);
        StoreTransaction other =
            manager.begin(TransactionOptions.defaults().lockTimeout(Duration.ZERO))) {
      for (int i = 0; i < rows; i++) {
        transaction.keyspace(0).put(key(2 * i), new byte[0]);
      }
      assertTrue(metrics.read().get("locks.rows") < 100);
      assertThrows(VarveException.class, () -> other.keyspace(0).put(key(11), key(1)));
      other.keyspace(0).put(key(2 * rows + 1), key(1));
      transaction.rollback();
      other.keyspace(0).put(key(11), key(1));
    }
  }

  @Test
  void figuresTellWhatHappened() {
    KeyValues table = manager.autocommit().keyspace(0);
    table.put(key(1), key(1));
    try (StoreTransaction first = begin(IsolationLevel.REPEATABLE_READ);
        StoreTransaction second = begin(IsolationLevel.REPEATABLE_READ)) {
      first.keyspace(0).put(key(1), key(2));
      first.commit();
      assertThrows(VarveException.class, () -> second.keyspace(0).put(key(1), key(3)));
    }
    begin(IsolationLevel.REPEATABLE_READ).close();
    assertEquals(1, metrics.read().get("transactions.commits"));
    assertEquals(1, metrics.read().get("transactions.rollbacks"));
    assertEquals(1, metrics.read().get("transactions.aborts.writeConflict"));
    assertEquals(0, metrics.read().get("transactions.open"));
  }
}
