// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import static dev.varve.query.physical.PlanPattern.aggregate;
import static dev.varve.query.physical.PlanPattern.anything;
import static dev.varve.query.physical.PlanPattern.filter;
import static dev.varve.query.physical.PlanPattern.join;
import static dev.varve.query.physical.PlanPattern.limit;
import static dev.varve.query.physical.PlanPattern.scan;
import static dev.varve.query.physical.PlanPattern.sort;
import static dev.varve.query.physical.PlanPattern.union;
import static dev.varve.query.physical.PlanPattern.values;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.query.optimizer.OptimizerOptions;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What each pass makes of plans, and that switching it off leaves them as they are. */
class OptimizerTest {
  private static final long MOST_PLAN_MILLIS = 5_000;

  private static Sandbox db;

  @BeforeAll
  static void tables() {
    db =
        new Sandbox()
            .run(
                """
                CREATE TABLE a(id INTEGER PRIMARY KEY, x INTEGER, y INTEGER NOT NULL);
                CREATE TABLE b(x INTEGER, y INTEGER NOT NULL, z INTEGER);
                CREATE TABLE c(x INTEGER, y INTEGER);
                INSERT INTO a SELECT i, i % 10, i % 7 FROM generate_series(1, 500) g(i);
                INSERT INTO b SELECT i % 10, i, i % 3 FROM generate_series(1, 100) g(i);
                INSERT INTO c SELECT i, i FROM generate_series(1, 5) g(i);
                """);
  }

  @AfterAll
  static void close() {
    db.close();
  }

  private static Subject on(String sql) {
    return new Subject(sql);
  }

  private record Subject(String sql) {
    /** The optimized plan has a shape. */
    Subject becomes(PlanPattern pattern) {
      LogicalPlan plan = db.optimized(sql, OptimizerOptions.DEFAULT);
      assertTrue(PlanPattern.matches(pattern, plan), sql + "\n" + plan);
      return this;
    }

    /** Without the pass the plan has not that shape. */
    Subject notWithout(String pass, PlanPattern pattern) {
      LogicalPlan plan = db.optimized(sql, OptimizerOptions.DEFAULT.without(pass));
      assertFalse(PlanPattern.matches(pattern, plan), sql + "\n" + plan);
      return this;
    }
  }

  @Test
  void constantsAreFolded() {
    on("SELECT * FROM a WHERE 1 = 2").becomes(values(0));
    on("SELECT * FROM a WHERE 1 + 1 = 2").becomes(scan("a"));
    on("SELECT * FROM a WHERE x > NULL").becomes(values(0));
    on("SELECT * FROM a WHERE (x = 1 AND y = 2) OR (x = 1 AND y = 3)")
        .becomes(filter(2, scan("a")))
        .notWithout("constant_folding", filter(2, scan("a")));
    on("SELECT * FROM a WHERE NOT (x <> 1 OR y IS NULL)").becomes(filter(2, scan("a")));
  }

  @Test
  void predicatesMoveDown() {
    PlanPattern both = join(JoinKind.INNER, filter(scan("a")), filter(scan("b")));
    on("SELECT * FROM a, b WHERE a.id = b.y AND a.x = 1 AND b.z = 2")
        .becomes(both)
        .notWithout("predicate_pushdown", both);
    on("SELECT * FROM (SELECT x + 1 AS p FROM a) s WHERE p = 3").becomes(filter(scan("a")));
    on("SELECT * FROM (SELECT x FROM a UNION ALL SELECT x FROM b) s WHERE x = 3")
        .becomes(union(filter(scan("a")), filter(scan("b"))));
    on("SELECT x, count(*) FROM a GROUP BY x HAVING x = 3 AND count(*) > 1")
        .becomes(filter(1, aggregate(filter(1, scan("a")))));
  }

  @Test
  void constantsSpreadOverEqualities() {
    on("SELECT * FROM a JOIN b ON a.x = b.x WHERE a.x = 5")
        .becomes(join(JoinKind.INNER, filter(scan("a")), filter(scan("b"))));
  }

  @Test
  void outerJoinsWhoseFilledRowsAreThrownAwayBecomeInner() {
    on("SELECT * FROM a LEFT JOIN b ON a.id = b.y WHERE b.z > 1")
        .becomes(join(JoinKind.INNER, scan("a"), filter(scan("b"))));
    on("SELECT * FROM a LEFT JOIN b ON a.id = b.y WHERE b.z IS NULL")
        .becomes(filter(join(JoinKind.LEFT, scan("a"), scan("b"))));
    on("SELECT * FROM a FULL JOIN b ON a.id = b.y WHERE a.x = 1")
        .becomes(join(JoinKind.LEFT, filter(scan("a")), scan("b")));
  }

  @Test
  void subqueriesBecomeJoins() {
    PlanPattern semi = join(JoinKind.SEMI, scan("a"), scan("b"));
    on("SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x)")
        .becomes(semi)
        .notWithout("decorrelation", semi);
    on("SELECT id FROM a WHERE y IN (SELECT y FROM b)").becomes(semi);
    on("SELECT id FROM a WHERE y NOT IN (SELECT y FROM b)")
        .becomes(join(JoinKind.ANTI, scan("a"), scan("b")));
    on("SELECT id FROM a WHERE x NOT IN (SELECT x FROM b)")
        .becomes(filter(join(JoinKind.MARK, scan("a"), scan("b"))));
    on("SELECT id FROM a WHERE y > (SELECT 0.5 * sum(z) FROM b WHERE b.x = a.x AND b.y = a.y)")
        .becomes(join(JoinKind.INNER, scan("a"), aggregate(scan("b"))));
    on("SELECT id, (SELECT max(z) FROM b WHERE b.x = a.x) FROM a")
        .becomes(join(JoinKind.LEFT, scan("a"), aggregate(scan("b"))));
  }

  @Test
  void commonTablesReadOnceAreComputedInPlace() {
    on("WITH w AS (SELECT x FROM a) SELECT * FROM w WHERE x = 1").becomes(filter(scan("a")));
    on("WITH w AS (SELECT x FROM a) SELECT 1").becomes(values(1));
  }

  @Test
  void columnsThatNobodyReadsAreNotRead() {
    on("SELECT s.x FROM (SELECT * FROM a) s")
        .becomes(scan("a", 1))
        .notWithout("projection_pruning", scan("a", 1));
    on("SELECT a.x FROM a LEFT JOIN (SELECT x, count(*) FROM b GROUP BY x) s ON a.x = s.x")
        .becomes(scan("a"));
  }

  @Test
  void joinsBeginWithWhatLeavesFewRows() {
    on("SELECT * FROM a, b, c WHERE a.x = b.x AND a.id = c.x")
        .becomes(join(JoinKind.INNER, join(JoinKind.INNER, scan("a"), scan("c")), scan("b")));
  }

  @Test
  void limitsReachTheInputsOfUnions() {
    on("SELECT x FROM a UNION ALL SELECT x FROM b LIMIT 3")
        .becomes(limit(union(limit(scan("a")), limit(scan("b")))));
    on("SELECT x FROM a ORDER BY y LIMIT 3").becomes(limit(sort(anything())));
  }

  @Test
  void joinsOfManyTablesArePlannedSoon() {
    for (int tables : new int[] {12, 30, 64}) {
      List<String> names = new ArrayList<>();
      List<String> conditions = new ArrayList<>();
      for (int i = 0; i < tables; i++) {
        names.add("c c" + i);
        if (i > 0) {
          conditions.add("c" + i + ".x = c" + (i / 2) + ".y");
        }
      }
      String sql =
          "SELECT count(*) FROM "
              + String.join(", ", names)
              + " WHERE "
              + String.join(" AND ", conditions);
      long begin = System.nanoTime();
      db.explain(sql);
      long millis = (System.nanoTime() - begin) / 1_000_000;
      assertTrue(millis < MOST_PLAN_MILLIS, tables + " tables took " + millis + " ms");
    }
  }
}
