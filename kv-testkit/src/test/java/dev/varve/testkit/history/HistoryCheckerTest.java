// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.IsolationLevel;
import dev.varve.testkit.history.History.Transaction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {
  private static final int X = 1;
  private static final int Y = 2;

  private static Transaction at(long commit) {
    return new Transaction("T" + commit).committed(commit);
  }

  private static History of(Transaction... transactions) {
    History history = new History();
    for (Transaction each : transactions) {
      history.add(each);
    }
    return history;
  }

  private static List<String> check(IsolationLevel level, Transaction... transactions) {
    return new HistoryChecker(of(transactions)).check(level);
  }

  /** Asserts that the history is refused with {@code name} from {@code level} on, and accepted below. */
  private static void assertFirstRefused(
      IsolationLevel level, String name, Transaction... transactions) {
    for (IsolationLevel each : IsolationLevel.values()) {
      List<String> problems = check(each, transactions);
      if (each.compareTo(level) < 0) {
        assertEquals(List.of(), problems, each.toString());
      } else {
        assertTrue(
            problems.stream().anyMatch(problem -> problem.startsWith(name + ":")),
            () -> each + ": " + problems);
      }
    }
  }

  @Test
  void aSerialHistoryIsAccepted() {
    assertEquals(
        List.of(),
        check(
            IsolationLevel.SERIALIZABLE,
            at(1).write(X, 11).write(Y, 12),
            at(2).read(X, 11).write(X, 21),
            at(3).readByPredicate(X, 21).readByPredicate(Y, 12).write(X, History.ABSENT),
            at(4).snapshot(3).read(X, History.ABSENT).write(X, 41)));
  }

  @Test
  void whatWasTakenBackMustNotBeRead() {
    Transaction rolledBack = new Transaction("A").write(X, 11);
    assertFirstRefused(IsolationLevel.READ_COMMITTED, "G1a", rolledBack, at(2).read(X, 11));
  }

  @Test
  void whatASavepointTookBackMustNotBeRead() {
    Transaction writer = at(1).write(X, 11).write(X, 12).unwrite(X, 11L);
    assertFirstRefused(IsolationLevel.READ_COMMITTED, "G1b", writer, at(2).read(X, 12));
    assertEquals(
        List.of(),
        check(
            IsolationLevel.SERIALIZABLE,
            at(1).write(X, 21).write(X, 22).unwrite(X, 21L),
            at(2).read(X, 21)));
  }

  @Test
  void whatWasWrittenOverMustNotBeRead() {
    assertFirstRefused(
        IsolationLevel.READ_COMMITTED, "G1b", at(1).write(X, 11).write(X, 12), at(2).read(X, 11));
  }

  @Test
  void informationMustNotFlowInACircle() {
    assertFirstRefused(
        IsolationLevel.READ_COMMITTED,
        "G1c",
        at(1).write(X, 11).read(Y, 21),
        at(2).write(Y, 21).read(X, 11));
  }

  @Test
  void aReadOfTheFutureIsACircle() {
    assertFirstRefused(
        IsolationLevel.READ_COMMITTED,
        "G1c",
        at(1).write(X, 11).read(Y, 31),
        at(2).write(X, 21),
        at(3).read(X, 21).write(Y, 31));
  }

  @Test
  void updatesMustNotBeLost() {
    assertFirstRefused(
        IsolationLevel.REPEATABLE_READ,
        "lost update",
        at(1).write(X, 11),
        at(2).read(X, 11).write(X, 21),
        at(3).read(X, 11).write(X, 31));
  }

  @Test
  void readsMustNotBeSkewed() {
    assertFirstRefused(
        IsolationLevel.REPEATABLE_READ,
        "G-single",
        at(1).write(X, 11).write(Y, 12),
        at(2).write(X, 21).write(Y, 22),
        at(3).read(X, 11).read(Y, 22));
  }

  @Test
  void aLongForkIsNotSnapshotIsolation() {
    assertFirstRefused(
        IsolationLevel.REPEATABLE_READ,
        "G2-item",
        at(1).write(X, 11).write(Y, 12),
        at(2).write(X, 21),
        at(3).write(Y, 31),
        at(4).read(X, 21).read(Y, 12),
        at(5).read(X, 11).read(Y, 31));
  }

  @Test
  void writeSkewIsAllowedToSnapshotIsolationOnly() {
    assertFirstRefused(
        IsolationLevel.SERIALIZABLE,
        "G2-item",
        at(1).write(X, 11).write(Y, 12),
        at(2).read(X, 11).read(Y, 12).write(X, 21),
        at(3).read(X, 11).read(Y, 12).write(Y, 31));
  }

  @Test
  void phantomsAreAllowedToSnapshotIsolationOnly() {
    assertFirstRefused(
        IsolationLevel.SERIALIZABLE,
        "G2",
        at(1).snapshot(0).readByPredicate(Y, History.ABSENT).write(X, 11),
        at(2).snapshot(0).readByPredicate(X, History.ABSENT).write(Y, 21));
  }

  @Test
  void theReadOnlyAnomalyIsFound() {
    assertFirstRefused(
        IsolationLevel.SERIALIZABLE,
        "G2-item",
        at(1).write(X, 11).write(Y, 12),
        at(2).read(Y, 12).write(Y, 21),
        at(3).read(X, 11).read(Y, 21),
        at(4).read(X, 11).read(Y, 12).write(X, 41));
  }

  @Test
  void aSnapshotHoldsTheNewestVersions() {
    assertFirstRefused(
        IsolationLevel.REPEATABLE_READ,
        "snapshot",
        at(1).write(X, 11),
        at(2).write(X, 21),
        at(3).snapshot(2).read(X, 11));
    assertFirstRefused(
        IsolationLevel.REPEATABLE_READ,
        "snapshot",
        at(1).write(X, 11),
        at(2).snapshot(1).read(X, History.ABSENT));
  }

  @Test
  void whatNobodyWroteIsGarbage() {
    assertFirstRefused(IsolationLevel.READ_UNCOMMITTED, "garbage", at(1).read(X, 99));
    assertFirstRefused(
        IsolationLevel.READ_UNCOMMITTED, "garbage", at(1).write(X, 11), at(2).read(Y, 11));
  }

  @Test
  void theEndIsWhatWasWrittenLast() {
    HistoryChecker checker =
        new HistoryChecker(of(at(1).write(X, 11).write(Y, 12), at(2).write(Y, History.ABSENT)));
    assertEquals(List.of(), checker.checkEnd(Map.of(X, 11L)));
    assertEquals(1, checker.checkEnd(Map.of(X, 11L, Y, 12L)).size());
    assertEquals(1, checker.checkEnd(Map.of()).size());
    assertEquals(1, checker.checkEnd(Map.of(X, 11L, 7, 5L)).size());
  }
}
