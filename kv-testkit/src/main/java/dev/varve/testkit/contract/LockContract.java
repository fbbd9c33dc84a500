// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyValues;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Row and range locks: who waits for whom, and how a wait ends. */
public abstract class LockContract extends StoreContract {
  /** For subclasses. */
  protected LockContract() {}

  private static LockResult lock(
      StoreTransaction transaction, String key, LockMode mode, LockWait wait) {
    return transaction.lock(0, bytes(key), mode, wait);
  }

  private static LockResult exclusive(StoreTransaction transaction, String key) {
    return lock(transaction, key, LockMode.EXCLUSIVE, LockWait.WAIT);
  }

  private static LockResult shared(StoreTransaction transaction, String key) {
    return lock(transaction, key, LockMode.SHARED, LockWait.WAIT);
  }

  @Test
  void sharedLocksGoTogetherAndKeepWritersOut() {
    Session first = session(IsolationLevel.REPEATABLE_READ);
    Session second = session(IsolationLevel.REPEATABLE_READ);
    Session writer = session(IsolationLevel.REPEATABLE_READ);
    first.run(each -> shared(each, "a"));
    second.run(each -> shared(each, "a"));
    Session.Call<Boolean> waiting = writer.startRun(each -> put(each.keyspace(0), "a", "1"));
    assertTrue(waiting.isWaiting());
    first.run(StoreTransaction::commit);
    assertTrue(waiting.isWaiting());
    second.run(StoreTransaction::rollback);
    waiting.result();
    assertTrue(writer.tryCommit());
  }

  @Test
  void aLockedRowMayBeReadByAll() {
    put(store.autocommit().keyspace(0), "a", "1");
    try (StoreTransaction holder = begin()) {
      exclusive(holder, "a");
      put(holder.keyspace(0), "a", "2");
      try (StoreTransaction reader = begin(IsolationLevel.SERIALIZABLE)) {
        assertEquals("1", get(reader.keyspace(0), "a"));
      }
      assertEquals("1", get(store.autocommit().keyspace(0), "a"));
    }
  }

  @Test
  void lockingAgainAndUpgradingAreGrantedAtOnce() {
    try (StoreTransaction transaction = begin()) {
      assertTrue(transaction.isClean());
      assertEquals(LockResult.LOCKED, shared(transaction, "a"));
      assertFalse(transaction.isClean());
      assertEquals(LockResult.LOCKED, shared(transaction, "a"));
      assertEquals(LockResult.LOCKED, exclusive(transaction, "a"));
      assertEquals(LockResult.LOCKED, shared(transaction, "a"));
      try (StoreTransaction other = begin()) {
        assertEquals(LockResult.SKIPPED, lock(other, "a", LockMode.SHARED, LockWait.SKIP));
      }
    }
  }

  @Test
  void twoUpgradesOfOneRowAreADeadlock() {
    Session first = session(IsolationLevel.REPEATABLE_READ);
    Session second = session(IsolationLevel.REPEATABLE_READ);
    first.run(each -> shared(each, "a"));
    second.run(each -> shared(each, "a"));
    Session.Call<LockResult> waiting = first.start(each -> exclusive(each, "a"));
    assertTrue(waiting.isWaiting());
    assertFails(ErrorCode.DEADLOCK, () -> second.run(each -> exclusive(each, "a")));
    assertEquals(LockResult.LOCKED, waiting.result());
  }

  @Test
  void aCircleOfThreeIsFoundAndItsVictimIsToldTheCircle() {
    List<Session> circle = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Session session = session(IsolationLevel.READ_COMMITTED);
      String own = "row" + i;
      session.run(each -> put(each.keyspace(0), own, "1"));
      circle.add(session);
    }
    Session.Call<LockResult> first = circle.get(0).start(each -> exclusive(each, "row1"));
    assertTrue(first.isWaiting());
    Session.Call<LockResult> second = circle.get(1).start(each -> exclusive(each, "row2"));
    assertTrue(second.isWaiting());
    VarveException failure =
        assertFails(ErrorCode.DEADLOCK, () -> circle.get(2).run(each -> exclusive(each, "row0")));
    assertTrue(failure.isRetryable());
    String told = String.valueOf(failure.facts().get("circle"));
    assertEquals(3, told.split("waits for").length - 1, told);
    second.result();
    assertTrue(circle.get(1).tryCommit());
    first.result();
    assertTrue(circle.get(0).tryCommit());
    assertFalse(circle.get(2).tryCommit());
  }

  @Test
  void waitersAreServedInTheOrderTheyCame() {
    Session holder = session(IsolationLevel.READ_COMMITTED);
    holder.run(each -> exclusive(each, "a"));
    List<Session> queue = new ArrayList<>();
    List<Session.Call<LockResult>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Session session = session(IsolationLevel.READ_COMMITTED);
      LockMode mode = i == 2 ? LockMode.SHARED : LockMode.EXCLUSIVE;
      Session.Call<LockResult> call = session.start(each -> lock(each, "a", mode, LockWait.WAIT));
      assertTrue(call.isWaiting());
      queue.add(session);
      calls.add(call);
    }
    holder.run(StoreTransaction::commit);
    for (int i = 0; i < queue.size(); i++) {
      calls.get(i).result();
      for (int later = i + 1; later < queue.size(); later++) {
        assertTrue(calls.get(later).isWaiting());
      }
      queue.get(i).run(StoreTransaction::commit);
    }
  }

  @Test
  void aWaitingWriterIsNotOvertakenByReaders() {
    Session reader = session(IsolationLevel.READ_COMMITTED);
    Session writer = session(IsolationLevel.READ_COMMITTED);
    Session late = session(IsolationLevel.READ_COMMITTED);
    reader.run(each -> shared(each, "a"));
    Session.Call<LockResult> waiting = writer.start(each -> exclusive(each, "a"));
    assertTrue(waiting.isWaiting());
    Session.Call<LockResult> behind = late.start(each -> shared(each, "a"));
    assertTrue(behind.isWaiting());
    reader.run(StoreTransaction::commit);
    waiting.result();
    assertTrue(behind.isWaiting());
    writer.run(StoreTransaction::commit);
    behind.result();
  }

  @Test
  void aTimeoutNamesTheRowAndTheHolderAndLeavesTheTransactionWhole() {
    TransactionOptions patient = TransactionOptions.defaults().lockTimeout(Duration.ofMillis(30));
    try (StoreTransaction holder = begin();
        StoreTransaction waiter = store.begin(patient)) {
      exclusive(holder, "a");
      put(waiter.keyspace(0), "b", "1");
      VarveException failure =
          assertFails(ErrorCode.LOCK_TIMEOUT, () -> put(waiter.keyspace(0), "a", "1"));
      assertTrue(failure.facts().containsKey("row"), failure::toString);
      assertTrue(failure.facts().containsKey("holder"), failure::toString);
      assertTrue(waiter.isActive());
      assertEquals(List.of("b=1"), entries(waiter.keyspace(0)));
      holder.rollback();
      put(waiter.keyspace(0), "a", "1");
      waiter.commit();
    }
    assertEquals(List.of("a=1", "b=1"), entries(store.autocommit().keyspace(0)));
  }

  @Test
  void whoDoesNotWantToWaitDoesNot() {
    try (StoreTransaction holder = begin();
        StoreTransaction other = begin()) {
      exclusive(holder, "a");
      assertEquals(LockResult.SKIPPED, lock(other, "a", LockMode.EXCLUSIVE, LockWait.SKIP));
      assertFails(ErrorCode.LOCK_TIMEOUT, () -> lock(other, "a", LockMode.SHARED, LockWait.NOWAIT));
      assertEquals(LockResult.LOCKED, lock(other, "b", LockMode.SHARED, LockWait.NOWAIT));
    }
  }

  @Test
  void anInterruptedWaiterStopsWaitingAndStaysInterrupted() {
    Session holder = session(IsolationLevel.READ_COMMITTED);
    Session waiter = session(IsolationLevel.READ_COMMITTED);
    holder.run(each -> exclusive(each, "a"));
    waiter.run(each -> put(each.keyspace(0), "b", "1"));
    Session.Call<Boolean> call =
        waiter.start(
            each -> {
              try {
                exclusive(each, "a");
                return false;
              } catch (VarveException stopped) {
                return stopped.code() == ErrorCode.QUERY_CANCELED && Thread.interrupted();
              }
            });
    assertTrue(call.isWaiting());
    waiter.thread().interrupt();
    assertTrue(call.result());
    assertTrue(waiter.tryCommit());
    holder.run(StoreTransaction::commit);
    assertEquals("1", get(store.autocommit().keyspace(0), "b"));
  }

  @Test
  void aLockOnAChangedRowIsAConflictUnderSnapshotIsolation() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    try (StoreTransaction transaction = begin(IsolationLevel.REPEATABLE_READ)) {
      put(table, "a", "2");
      assertFails(ErrorCode.WRITE_CONFLICT, () -> shared(transaction, "a"));
    }
  }

  @Test
  void aRangeLockWaitsForRowsAndRowsWaitForIt() {
    Session row = session(IsolationLevel.READ_COMMITTED);
    Session range = session(IsolationLevel.READ_COMMITTED);
    Session late = session(IsolationLevel.READ_COMMITTED);
    row.run(each -> put(each.keyspace(0), "m", "1"));
    Session.Call<Boolean> waiting =
        range.startRun(each -> each.keyspace(0).deleteRange(bytes("a"), bytes("z")));
    assertTrue(waiting.isWaiting());
    row.run(each -> put(each.keyspace(0), "n", "1"));
    late.run(each -> put(each.keyspace(0), "zz", "1"));
    Session.Call<Boolean> behind = late.startRun(each -> put(each.keyspace(0), "b", "1"));
    assertTrue(behind.isWaiting());
    assertTrue(row.tryCommit());
    waiting.result();
    assertTrue(behind.isWaiting());
    assertTrue(range.tryCommit());
    behind.result();
    assertTrue(late.tryCommit());
    assertEquals(List.of("b=1", "zz=1"), entries(store.autocommit().keyspace(0)));
  }

  @Test
  void deadlocksThroughRangesAreFound() {
    Session first = session(IsolationLevel.READ_COMMITTED);
    Session second = session(IsolationLevel.READ_COMMITTED);
    first.run(each -> each.keyspace(0).deleteRange(bytes("a"), bytes("c")));
    second.run(each -> put(each.keyspace(0), "x", "1"));
    Session.Call<Boolean> waiting = second.startRun(each -> put(each.keyspace(0), "b", "1"));
    assertTrue(waiting.isWaiting());
    assertFails(
        ErrorCode.DEADLOCK,
        () -> first.run(each -> each.keyspace(0).deleteRange(bytes("w"), bytes("y"))));
    waiting.result();
    assertTrue(second.tryCommit());
  }

  @Test
  void autocommitWritesRespectLocks() {
    Session holder = session(IsolationLevel.READ_COMMITTED);
    Session outside = session(IsolationLevel.READ_COMMITTED);
    holder.run(each -> put(each.keyspace(0), "a", "1"));
    Session.Call<Boolean> waiting =
        outside.startRun(each -> put(store.autocommit().keyspace(0), "a", "2"));
    assertTrue(waiting.isWaiting());
    put(store.autocommit().keyspace(0), "b", "2");
    holder.run(StoreTransaction::commit);
    waiting.result();
    assertEquals(List.of("a=2", "b=2"), entries(store.autocommit().keyspace(0)));
  }

  @Test
  void incrementsUnderContentionAreAllCounted() throws InterruptedException {
    int threads = 4;
    int each = 200;
    put(store.autocommit().keyspace(0), "n", "0");
    List<Thread> workers = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < threads; i++) {
      IsolationLevel level =
          i % 2 == 0 ? IsolationLevel.READ_COMMITTED : IsolationLevel.SERIALIZABLE;
      Thread worker = new Thread(() -> increment(level, each));
      worker.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      worker.join();
    }
    Assertions.assertEquals(List.of(), failures);
    assertEquals("" + threads * each, get(store.autocommit().keyspace(0), "n"));
  }

  private void increment(IsolationLevel level, int times) {
    int done = 0;
    while (done < times) {
      try (StoreTransaction transaction = begin(level)) {
        exclusive(transaction, "n");
        int before = Integer.parseInt(text(transaction.getNewest(0, bytes("n"))));
        put(transaction.keyspace(0), "n", "" + (before + 1));
        transaction.commit();
        done++;
      } catch (VarveException refused) {
        if (!refused.isRetryable()) {
          throw refused;
        }
      }
    }
  }
}
