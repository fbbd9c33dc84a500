// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Options;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.Timestamps;
import dev.varve.core.store.TransactionalStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Named maps, numbers, and the past. */
public abstract class KeyspaceContract extends StoreContract {
  /** For subclasses. */
  protected KeyspaceContract() {}

  @Override
  protected Options options() {
    return Options.defaults().timeTravel(Duration.ofHours(1));
  }

  @Test
  void aNamedMapIsCreatedByItsFirstWrite() {
    Keyspace map = store.autocommit().keyspace("sessions");
    assertEquals(-1, map.id());
    assertNull(get(map, "a"));
    assertEquals(List.of(), entries(map));
    assertEquals(Set.of(), store.namedKeyspaces().keySet());
    put(map, "a", "1");
    assertEquals(Set.of("sessions"), store.namedKeyspaces().keySet());
    assertEquals(store.namedKeyspaces().get("sessions"), map.id());
    assertTrue(map.id() >= TransactionalStore.FIRST_ALLOCATED_KEYSPACE);
    assertEquals("1", get(store.autocommit().keyspace(map.id()), "a"));
    assertNull(get(store.autocommit().keyspace(0), "a"));
  }

  @Test
  void aNamedMapInATransactionIsTheSame() {
    try (StoreTransaction transaction = begin()) {
      Keyspace map = transaction.keyspace("m");
      assertEquals(map, transaction.keyspace("m"));
      put(map, "a", "1");
      assertEquals(List.of("a=1"), entries(map));
      assertEquals(List.of(), entries(store.autocommit().keyspace("m")));
      transaction.commit();
    }
    assertEquals(List.of("a=1"), entries(store.autocommit().keyspace("m")));
    assertFails(ErrorCode.INVALID_NAME, () -> store.autocommit().keyspace(""));
  }

  @Test
  void droppingRemovesEntriesAndTheNumberIsNotUsedAgain() {
    KeyValues map = store.autocommit().keyspace("m");
    put(map, "a", "1");
    int before = store.namedKeyspaces().get("m");
    assertTrue(store.dropKeyspace("m"));
    assertFalse(store.dropKeyspace("m"));
    assertNull(get(map, "a"));
    assertEquals(List.of(), entries(store.autocommit().keyspace(before)));
    put(map, "b", "2");
    assertEquals(List.of("b=2"), entries(map));
    assertFalse(before == store.namedKeyspaces().get("m"));
  }

  @Test
  void droppingWaitsForThoseWhoHaveWritten() {
    put(store.autocommit().keyspace("m"), "a", "1");
    Session writer = session(IsolationLevel.READ_COMMITTED);
    Session dropper = session(IsolationLevel.READ_COMMITTED);
    writer.run(each -> put(each.keyspace("m"), "b", "2"));
    Session.Call<Boolean> waiting = dropper.startRun(each -> store.dropKeyspace("m"));
    assertTrue(waiting.isWaiting());
    writer.run(StoreTransaction::commit);
    waiting.result();
    assertEquals(Set.of(), store.namedKeyspaces().keySet());
    assertEquals(List.of(), entries(store.autocommit().keyspace("m")));
  }

  @Test
  void numbersAreHandedOutOnceToAllThreads() throws InterruptedException {
    Set<Integer> numbers = java.util.Collections.synchronizedSet(new HashSet<>());
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          for (int n = 0; n < 100; n++) {
                            numbers.add(store.allocateKeyspace());
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(400, numbers.size());
    assertTrue(
        numbers.stream().allMatch(each -> each >= TransactionalStore.FIRST_ALLOCATED_KEYSPACE));
  }

  @Test
  void thePastIsAsItWas() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    put(store.autocommit().keyspace("m"), "x", "1");
    Instant then = nextMillisecond();
    put(table, "a", "2");
    table.deleteRange(bytes("a"), bytes("b"));
    put(table, "b", "3");
    store.dropKeyspace("m");
    put(store.autocommit().keyspace("m"), "y", "1");
    try (StoreSnapshot past = store.asOf(then);
        StoreSnapshot now = store.asOf(Instant.now().plusSeconds(5))) {
      assertEquals(List.of("a=1"), entries(past.keyspace(0)));
      assertEquals(List.of("x=1"), entries(past.keyspace("m")));
      assertEquals(List.of("b=3"), entries(now.keyspace(0)));
      assertTrue(past.readTimestamp() <= Timestamps.last(then));
    }
    assertFails(
        ErrorCode.SNAPSHOT_TOO_OLD, () -> store.asOf(Instant.now().minus(Duration.ofDays(400))));
  }

  /** Now, after which every commit has a later millisecond. */
  private Instant nextMillisecond() {
    Instant newest = Timestamps.toInstant(store.autocommit().readTimestamp());
    Instant now = Instant.now();
    while (now.toEpochMilli() <= newest.toEpochMilli()) {
      now = Instant.now();
    }
    Instant then = Instant.ofEpochMilli(now.toEpochMilli());
    while (Instant.now().toEpochMilli() <= then.toEpochMilli()) {
      Thread.onSpinWait();
    }
    return then;
  }

  @Test
  void manyKeyspacesStayApart() {
    for (int i = 0; i < 300; i++) {
      store.allocateKeyspace();
    }
    List<Integer> some = List.of(0, 16, 31, 32, 191, 192, 193, 300);
    try (StoreTransaction transaction = begin()) {
      for (int id : some) {
        put(transaction.keyspace(id), "k", "" + id);
        assertEquals(id, transaction.keyspace(id).id());
      }
      for (int id : some) {
        assertEquals(List.of("k=" + id), entries(transaction.keyspace(id)));
      }
      transaction.commit();
    }
    for (int id : some) {
      KeyValues table = store.autocommit().keyspace(id);
      assertEquals(List.of("k=" + id), entries(table, KeyRange.all().reversed()));
    }
  }
}
