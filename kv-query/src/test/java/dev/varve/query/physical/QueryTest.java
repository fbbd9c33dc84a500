// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.VarveException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryTest {
  private Sandbox db;

  @BeforeEach
  void tables() {
    db =
        new Sandbox()
            .run(
                """
                CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT, price NUMERIC(10,2), kind INTEGER);
                CREATE TABLE kind(kind INTEGER, title TEXT);
                CREATE TABLE nothing(a INTEGER, b TEXT);
                INSERT INTO item VALUES (1,'apple',0.50,1),(2,'pear',0.75,1),(3,'hammer',9.99,2),(4,'saw',12.00,2),(5,'ghost',NULL,NULL);
                INSERT INTO kind VALUES (1,'fruit'),(2,'tool'),(3,'book');
                """);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void check(String sql, String... rows) {
    assertEquals(List.of(rows), db.query(sql), sql);
  }

  private void fails(String sqlState, String sql) {
    VarveException error = assertThrows(VarveException.class, () -> db.query(sql), sql);
    assertEquals(sqlState, error.sqlState(), error.getMessage());
  }

  @Test
  void projectsFiltersAndSorts() {
    check("SELECT 1 + 1 AS two", "2");
    check("SELECT name FROM item WHERE price > 0.6 AND id < 4 ORDER BY id", "pear", "hammer");
    check("SELECT id FROM item ORDER BY price DESC, id", "5", "4", "3", "2", "1");
    check("SELECT id FROM item ORDER BY price NULLS FIRST LIMIT 2 OFFSET 1", "1", "2");
    check("SELECT * FROM kind ORDER BY 1 DESC LIMIT 1", "3|book");
    check("SELECT DISTINCT kind FROM item ORDER BY kind", "1", "2", "NULL");
    check(
        "SELECT DISTINCT ON (kind) kind, name FROM item ORDER BY kind, id DESC",
        "1|pear",
        "2|saw",
        "NULL|ghost");
    check("SELECT name FROM item WHERE id = 3", "hammer");
    check("SELECT a FROM nothing");
    check("VALUES (1, 'a'), (2, NULL)", "1|a", "2|NULL");
  }

  @Test
  void joinsOfEveryKind() {
    check(
        "SELECT name, title FROM item JOIN kind USING (kind) ORDER BY id",
        "apple|fruit",
        "pear|fruit",
        "hammer|tool",
        "saw|tool");
    check(
        "SELECT i.name, k.title FROM item i LEFT JOIN kind k ON i.kind = k.kind WHERE i.id > 3 ORDER BY 1",
        "ghost|NULL",
        "saw|tool");
    check(
        "SELECT i.name, k.title FROM item i RIGHT JOIN kind k ON i.kind = k.kind AND i.id < 3 ORDER BY 2, 1",
        "NULL|book",
        "apple|fruit",
        "pear|fruit",
        "NULL|tool");
    check(
        "SELECT i.id, k.kind FROM item i FULL JOIN kind k ON i.kind = k.kind ORDER BY 1, 2",
        "1|1",
        "2|1",
        "3|2",
        "4|2",
        "5|NULL",
        "NULL|3");
    check(
        "SELECT kind FROM item NATURAL FULL JOIN kind ORDER BY 1", "1", "1", "2", "2", "3", "NULL");
    check("SELECT count(*) FROM item, kind", "15");
    check(
        "SELECT a.id, b.id FROM item a JOIN item b ON a.id < b.id AND a.kind = b.kind ORDER BY 1",
        "1|2",
        "3|4");
    check(
        "SELECT k.title, t.name FROM kind k, LATERAL (SELECT name FROM item i WHERE i.kind = k.kind ORDER BY id DESC LIMIT 1) t ORDER BY 1",
        "fruit|pear",
        "tool|saw");
    check(
        "SELECT k.title, t.name FROM kind k LEFT JOIN LATERAL (SELECT name FROM item i WHERE i.kind = k.kind LIMIT 1) t ON true ORDER BY 1",
        "book|NULL",
        "fruit|apple",
        "tool|hammer");
  }

  @Test
  void groups() {
    check(
        "SELECT kind, count(*), sum(price), min(name) FROM item GROUP BY kind ORDER BY kind",
        "1|2|1.25|apple",
        "2|2|21.99|hammer",
        "NULL|1|NULL|ghost");
    check("SELECT count(*), count(price), sum(id) FROM item", "5|4|15");
    check("SELECT count(*), sum(a) FROM nothing", "0|NULL");
    check(
        "SELECT kind + 1, count(*) FROM item GROUP BY kind + 1 HAVING count(*) > 1 ORDER BY 1",
        "2|2",
        "3|2");
    check(
        "SELECT k.title, count(i.id) AS n FROM kind k LEFT JOIN item i USING (kind) GROUP BY k.title ORDER BY n DESC, title",
        "fruit|2",
        "tool|2",
        "book|0");
    check("SELECT id, name FROM item GROUP BY id ORDER BY id LIMIT 1", "1|apple");
    check("SELECT count(DISTINCT kind), count(*) FILTER (WHERE price > 1) FROM item", "2|2");
    fails("42803", "SELECT name, count(*) FROM item GROUP BY kind");
    fails("42803", "SELECT id FROM item WHERE count(*) > 1");
    fails("42703", "SELECT nme FROM item");
    fails("42P01", "SELECT 1 FROM itm");
    fails("42702", "SELECT kind FROM item, kind");
  }

  @Test
  void subqueries() {
    check("SELECT name FROM item WHERE price = (SELECT max(price) FROM item)", "saw");
    check(
        "SELECT name FROM item WHERE kind IN (SELECT kind FROM kind WHERE title = 'tool') ORDER BY id",
        "hammer",
        "saw");
    check(
        "SELECT title FROM kind k WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.kind = k.kind)",
        "book");
    check("SELECT title FROM kind WHERE kind NOT IN (SELECT kind FROM item)");
    check(
        "SELECT title FROM kind WHERE kind NOT IN (SELECT kind FROM item WHERE kind IS NOT NULL)",
        "book");
    check(
        "SELECT title, (SELECT count(*) FROM item i WHERE i.kind = k.kind) FROM kind k ORDER BY 1",
        "book|0",
        "fruit|2",
        "tool|2");
    check(
        "SELECT name FROM item WHERE price > ALL (SELECT price FROM item WHERE kind = 1) ORDER BY id",
        "hammer",
        "saw");
    check("SELECT name FROM item WHERE (id, kind) = (SELECT 3, 2)", "hammer");
    check(
        "SELECT name FROM item i WHERE price > (SELECT avg(price) FROM item j WHERE j.kind = i.kind) ORDER BY id",
        "pear",
        "saw");
    check(
        "SELECT title FROM kind k WHERE EXISTS (SELECT 1 FROM item WHERE kind = k.kind) OR title LIKE 'b%' ORDER BY 1",
        "book", "fruit", "tool");
    check(
        "SELECT (SELECT sum(i.price) FROM kind WHERE kind = 1) FROM item i WHERE i.kind = 1",
        "1.25");
    fails("21000", "SELECT (SELECT id FROM item)");
    fails("42601", "SELECT (SELECT 1, 2)");
  }

  @Test
  void setOperationsAndCommonTables() {
    check("SELECT kind FROM item UNION SELECT kind FROM kind ORDER BY 1", "1", "2", "3", "NULL");
    check("SELECT kind FROM item INTERSECT SELECT kind FROM kind ORDER BY 1", "1", "2");
    check("SELECT kind FROM item EXCEPT SELECT kind FROM kind", "NULL");
    check("SELECT 1 UNION ALL SELECT '2' ORDER BY 1", "1", "2");
    check(
        "WITH t AS (SELECT kind, count(*) AS n FROM item GROUP BY kind) SELECT a.n + b.n FROM t a JOIN t b ON a.kind = b.kind ORDER BY 1",
        "4",
        "4");
    check(
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n",
        "15");
    check(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT (i + 1) % 3 FROM n) SELECT i FROM n ORDER BY 1",
        "0", "1", "2");
    check("SELECT * FROM generate_series(1, 10, 3)", "1", "4", "7", "10");
    check(
        "SELECT x, generate_series(1, x) FROM (VALUES (1), (2)) v(x) ORDER BY 1, 2",
        "1|1",
        "2|1",
        "2|2");
    check("SELECT table_name FROM information_schema.tables ORDER BY 1", "item", "kind", "nothing");
  }

  @Test
  void parametersAreReadAtExecution() {
    assertEquals(List.of("pear"), db.query("SELECT name FROM item WHERE id = $1", 2));
    assertEquals(
        List.of("2|7"),
        db.query(
            "SELECT id, $2::int FROM item WHERE id = $1 AND EXISTS (SELECT 1 FROM kind WHERE kind.kind = item.kind)",
            2,
            7));
  }
}
