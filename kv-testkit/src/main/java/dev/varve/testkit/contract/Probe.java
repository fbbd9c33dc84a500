// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import dev.varve.Cursor;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.VarveException;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockResult;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The fourteen schedules that show the named anomalies, after Adya, Bailis and the public test
 * suites built on them. Each starts from the rows 1 = 10 and 2 = 20 in the unnamed keyspace, runs up to three
 * sessions step by step, and says whether the bad outcome came about, and if not what prevented it.
 */
public enum Probe {
  /** Dirty write: the writes of two transactions to two rows interleave. */
  G0 {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      set(t1, 1, 11);
      Session.Call<Boolean> second = startSet(t2, 1, 12);
      set(t1, 2, 21);
      t1.tryCommit();
      if (succeeds(second) && trySet(t2, 2, 22)) {
        t2.tryCommit();
      }
      Map<Integer, Integer> end = rows(committed, any -> true);
      return (end.get(1) == 11) != (end.get(2) == 21);
    }
  },

  /** Aborted read: a value is seen that its writer takes back. */
  G1A {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      set(t1, 1, 101);
      int before = read(t2, 1);
      t1.run(StoreTransaction::rollback);
      int after = read(t2, 1);
      t2.tryCommit();
      return before == 101 || after == 101;
    }
  },

  /** Intermediate read: a value is seen that its writer overwrites before it commits. */
  G1B {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      set(t1, 1, 101);
      int before = read(t2, 1);
      set(t1, 1, 11);
      t1.tryCommit();
      int after = read(t2, 1);
      t2.tryCommit();
      return before == 101 || after == 101;
    }
  },

  /** Circular information flow: each sees what the other has not committed. */
  G1C {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      set(t1, 1, 11);
      set(t2, 2, 22);
      int first = read(t1, 2);
      int second = read(t2, 1);
      t1.tryCommit();
      t2.tryCommit();
      return first == 22 && second == 11;
    }
  },

  /** Observed transaction vanishes: a reader sees one write of a transaction but not the other. */
  OTV {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      set(t1, 1, 11);
      set(t1, 2, 19);
      Session.Call<Boolean> waiting = startSet(t2, 1, 12);
      t1.tryCommit();
      boolean granted = succeeds(waiting);
      int one = read(t3, 1);
      int two = read(t3, 2);
      boolean vanished = one == 12 && two != 18;
      if (granted && trySet(t2, 2, 18)) {
        two = read(t3, 2);
        t2.tryCommit();
      }
      int twoAfter = read(t3, 2);
      int oneAfter = read(t3, 1);
      t3.tryCommit();
      return vanished
          || twoAfter == 18 && oneAfter != 12
          || two == 18 && twoAfter != 18
          || one == 12 && oneAfter != 12;
    }
  },

  /** Predicate-many-preceders, read: two predicate reads rest on different states. */
  PMP_READ {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      readWhere(t1, value -> value == 30);
      set(t2, 3, 30);
      t2.tryCommit();
      boolean phantom = !readWhere(t1, value -> value % 3 == 0).isEmpty();
      t1.tryCommit();
      return phantom;
    }
  },

  /** Predicate-many-preceders, write: a delete and a read by one predicate disagree. */
  PMP_WRITE {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      t1.run(
          transaction -> {
            KeyValues table = transaction.keyspace(0);
            rows(table, any -> true).forEach((row, value) -> put(table, row, value + 10));
          });
      Session.Call<Boolean> delete = t2.startRun(each -> deleteWhere(each, value -> value == 20));
      t1.tryCommit();
      return succeeds(delete) && !readWhere(t2, value -> value == 20).isEmpty() && t2.tryCommit();
    }
  },

  /** Lost update: the second of two read-modify-writes erases the first. */
  P4 {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      read(t1, 1);
      read(t2, 1);
      set(t1, 1, 11);
      Session.Call<Boolean> second = startSet(t2, 1, 11);
      boolean first = t1.tryCommit();
      return succeeds(second) && t2.tryCommit() && first;
    }
  },

  /** Read skew: one part is read before and one after another's commit. */
  G_SINGLE {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      int one = read(t1, 1);
      set(t2, 1, 12);
      set(t2, 2, 18);
      t2.tryCommit();
      int two = read(t1, 2);
      return t1.tryCommit() && one == 10 && two == 18;
    }
  },

  /** Read skew through predicates. */
  G_SINGLE_PREDICATE {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      readWhere(t1, value -> value % 5 == 0);
      set(t2, 1, 12);
      t2.tryCommit();
      boolean skewed = !readWhere(t1, value -> value % 3 == 0).isEmpty();
      return t1.tryCommit() && skewed;
    }
  },

  /** Read skew into a write by predicate. */
  G_SINGLE_WRITE {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      read(t1, 1);
      set(t2, 1, 12);
      set(t2, 2, 18);
      t2.tryCommit();
      Session.Call<Boolean> delete = t1.startRun(each -> deleteWhere(each, value -> value == 20));
      return succeeds(delete) && t1.tryCommit();
    }
  },

  /** Write skew: both read both rows, each writes another one. */
  G2_ITEM {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      read(t1, 1);
      read(t1, 2);
      read(t2, 1);
      read(t2, 2);
      set(t1, 1, 11);
      set(t2, 2, 21);
      return t1.tryCommit() & t2.tryCommit();
    }
  },

  /** Write skew by phantoms: both find no row, both insert one. */
  G2_INSERT {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      readWhere(t1, value -> value % 3 == 0);
      readWhere(t2, value -> value % 3 == 0);
      set(t1, 3, 30);
      set(t2, 4, 42);
      return t1.tryCommit() & t2.tryCommit();
    }
  },

  /** Fekete's case: a transaction that only reads sees a state that no serial order has. */
  G2_TWO_EDGES {
    @Override
    boolean happens(Session t1, Session t2, Session t3, KeyValues committed) {
      readWhere(t1, any -> true);
      set(t2, 2, read(t2, 2) + 5);
      boolean second = t2.tryCommit();
      readWhere(t3, any -> true);
      boolean third = t3.tryCommit();
      return trySet(t1, 1, 0) && t1.tryCommit() && second && third;
    }
  };

  /** What became of the anomaly. */
  public enum Outcome {
    /** The bad outcome came about. */
    HAPPENED,
    /** A transaction had to wait for another. */
    WAITING,
    /** A reader saw an older state, whole. */
    SNAPSHOT,
    /** A transaction was refused. */
    ABORT
  }

  /** Runs the schedule; true when the bad outcome came about. */
  abstract boolean happens(Session t1, Session t2, Session t3, KeyValues committed);

  /** Writes the two rows that every schedule starts from. */
  static void prepare(KeyValues table) {
    put(table, 1, 10);
    put(table, 2, 20);
  }

  /**
   * Runs the schedule over {@link #prepare}d rows. The third session is begun after the second has
   * committed where the schedule says so, which all levels allow to be from the beginning.
   */
  Outcome run(Session t1, Session t2, Session t3, KeyValues committed) {
    if (happens(t1, t2, t3, committed)) {
      return Outcome.HAPPENED;
    }
    for (Session each : new Session[] {t1, t2, t3}) {
      if (each.failure() != null) {
        return Outcome.ABORT;
      }
    }
    return t1.hasWaited() || t2.hasWaited() || t3.hasWaited() ? Outcome.WAITING : Outcome.SNAPSHOT;
  }

  private static byte[] key(int row) {
    return new byte[] {(byte) row};
  }

  private static void put(KeyValues table, int row, int value) {
    table.put(key(row), Integer.toString(value).getBytes(StandardCharsets.US_ASCII));
  }

  private static int number(byte[] value) {
    return Integer.parseInt(new String(value, StandardCharsets.US_ASCII));
  }

  private static void set(Session session, int row, int value) {
    session.run(transaction -> put(transaction.keyspace(0), row, value));
  }

  private static Session.Call<Boolean> startSet(Session session, int row, int value) {
    return session.startRun(transaction -> put(transaction.keyspace(0), row, value));
  }

  private static boolean trySet(Session session, int row, int value) {
    return succeeds(startSet(session, row, value));
  }

  private static boolean succeeds(Session.Call<Boolean> call) {
    try {
      return call.result();
    } catch (VarveException refused) {
      if (refused.isRetryable()) {
        return false;
      }
      throw refused;
    }
  }

  private static int read(Session session, int row) {
    return session.call(transaction -> number(transaction.keyspace(0).get(key(row))));
  }

  private static Map<Integer, Integer> readWhere(Session session, IntPredicate predicate) {
    return session.call(transaction -> rows(transaction.keyspace(0), predicate));
  }

  private static Map<Integer, Integer> rows(KeyValues table, IntPredicate predicate) {
    Map<Integer, Integer> rows = new TreeMap<>();
    try (Cursor cursor = table.scan(KeyRange.all())) {
      while (cursor.next()) {
        int value = number(cursor.value());
        if (predicate.test(value)) {
          rows.put((int) cursor.key()[0], value);
        }
      }
    }
    return rows;
  }

  /** As a SQL engine does it: finds rows, locks each, and looks again at those that have changed. */
  private static void deleteWhere(StoreTransaction transaction, IntPredicate predicate) {
    transaction.beginStatement();
    KeyValues table = transaction.keyspace(0);
    for (int row : rows(table, predicate).keySet()) {
      LockResult locked = transaction.lock(0, key(row), LockMode.EXCLUSIVE, LockWait.WAIT);
      byte[] newest = transaction.getNewest(0, key(row));
      if (locked == LockResult.LOCKED || newest != null && predicate.test(number(newest))) {
        table.delete(key(row));
      }
    }
    transaction.endStatement();
  }
}
