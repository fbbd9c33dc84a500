// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Joins give the same rows when their inputs do not fit the work memory. */
class SpillTest {
  private static final long LITTLE_BYTES = 64 << 10;
  private static final long PLENTY_BYTES = 256 << 20;

  private Sandbox db;

  @BeforeEach
  void tables() {
    db =
        new Sandbox()
            .run(
                """
                CREATE TABLE l(k INTEGER, v TEXT);
                CREATE TABLE r(k INTEGER, w BIGINT);
                INSERT INTO l SELECT CASE WHEN i % 17 = 0 THEN NULL ELSE i % 9000 END, 'left ' || i FROM generate_series(1, 12000) g(i);
                INSERT INTO r SELECT CASE WHEN i % 23 = 0 THEN NULL ELSE i % 11000 + 2000 END, i FROM generate_series(1, 15000) g(i);
                """);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void agree(String sql) {
    List<String> plenty = run(PLENTY_BYTES, sql);
    List<String> little = run(LITTLE_BYTES, sql);
    assertTrue(plenty.size() > 100, sql);
    assertEquals(plenty, little, sql);
  }

  private List<String> run(long workMemoryBytes, String sql) {
    db.workMemoryBytes(workMemoryBytes);
    List<String> rows = new ArrayList<>(db.query(sql));
    Collections.sort(rows);
    return rows;
  }

  @Test
  void joinsOfEveryKindSpill() {
    for (String kind : List.of("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")) {
      agree("SELECT l.k, l.v, r.w FROM l " + kind + " r ON l.k = r.k");
    }
    agree("SELECT v FROM l WHERE EXISTS (SELECT 1 FROM r WHERE r.k = l.k AND r.w > 5)");
    agree("SELECT v FROM l WHERE NOT EXISTS (SELECT 1 FROM r WHERE r.k = l.k)");
    agree("SELECT v FROM l WHERE k NOT IN (SELECT k FROM r WHERE k IS NOT NULL)");
    agree("SELECT v, k IN (SELECT k FROM r) FROM l");
    agree("SELECT k FROM l INTERSECT SELECT k FROM r");
    agree("SELECT w FROM r EXCEPT SELECT k FROM l");
  }

  @Test
  void oneKeyForAllRowsSpills() {
    db.run("CREATE TABLE s(k INTEGER, w TEXT)");
    db.run("INSERT INTO s SELECT 7, 'same ' || i FROM generate_series(1, 4000) g(i)");
    agree("SELECT s.w, l.v FROM s JOIN l ON s.k = l.k WHERE l.k = 7 OR length(l.v) = 6");
  }
}
