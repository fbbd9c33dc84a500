// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.query.optimizer.OptimizerOptions;
import dev.varve.query.physical.PlannerOptions.Algorithm;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The 22 queries of TPC-H: the same answers whichever way they are planned, and soon. */
class TpchTest {
  private static final int QUERIES = 22;
  private static final long MOST_MILLIS = 10_000;

  @Test
  void plansDoNotChangeAnswers() {
    try (Sandbox db = new Sandbox()) {
      TpchData.load(db, 0.002);
      List<PlannerOptions> others =
          List.of(
              PlannerOptions.DEFAULT.without(Algorithm.INDEX_JOIN, Algorithm.TOP_N),
              PlannerOptions.DEFAULT.without(Algorithm.HASH_JOIN),
              new PlannerOptions(OptimizerOptions.DEFAULT.without("join_order"), Set.of()));
      for (int number = 1; number <= QUERIES; number++) {
        List<String> rows = db.query(TpchData.query(number));
        for (PlannerOptions options : others) {
          assertEquals(rows, db.query(options, TpchData.query(number)), "query " + number);
        }
      }
    }
  }

  @Test
  @Tag("slow")
  void eachQueryTakesSeconds() {
    try (Sandbox db = new Sandbox()) {
      TpchData.load(db, 0.1);
      long total = 0;
      StringBuilder report = new StringBuilder();
      for (int round = 0; round < 2; round++) {
        total = 0;
        for (int number = 1; number <= QUERIES; number++) {
          long begin = System.nanoTime();
          int rows = db.query(TpchData.query(number)).size();
          long millis = (System.nanoTime() - begin) / 1_000_000;
          total += millis;
          report.append(
              "round " + round + " q" + number + ": " + millis + " ms, " + rows + " rows\n");
          assertTrue(millis < MOST_MILLIS, "query " + number + " took " + millis + " ms");
        }
      }
      System.out.println(report + "all: " + total + " ms");
    }
  }
}
