// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.query.optimizer.Optimizer;
import dev.varve.query.optimizer.OptimizerOptions;
import dev.varve.query.physical.PlannerOptions.Algorithm;
import dev.varve.testkit.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever passes and algorithms a planner may use, a query has one answer. */
class PathsAgreeTest {
  private static final int QUERIES = 150;

  private RandomGenerator random = Seed.random(0);
  private Sandbox db = new Sandbox();
  private final Map<String, PlannerOptions> planners = new LinkedHashMap<>();

  private void withTables(Runnable body) {
    Seed.run(
        (seed, generator) -> {
          random = generator;
          try (Sandbox sandbox = new Sandbox()) {
            db = sandbox;
            tables();
            body.run();
          }
        });
  }

  private void tables() {
    db.run("CREATE TABLE a(id INTEGER PRIMARY KEY, x INTEGER, y INTEGER, t TEXT)");
    db.run("CREATE TABLE b(x INTEGER, y INTEGER NOT NULL, z BIGINT, t VARCHAR(10))");
    db.run("CREATE TABLE c(k1 INTEGER, k2 INTEGER, v INTEGER, PRIMARY KEY (k1, k2))");
    insert("a", 60, i -> i + "," + small() + "," + small() + "," + text());
    insert("b", 80, i -> small() + "," + random.nextInt(6) + "," + small() + "," + text());
    insert("c", 36, i -> i / 6 + "," + i % 6 + "," + small());
    db.run("CREATE INDEX a_x ON a(x)");
    db.run("CREATE INDEX a_yx ON a(y DESC, x)");
    db.run("CREATE INDEX b_x ON b(x); CREATE INDEX b_y ON b USING HASH (y)");
    db.run("CREATE INDEX b_z ON b(z, x); CREATE INDEX b_t ON b(t)");
    planners.put("everything", PlannerOptions.DEFAULT);
    for (String pass : Optimizer.passes()) {
      planners.put(
          "without " + pass, new PlannerOptions(OptimizerOptions.DEFAULT.without(pass), Set.of()));
    }
    planners.put(
        "without passes",
        new PlannerOptions(new OptimizerOptions(Set.copyOf(Optimizer.passes())), Set.of()));
    for (Algorithm algorithm : Algorithm.values()) {
      planners.put("without " + algorithm, PlannerOptions.DEFAULT.without(algorithm));
    }
    planners.put("plain", PlannerOptions.DEFAULT.without(Algorithm.values()));
    planners.put(
        "index joins only",
        PlannerOptions.DEFAULT.without(Algorithm.HASH_JOIN, Algorithm.BITMAP_SCAN));
  }

  private interface Values {
    String of(int row);
  }

  private void insert(String table, int rows, Values values) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add("(" + values.of(i) + ")");
    }
    db.run("INSERT INTO " + table + " VALUES " + String.join(",", all));
  }

  private String small() {
    return random.nextInt(6) == 0 ? "NULL" : "" + random.nextInt(7);
  }

  private String text() {
    return random.nextInt(6) == 0 ? "NULL" : "'" + (char) ('a' + random.nextInt(4)) + "'";
  }

  private void agree(String sql) {
    Map<String, List<String>> answers = new LinkedHashMap<>();
    planners.forEach(
        (name, options) -> {
          List<String> rows = new ArrayList<>();
          try {
            rows.addAll(db.query(options, sql));
          } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(name + " fails: " + sql, e);
          }
          if (!sql.contains("ORDER BY")) {
            Collections.sort(rows);
          }
          answers.put(name, rows);
        });
    List<String> expected = answers.get("plain");
    answers.forEach((name, rows) -> assertEquals(expected, rows, name + ": " + sql));
  }

  @Test
  void everyAccessPathGivesTheSameRows() {
    withTables(this::everyAccessPathGivesTheSameRowsOnce);
  }

  private void everyAccessPathGivesTheSameRowsOnce() {
    for (int i = 0; i < QUERIES; i++) {
      String table = one("a", "b", "c");
      agree("SELECT * FROM " + table + " WHERE " + condition(table, 2));
    }
  }

  @Test
  void everyJoinGivesTheSameRows() {
    withTables(this::everyJoinGivesTheSameRowsOnce);
  }

  private void everyJoinGivesTheSameRowsOnce() {
    for (int i = 0; i < QUERIES / 2; i++) {
      String kind = one("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");
      agree(
          "SELECT a.id, a.x, b.y, b.z FROM a "
              + kind
              + " b ON "
              + one("a.x = b.x", "a.id = b.y", "a.y = b.z", "a.t = b.t", "a.x = b.x AND a.y < b.y")
              + " WHERE "
              + one("true", condition("a", 1), condition("b", 1)));
    }
    for (int i = 0; i < QUERIES / 4; i++) {
      agree(
          "SELECT a.id, c.v, b.t FROM a, b, c WHERE a.x = c.k1 AND b.y = c.k2 AND "
              + one("a.y = b.y", "a.id = b.z", condition("a", 1)));
    }
  }

  @Test
  void everySubqueryGivesTheSameRows() {
    withTables(this::everySubqueryGivesTheSameRowsOnce);
  }

  private void everySubqueryGivesTheSameRowsOnce() {
    for (int i = 0; i < QUERIES / 2; i++) {
      String inner =
          "FROM b WHERE " + one("b.x = a.x", "b.y = a.id", "b.z = a.y AND b.x > 1", "b.y < a.y");
      agree(
          "SELECT a.id FROM a WHERE "
              + one("", "NOT ")
              + one(
                  "EXISTS (SELECT 1 " + inner + ")",
                  "a.y IN (SELECT b.y " + inner + ")",
                  "a.x IN (SELECT x FROM b WHERE " + condition("b", 1) + ")",
                  "a.y = ANY (SELECT z " + inner + ")",
                  "a.y > ALL (SELECT y " + inner + ")",
                  "a.x = (SELECT max(b.x) " + inner + ")",
                  "2 < (SELECT count(*) " + inner + ")",
                  "(EXISTS (SELECT 1 " + inner + ") OR a.x = 3)"));
      agree("SELECT a.id, (SELECT count(*) + sum(b.x) " + inner + ") FROM a");
      agree(
          "SELECT a.id, s.n FROM a LEFT JOIN LATERAL (SELECT min(b.t) AS n "
              + inner
              + ") s ON true");
    }
  }

  @Test
  void ordersAndLimitsGiveTheSameRows() {
    withTables(this::ordersAndLimitsGiveTheSameRowsOnce);
  }

  private void ordersAndLimitsGiveTheSameRowsOnce() {
    for (int i = 0; i < QUERIES / 2; i++) {
      String order = one("x", "y DESC", "y DESC, x", "x NULLS FIRST", "id DESC", "t, x DESC");
      agree(
          "SELECT * FROM a WHERE "
              + condition("a", 1)
              + " ORDER BY "
              + order
              + ", id LIMIT "
              + random.nextInt(12)
              + " OFFSET "
              + random.nextInt(4));
    }
  }

  @Test
  void groupsAndSetsGiveTheSameRows() {
    withTables(this::groupsAndSetsGiveTheSameRowsOnce);
  }

  private void groupsAndSetsGiveTheSameRowsOnce() {
    for (int i = 0; i < QUERIES / 5; i++) {
      agree(
          "SELECT x, count(*), sum(y) FROM a WHERE "
              + condition("a", 1)
              + " GROUP BY x HAVING x > 1 OR x IS NULL");
      String operator = one("UNION", "UNION ALL", "INTERSECT", "EXCEPT");
      agree("SELECT s.x FROM (SELECT x FROM a " + operator + " SELECT x FROM b) s WHERE s.x < 4");
      agree(
          "WITH w AS (SELECT x, y FROM b WHERE "
              + condition("b", 1)
              + ") SELECT * FROM w WHERE x = 2");
    }
  }

  /** P, NOT P and P IS NULL split the rows: no row is lost or seen twice. */
  @Test
  void threeValuedLogicPartitionsTheRows() {
    withTables(this::threeValuedLogicPartitionsTheRowsOnce);
  }

  private void threeValuedLogicPartitionsTheRowsOnce() {
    for (int i = 0; i < QUERIES; i++) {
      String table = one("a", "b");
      String p = condition(table, 3);
      String columns = table.equals("a") ? "id, x, y, t" : "x, y, z, t";
      List<String> all = new ArrayList<>(db.query("SELECT " + columns + " FROM " + table));
      List<String> parts = new ArrayList<>();
      for (String part : List.of("(" + p + ")", "NOT (" + p + ")", "(" + p + ") IS NULL")) {
        parts.addAll(db.query("SELECT " + columns + " FROM " + table + " WHERE " + part));
      }
      Collections.sort(all);
      Collections.sort(parts);
      assertEquals(all, parts, p);
    }
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String condition(String table, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      String left = condition(table, depth - 1);
      String right = condition(table, depth - 1);
      return one(
          "(" + left + " AND " + right + ")",
          "(" + left + " OR " + right + ")",
          "NOT (" + left + ")");
    }
    String column =
        switch (table) {
          case "a" -> one("id", "x", "y");
          case "b" -> one("x", "y", "z");
          default -> one("k1", "k2", "v");
        };
    String qualified = table + "." + column;
    int value = random.nextInt(8);
    if (!table.equals("c") && random.nextInt(5) == 0) {
      return table + ".t " + one("= 'b'", "> 'a'", "LIKE 'c%'", "IN ('a', 'd')", "IS NULL");
    }
    return one(
        qualified + " = " + value,
        qualified + " > " + value,
        qualified + " <= " + value,
        qualified + " <> " + value,
        qualified + " BETWEEN " + value + " AND " + (value + 2),
        qualified + " IN (" + value + ", 1, 3)",
        qualified + " NOT IN (" + value + ", 2)",
        qualified + " IS NULL",
        qualified + " IS NOT NULL",
        qualified + " + 1 = " + value,
        qualified + " = 1 + 2",
        qualified + " IN (1, NULL)",
        qualified + " IS DISTINCT FROM " + value);
  }
}
