// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.ErrorCode;
import dev.varve.KeyValues;
import dev.varve.Savepoint;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import dev.varve.testkit.Seed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Savepoints, nested. */
public abstract class SavepointContract extends StoreContract {
  /** For subclasses. */
  protected SavepointContract() {}

  @Test
  void rollingBackTakesBackWhatCameAfter() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "old");
    put(table, "c", "old");
    try (StoreTransaction transaction = begin()) {
      KeyValues mine = transaction.keyspace(0);
      put(mine, "a", "1");
      Savepoint savepoint = transaction.savepoint("one");
      assertEquals("one", savepoint.name());
      put(mine, "a", "2");
      put(mine, "b", "2");
      mine.deleteRange(bytes("a"), bytes("z"));
      put(mine, "bb", "3");
      assertEquals(List.of("bb=3"), entries(mine));
      transaction.rollbackTo(savepoint);
      assertEquals(List.of("a=1", "c=old"), entries(mine));
      put(mine, "d", "4");
      transaction.rollbackTo(savepoint);
      assertEquals(List.of("a=1", "c=old"), entries(mine));
      put(mine, "e", "5");
      transaction.release(savepoint);
      transaction.commit();
    }
    assertEquals(List.of("a=1", "c=old", "e=5"), entries(table));
  }

  @Test
  void locksSurviveARollbackToASavepoint() {
    try (StoreTransaction transaction = begin()) {
      Savepoint savepoint = transaction.savepoint("s");
      put(transaction.keyspace(0), "a", "1");
      transaction.rollbackTo(savepoint);
      try (StoreTransaction other = begin()) {
        assertEquals(LockResult.SKIPPED, other.lock(0, bytes("a"), LockMode.SHARED, LockWait.SKIP));
      }
    }
  }

  @Test
  void namesMayRepeatAndSavepointsThatAreGoneAreRefused() {
    try (StoreTransaction transaction = begin();
        StoreTransaction other = begin()) {
      Savepoint outer = transaction.savepoint("s");
      Savepoint inner = transaction.savepoint("s");
      Savepoint innermost = transaction.savepoint("t");
      transaction.rollbackTo(outer);
      assertFails(ErrorCode.INVALID_SAVEPOINT, () -> transaction.rollbackTo(inner));
      assertFails(ErrorCode.INVALID_SAVEPOINT, () -> transaction.release(innermost));
      assertFails(ErrorCode.INVALID_SAVEPOINT, () -> other.rollbackTo(outer));
      transaction.release(outer);
      assertFails(ErrorCode.INVALID_SAVEPOINT, () -> transaction.release(outer));
    }
  }

  @Test
  void randomNestingAgreesWithCopies() {
    Seed.run(
        (seed, random) -> {
          try (StoreTransaction transaction = begin()) {
            KeyValues mine = transaction.keyspace(0);
            TreeMap<String, String> expected = new TreeMap<>();
            Deque<Savepoint> savepoints = new ArrayDeque<>();
            Deque<TreeMap<String, String>> copies = new ArrayDeque<>();
            for (int step = 0; step < 1500; step++) {
              String key = "k" + random.nextInt(40);
              switch (random.nextInt(12)) {
                case 0 -> {
                  savepoints.push(transaction.savepoint("s" + step));
                  copies.push(new TreeMap<>(expected));
                }
                case 1 -> {
                  if (!savepoints.isEmpty()) {
                    for (int up = random.nextInt(savepoints.size()); up > 0; up--) {
                      savepoints.pop();
                      copies.pop();
                    }
                    transaction.rollbackTo(savepoints.peek());
                    expected = new TreeMap<>(copies.peek());
                  }
                }
                case 2 -> {
                  if (!savepoints.isEmpty()) {
                    transaction.release(savepoints.pop());
                    copies.pop();
                  }
                }
                case 3 -> {
                  String to = "k" + random.nextInt(40);
                  mine.deleteRange(bytes(key), bytes(to));
                  if (key.compareTo(to) < 0) {
                    expected.subMap(key, to).clear();
                  }
                }
                case 4 -> {
                  mine.delete(bytes(key));
                  expected.remove(key);
                }
                default -> {
                  put(mine, key, "v" + step);
                  expected.put(key, "v" + step);
                }
              }
              if (step % 50 == 0) {
                assertEquals(list(expected), entries(mine));
              }
            }
            transaction.commit();
            assertEquals(list(expected), entries(store.autocommit().keyspace(0)));
          }
        });
  }

  private static List<String> list(TreeMap<String, String> map) {
    return map.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
  }
}
