// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.IsolationLevel;
import dev.varve.testkit.Seed;
import dev.varve.testkit.history.HistoryRunner;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Random concurrent histories, judged by their dependency graph. */
public abstract class HistoryContract extends StoreContract {
  private static final int AT_ONCE = 20_000;
  private static final int THREADS = 4;

  /** For subclasses. */
  protected HistoryContract() {}

  /** How many transactions to run at each level in the default build. */
  protected int transactions() {
    return 30_000;
  }

  @TestFactory
  Stream<DynamicTest> randomHistoriesShowNothingThatTheirLevelRulesOut() {
    return Arrays.stream(IsolationLevel.values())
        .map(level -> DynamicTest.dynamicTest(level.name(), () -> run(level, transactions())));
  }

  @Test
  @Tag("slow")
  void aMillionSerializableTransactionsAreSerializable() throws Exception {
    run(IsolationLevel.SERIALIZABLE, 1_000_000);
    run(IsolationLevel.REPEATABLE_READ, 1_000_000);
  }

  private void run(IsolationLevel level, int transactions) {
    Seed.run(
        (seed, random) -> {
          for (int left = transactions; left > 0; left -= AT_ONCE) {
            int now = Math.min(left, AT_ONCE);
            HistoryRunner runner = new HistoryRunner(store, level, store.allocateKeyspace());
            List<String> problems = runner.run(THREADS, now, seed + left);
            assertEquals(List.of(), problems.subList(0, Math.min(5, problems.size())));
            assertTrue(runner.committed() > now / 10, () -> "committed " + runner.committed());
          }
        });
  }
}
