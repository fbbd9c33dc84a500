// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two-phase commit. */
public abstract class PreparedContract extends StoreContract {
  /** For subclasses. */
  protected PreparedContract() {}

  private void prepare(String globalId, String key) {
    try (StoreTransaction transaction = begin()) {
      put(transaction.keyspace(0), key, globalId);
      transaction.prepare(globalId);
      assertFalse(transaction.isActive());
      assertFails(ErrorCode.NO_ACTIVE_TRANSACTION, transaction::commit);
    }
  }

  @Test
  void aPreparedTransactionIsInvisibleAndLockedUntilItIsCommitted() {
    KeyValues table = store.autocommit().keyspace(0);
    prepare("one", "a");
    assertEquals(List.of("one"), store.prepared());
    assertEquals(List.of(), entries(table));
    try (StoreTransaction other = begin()) {
      assertEquals(
          LockResult.SKIPPED, other.lock(0, bytes("a"), LockMode.EXCLUSIVE, LockWait.SKIP));
    }
    long before = store.autocommit().readTimestamp();
    assertTrue(store.commitPrepared("one") > before);
    assertEquals(List.of("a=one"), entries(table));
    assertEquals(List.of(), store.prepared());
    put(table, "a", "free");
  }

  @Test
  void aPreparedTransactionCanBeTakenBack() {
    prepare("b", "x");
    prepare("a", "y");
    assertEquals(List.of("a", "b"), store.prepared());
    store.rollbackPrepared("b");
    assertFails(ErrorCode.NOT_FOUND, () -> store.commitPrepared("b"));
    assertFails(ErrorCode.NOT_FOUND, () -> store.rollbackPrepared("b"));
    store.commitPrepared("a");
    assertEquals(List.of("y=a"), entries(store.autocommit().keyspace(0)));
  }

  @Test
  void aNameIsTakenOnce() {
    prepare("one", "a");
    try (StoreTransaction second = begin()) {
      put(second.keyspace(0), "b", "2");
      assertFails(ErrorCode.ALREADY_EXISTS, () -> second.prepare("one"));
      assertTrue(second.isActive());
      second.prepare("two");
    }
    store.rollbackPrepared("one");
    store.commitPrepared("two");
    assertEquals(List.of("b=2"), entries(store.autocommit().keyspace(0)));
  }

  @Test
  void rangeDeletesAndEverythingElseAreCarried() {
    KeyValues table = store.autocommit().keyspace(0);
    for (String key : List.of("a", "b", "c", "d")) {
      put(table, key, "old");
    }
    try (StoreTransaction transaction = begin()) {
      transaction.keyspace(0).deleteRange(bytes("b"), bytes("d"));
      put(transaction.keyspace(0), "bb", "new");
      transaction.keyspace(0).delete(bytes("a"));
      transaction.prepare("one");
    }
    assertEquals(4, entries(table).size());
    store.commitPrepared("one");
    assertEquals(List.of("bb=new", "d=old"), entries(table));
  }

  @Test
  void serializableReadsStayLockedWhilePrepared() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE)) {
      entries(transaction.keyspace(0), KeyRange.between(bytes("a"), bytes("c")));
      put(transaction.keyspace(0), "z", "1");
      transaction.prepare("one");
    }
    Session writer = session(IsolationLevel.READ_COMMITTED);
    Session.Call<Boolean> waiting = writer.startRun(each -> put(each.keyspace(0), "b", "1"));
    assertTrue(waiting.isWaiting());
    store.commitPrepared("one");
    waiting.result();
    assertTrue(writer.tryCommit());
  }

  @Test
  void serializableIsValidatedWhenPreparing() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE)) {
      get(transaction.keyspace(0), "a");
      put(transaction.keyspace(0), "z", "1");
      put(table, "a", "2");
      assertFails(ErrorCode.SERIALIZATION_FAILURE, () -> transaction.prepare("one"));
    }
    assertEquals(List.of(), store.prepared());
    put(table, "z", "free");
  }
}
