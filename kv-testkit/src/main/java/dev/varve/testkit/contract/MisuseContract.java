// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Cursor;
import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.TransactionOptions;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.StoreTransaction;
import org.junit.jupiter.api.Test;

/** Calls that come too late or are not allowed. */
public abstract class MisuseContract extends StoreContract {
  /** For subclasses. */
  protected MisuseContract() {}

  @Test
  void afterItsEndATransactionRefusesEverythingButEndingAgain() {
    StoreTransaction committed = begin();
    put(committed.keyspace(0), "a", "1");
    KeyValues table = committed.keyspace(0);
    Cursor cursor = table.scan(KeyRange.all());
    committed.commit();
    StoreTransaction rolledBack = begin();
    rolledBack.rollback();
    for (StoreTransaction each : new StoreTransaction[] {committed, rolledBack}) {
      assertFalse(each.isActive());
      assertFails(ErrorCode.NO_ACTIVE_TRANSACTION, () -> each.keyspace(0).get(bytes("a")));
      assertFails(ErrorCode.NO_ACTIVE_TRANSACTION, () -> put(each.keyspace(0), "a", "2"));
      assertFails(ErrorCode.NO_ACTIVE_TRANSACTION, each::commit);
      assertFails(ErrorCode.NO_ACTIVE_TRANSACTION, () -> each.savepoint("s"));
      assertFails(ErrorCode.NO_ACTIVE_TRANSACTION, () -> each.prepare("x"));
      assertFails(
          ErrorCode.NO_ACTIVE_TRANSACTION,
          () -> each.lock(0, bytes("a"), LockMode.SHARED, LockWait.WAIT));
      each.rollback();
      each.close();
    }
    assertFails(ErrorCode.NO_ACTIVE_TRANSACTION, () -> put(table, "a", "2"));
    assertFails(ErrorCode.NO_ACTIVE_TRANSACTION, cursor::next);
    cursor.close();
    assertEquals("1", get(store.autocommit().keyspace(0), "a"));
  }

  @Test
  void closingRollsBack() {
    try (StoreTransaction transaction = begin()) {
      put(transaction.keyspace(0), "a", "1");
    }
    assertFalse(store.autocommit().keyspace(0).contains(bytes("a")));
    put(store.autocommit().keyspace(0), "a", "free");
  }

  @Test
  void aReadOnlyTransactionRefusesWritesAndLocks() {
    TransactionOptions readOnly = TransactionOptions.defaults().readOnly(true);
    try (StoreTransaction reader = store.begin(readOnly)) {
      assertTrue(reader.isReadOnly());
      assertFails(ErrorCode.READ_ONLY, () -> put(reader.keyspace(0), "a", "1"));
      assertFails(ErrorCode.READ_ONLY, () -> reader.keyspace(0).delete(bytes("a")));
      assertFails(ErrorCode.READ_ONLY, () -> reader.clearKeyspace(0));
      assertFails(
          ErrorCode.READ_ONLY, () -> reader.lock(0, bytes("a"), LockMode.SHARED, LockWait.WAIT));
      assertTrue(reader.isActive());
      assertTrue(reader.isClean());
      reader.commit();
    }
  }

  @Test
  void afterCloseEverythingSaysSo() {
    put(store.autocommit().keyspace(0), "a", "1");
    StoreTransaction transaction = begin();
    put(transaction.keyspace(0), "a", "2");
    StoreSnapshot snapshot = store.snapshot();
    StoreReader autocommit = store.autocommit();
    KeyValues table = autocommit.keyspace(0);
    Cursor cursor = snapshot.keyspace(0).scan(KeyRange.all());
    store.close();
    store.close();
    assertFails(ErrorCode.CLOSED, () -> table.get(bytes("a")));
    assertFails(ErrorCode.CLOSED, () -> put(table, "a", "3"));
    assertFails(ErrorCode.CLOSED, () -> get(snapshot.keyspace(0), "a"));
    assertFails(ErrorCode.CLOSED, () -> get(transaction.keyspace(0), "a"));
    assertFails(ErrorCode.CLOSED, transaction::commit);
    assertFails(ErrorCode.CLOSED, cursor::next);
    assertFails(ErrorCode.CLOSED, this::begin);
    assertFails(ErrorCode.CLOSED, store::snapshot);
    assertFalse(transaction.isActive());
    transaction.close();
    cursor.close();
    snapshot.close();
  }

  @Test
  void closingTheStoreWakesThoseWhoWait() {
    Session holder = session(IsolationLevel.READ_COMMITTED);
    Session waiter = session(IsolationLevel.READ_COMMITTED);
    holder.run(each -> put(each.keyspace(0), "a", "1"));
    Session.Call<Boolean> waiting = waiter.startRun(each -> put(each.keyspace(0), "a", "2"));
    assertTrue(waiting.isWaiting());
    store.close();
    assertFails(ErrorCode.CLOSED, waiting::result);
  }

  @Test
  void negativeKeyspacesAndOutsideCursorsAreRefused() {
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store.autocommit().keyspace(-1));
    put(store.autocommit().keyspace(0), "a", "1");
    try (StoreSnapshot snapshot = store.snapshot()) {
      Cursor cursor = snapshot.keyspace(0).scan(KeyRange.all());
      assertFails(ErrorCode.INVALID_ARGUMENT, cursor::key);
      assertTrue(cursor.next());
      assertFalse(cursor.next());
      assertFails(ErrorCode.INVALID_ARGUMENT, cursor::value);
      cursor.close();
      assertFails(ErrorCode.CLOSED, cursor::next);
    }
  }
}
