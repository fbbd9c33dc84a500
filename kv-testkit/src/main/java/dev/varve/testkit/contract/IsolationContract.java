// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static dev.varve.testkit.contract.Probe.Outcome.ABORT;
import static dev.varve.testkit.contract.Probe.Outcome.HAPPENED;
import static dev.varve.testkit.contract.Probe.Outcome.SNAPSHOT;
import static dev.varve.testkit.contract.Probe.Outcome.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import dev.varve.testkit.contract.Probe.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each isolation level shows and prevents. */
public abstract class IsolationContract extends StoreContract {
  /**
   * By probe: what becomes of it under READ_UNCOMMITTED, READ_COMMITTED (monotonic atomic view),
   * REPEATABLE_READ (snapshot isolation), SERIALIZABLE (serializable).
   */
  private static final Map<Probe, List<Outcome>> TABLE = table();

  /** For subclasses. */
  protected IsolationContract() {}

  private static Map<Probe, List<Outcome>> table() {
    Map<Probe, List<Outcome>> table = new EnumMap<>(Probe.class);
    table.put(Probe.G0, List.of(WAITING, WAITING, ABORT, ABORT));
    table.put(Probe.G1A, List.of(HAPPENED, SNAPSHOT, SNAPSHOT, SNAPSHOT));
    table.put(Probe.G1B, List.of(HAPPENED, SNAPSHOT, SNAPSHOT, SNAPSHOT));
    table.put(Probe.G1C, List.of(HAPPENED, SNAPSHOT, SNAPSHOT, ABORT));
    table.put(Probe.OTV, List.of(HAPPENED, WAITING, ABORT, ABORT));
    table.put(Probe.PMP_READ, List.of(HAPPENED, HAPPENED, SNAPSHOT, SNAPSHOT));
    table.put(Probe.PMP_WRITE, List.of(WAITING, HAPPENED, ABORT, ABORT));
    table.put(Probe.P4, List.of(HAPPENED, HAPPENED, ABORT, ABORT));
    table.put(Probe.G_SINGLE, List.of(HAPPENED, HAPPENED, SNAPSHOT, SNAPSHOT));
    table.put(Probe.G_SINGLE_PREDICATE, List.of(HAPPENED, HAPPENED, SNAPSHOT, SNAPSHOT));
    table.put(Probe.G_SINGLE_WRITE, List.of(HAPPENED, HAPPENED, ABORT, ABORT));
    table.put(Probe.G2_ITEM, List.of(HAPPENED, HAPPENED, HAPPENED, ABORT));
    table.put(Probe.G2_INSERT, List.of(HAPPENED, HAPPENED, HAPPENED, ABORT));
    table.put(Probe.G2_TWO_EDGES, List.of(HAPPENED, HAPPENED, HAPPENED, ABORT));
    return table;
  }

  @TestFactory
  Stream<DynamicTest> eachAnomalyHappensOrIsPreventedAsItsLevelSays() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Probe probe : Probe.values()) {
      for (IsolationLevel level : IsolationLevel.values()) {
        tests.add(
            DynamicTest.dynamicTest(
                probe + " under " + level,
                () -> assertEquals(TABLE.get(probe).get(level.ordinal()), outcome(probe, level))));
      }
    }
    return tests.stream();
  }

  private Outcome outcome(Probe probe, IsolationLevel level) {
    KeyValues table = store.autocommit().keyspace(0);
    try (StoreTransaction clear = begin()) {
      clear.clearKeyspace(0);
      clear.commit();
    }
    Probe.prepare(table);
    Session t1 = session(level);
    Session t2 = session(level);
    Session t3 = session(level);
    Outcome outcome = probe.run(t1, t2, t3, table);
    t1.close();
    t2.close();
    t3.close();
    return outcome;
  }

  @Test
  void readUncommittedScansSeePendingWritesOfOthersBothWays() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    put(table, "b", "2");
    put(table, "d", "4");
    try (StoreTransaction writer = begin();
        StoreTransaction reader = begin(IsolationLevel.READ_UNCOMMITTED)) {
      put(writer.keyspace(0), "a", "10");
      writer.keyspace(0).delete(bytes("b"));
      put(writer.keyspace(0), "c", "30");
      List<String> dirty = List.of("a=10", "c=30", "d=4");
      assertEquals(dirty, entries(reader.keyspace(0)));
      List<String> backwards = new ArrayList<>(dirty);
      java.util.Collections.reverse(backwards);
      assertEquals(backwards, entries(reader.keyspace(0), KeyRange.all().reversed()));
      writer.rollback();
      assertEquals(List.of("a=1", "b=2", "d=4"), entries(reader.keyspace(0)));
    }
  }

  @Test
  void readCommittedSeesOneStatePerStatement() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    try (StoreTransaction reader = begin(IsolationLevel.READ_COMMITTED)) {
      assertEquals("1", get(reader.keyspace(0), "a"));
      put(table, "a", "2");
      assertEquals("2", get(reader.keyspace(0), "a"));
      reader.beginStatement();
      put(table, "a", "3");
      assertEquals("2", get(reader.keyspace(0), "a"));
      assertEquals(LockResult.CHANGED, lock(reader, "a"));
      assertEquals("3", text(reader.getNewest(0, bytes("a"))));
      assertEquals("2", get(reader.keyspace(0), "a"));
      reader.endStatement();
      assertEquals("3", get(reader.keyspace(0), "a"));
      assertEquals(LockResult.LOCKED, lock(reader, "a"));
    }
  }

  private static LockResult lock(StoreTransaction transaction, String key) {
    return transaction.lock(0, bytes(key), LockMode.EXCLUSIVE, LockWait.WAIT);
  }

  @Test
  void aReadCommittedWaiterWritesOverTheNewestVersion() {
    put(store.autocommit().keyspace(0), "a", "1");
    Session first = session(IsolationLevel.READ_COMMITTED);
    Session second = session(IsolationLevel.READ_COMMITTED);
    first.run(each -> put(each.keyspace(0), "a", "2"));
    Session.Call<Boolean> waiting =
        second.startRun(
            each -> {
              lock(each, "a");
              put(each.keyspace(0), "a", text(each.getNewest(0, bytes("a"))) + "+");
            });
    assertTrue(waiting.isWaiting());
    first.run(StoreTransaction::commit);
    waiting.result();
    second.run(StoreTransaction::commit);
    assertEquals("2+", get(store.autocommit().keyspace(0), "a"));
  }

  @Test
  void aWaiterUnderSnapshotIsolationGoesOnWhenTheHolderRollsBack() {
    Session first = session(IsolationLevel.REPEATABLE_READ);
    Session second = session(IsolationLevel.REPEATABLE_READ);
    first.run(each -> put(each.keyspace(0), "a", "1"));
    Session.Call<Boolean> waiting = second.startRun(each -> put(each.keyspace(0), "a", "2"));
    assertTrue(waiting.isWaiting());
    first.run(StoreTransaction::rollback);
    waiting.result();
    assertTrue(second.tryCommit());
    assertEquals("2", get(store.autocommit().keyspace(0), "a"));
  }

  @Test
  void aConflictNamesTheRowAndEndsTheTransaction() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "row", "1");
    try (StoreTransaction late = begin(IsolationLevel.REPEATABLE_READ)) {
      put(late.keyspace(0), "other", "x");
      put(table, "row", "2");
      var failure = assertFails(ErrorCode.WRITE_CONFLICT, () -> put(late.keyspace(0), "row", "3"));
      assertTrue(failure.isRetryable());
      assertTrue(failure.facts().containsKey("row"), failure::toString);
      Assertions.assertFalse(late.isActive());
      assertFails(ErrorCode.TRANSACTION_ABORTED, () -> get(late.keyspace(0), "row"));
      assertFails(ErrorCode.TRANSACTION_ABORTED, late::commit);
      late.rollback();
    }
    put(table, "other", "free again");
    assertEquals("2", get(table, "row"));
  }

  @Test
  void autocommitWritesCountAsCommitsOfOthers() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    for (IsolationLevel level :
        List.of(IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE)) {
      try (StoreTransaction transaction = begin(level)) {
        get(transaction.keyspace(0), "a");
        put(table, "a", "2");
        assertFails(ErrorCode.WRITE_CONFLICT, () -> put(transaction.keyspace(0), "a", "3"));
      }
    }
  }

  @Test
  void serializableRefusesWhenAReadRangeGotARow() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "b", "1");
    try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE)) {
      entries(transaction.keyspace(0), KeyRange.between(bytes("a"), bytes("c")));
      put(transaction.keyspace(0), "z", "1");
      put(table, "d", "outside");
      put(table, "bb", "inside");
      assertFails(ErrorCode.SERIALIZATION_FAILURE, transaction::commit);
    }
    assertNull(get(table, "z"));
  }

  @Test
  void serializableRefusesWhenAReadRowOfARangeWasDeleted() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "b", "1");
    try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE)) {
      entries(transaction.keyspace(0), KeyRange.prefix(bytes("b")));
      put(transaction.keyspace(0), "z", "1");
      table.deleteRange(bytes("a"), bytes("c"));
      assertFails(ErrorCode.SERIALIZATION_FAILURE, transaction::commit);
    }
  }

  @Test
  void serializableCommitsWhenOnlyUnreadRowsChanged() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    put(table, "m", "1");
    try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE)) {
      get(transaction.keyspace(0), "a");
      put(transaction.keyspace(0), "z", "1");
      put(table, "m", "2");
      transaction.commit();
    }
    assertEquals("1", get(table, "z"));
  }

  @Test
  void serializableReadersNeverFail() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    try (StoreTransaction reader = begin(IsolationLevel.SERIALIZABLE);
        StoreTransaction declared = store.begin(at(IsolationLevel.SERIALIZABLE).readOnly(true))) {
      entries(reader.keyspace(0));
      entries(declared.keyspace(0));
      put(table, "a", "2");
      assertEquals("1", get(reader.keyspace(0), "a"));
      assertEquals("1", get(declared.keyspace(0), "a"));
      reader.commit();
      declared.commit();
    }
  }

  @Test
  void rangeDeletesConflictWithWritesInTheRange() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "b", "1");
    try (StoreTransaction transaction = begin(IsolationLevel.REPEATABLE_READ)) {
      put(table, "b", "2");
      assertFails(
          ErrorCode.WRITE_CONFLICT,
          () -> transaction.keyspace(0).deleteRange(bytes("a"), bytes("c")));
    }
    Session deleter = session(IsolationLevel.READ_COMMITTED);
    Session writer = session(IsolationLevel.READ_COMMITTED);
    deleter.run(each -> each.keyspace(0).deleteRange(bytes("a"), bytes("c")));
    Session.Call<Boolean> absent = writer.startRun(each -> put(each.keyspace(0), "bb", "3"));
    assertTrue(absent.isWaiting());
    deleter.run(StoreTransaction::commit);
    absent.result();
    writer.run(StoreTransaction::commit);
    assertEquals(List.of("bb=3"), entries(table));
  }
}
