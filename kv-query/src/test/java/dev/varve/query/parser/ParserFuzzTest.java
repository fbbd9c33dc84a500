// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.VarveException;
import dev.varve.testkit.Seed;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the text, the parser returns or throws a VarveException. */
class ParserFuzzTest {
  private static final List<String> STATEMENTS =
      List.of(
          "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 100) SELECT"
              + " sum(n) FILTER (WHERE n > 2) OVER (PARTITION BY n ORDER BY n ROWS BETWEEN 1 PRECEDING"
              + " AND CURRENT ROW) FROM t LEFT JOIN u USING (n) GROUP BY ROLLUP (n) HAVING count(*) > 1"
              + " ORDER BY 1 DESC NULLS LAST LIMIT 3 OFFSET 1 FOR UPDATE OF t SKIP LOCKED",
          "INSERT INTO a.t AS x (b, c) VALUES (DEFAULT, E'\\u0041' || $tag$ z $tag$), (1e3, -.5) ON"
              + " CONFLICT (b) WHERE c > 1 DO UPDATE SET (b, c) = (SELECT 1, 2) RETURNING *, x.b AS q",
          "UPDATE t SET a = CASE WHEN b IS NOT DISTINCT FROM 1 THEN NULL ELSE a::numeric(3,1) END FROM u"
              + " WHERE t.id = u.id AND t.x NOT BETWEEN SYMMETRIC 1 AND 2 OR a LIKE 'x%' ESCAPE '!'",
          "CREATE TABLE IF NOT EXISTS t (id BIGINT GENERATED ALWAYS AS IDENTITY (START 5), n VARCHAR(3) NOT"
              + " NULL DEFAULT 'x', CONSTRAINT c CHECK (n <> ''), FOREIGN KEY (id) REFERENCES u (id) MATCH"
              + " FULL ON DELETE SET NULL (id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED)",
          "ALTER TABLE t ADD COLUMN IF NOT EXISTS z TIMESTAMP(3) WITH TIME ZONE, DROP CONSTRAINT c CASCADE,"
              + " ALTER a SET DATA TYPE INT USING a::int, ALTER b DROP NOT NULL",
          "SELECT EXTRACT(year FROM x), SUBSTRING(a FROM 1 FOR 2), TRIM(BOTH 'x' FROM y), INTERVAL '1' DAY TO"
              + " SECOND(3), (a, b) OVERLAPS (c, d), x = ANY (ARRAY[1,2]), $1 FROM f(1) WITH ORDINALITY");

  private static final List<String> WORDS =
      List.of(
          "SELECT",
          "FROM",
          "(",
          ")",
          ",",
          "'",
          "\"",
          "$$",
          "/*",
          "--",
          "::",
          "[",
          "]",
          "WITH",
          "AS",
          "ON",
          "JOIN",
          "VALUES",
          "CASE",
          "END",
          "NOT",
          "1",
          "1e",
          "?",
          "$1",
          ".",
          "*",
          ";",
          "\u0000",
          "\u00e9",
          "U&'",
          "E'\\",
          "BETWEEN",
          "AND",
          "INTERVAL",
          "OVER",
          "NULL",
          "=",
          "<>",
          "|/",
          "x",
          "\ud83d\ude00");

  private static void parse(String sql) {
    try {
      assertTrue(Parser.parse(sql).size() >= 0);
    } catch (VarveException e) {
      assertTrue(e.position() >= 0 && e.position() <= sql.length() + 1, sql);
    }
  }

  private static String mutated(RandomGenerator random) {
    StringBuilder sql = new StringBuilder(STATEMENTS.get(random.nextInt(STATEMENTS.size())));
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes && !sql.isEmpty(); i++) {
      int at = random.nextInt(sql.length());
      int end = Math.min(sql.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> sql.delete(at, end);
        case 1 -> sql.insert(at, " " + WORDS.get(random.nextInt(WORDS.size())) + " ");
        case 2 -> sql.insert(at, sql.substring(at, end));
        default -> sql.setCharAt(at, (char) random.nextInt(0x180));
      }
    }
    return sql.toString();
  }

  private static String random(RandomGenerator random) {
    StringBuilder sql = new StringBuilder();
    int length = random.nextInt(60);
    for (int i = 0; i < length; i++) {
      if (random.nextBoolean()) {
        sql.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
      } else {
        sql.append((char) random.nextInt(random.nextInt(8) == 0 ? 0x10000 : 0x80));
      }
    }
    return sql.toString();
  }

  private static void run(int rounds) {
    Seed.run(
        (seed, random) -> {
          for (int i = 0; i < rounds; i++) {
            parse(mutated(random));
            parse(random(random));
          }
        });
  }

  @Test
  void anythingIsReadOrRefused() {
    run(10_000);
  }

  @Test
  @Tag("slow")
  void aMillionTextsAreReadOrRefused() {
    run(500_000);
  }
}
