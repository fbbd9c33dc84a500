// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.IsolationLevel;
import dev.varve.Result;
import dev.varve.Row;
import dev.varve.Session;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.core.store.ReferenceStore;
import dev.varve.core.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SqlSessionTest {
  private final ReferenceStore store = new ReferenceStore();
  private SqlEngine engine;
  private Session session;

  @BeforeEach
  void open() {
    engine = new SqlEngine(store, IsolationLevel.REPEATABLE_READ, 1 << 20);
    session = engine.session();
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
    store.close();
  }

  private static List<String> rows(Session in, String sql, Object... parameters) {
    List<String> lines = new ArrayList<>();
    try (Result result = in.run(sql, parameters)) {
      for (Row row : result.rows()) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
          line.append(i == 0 ? "" : "|").append(row.getString(i));
        }
        lines.add(line.toString());
      }
    }
    return lines;
  }

  private List<String> rows(String sql, Object... parameters) {
    return rows(session, sql, parameters);
  }

  private String state(String sql) {
    return assertThrows(VarveException.class, () -> session.execute(sql)).sqlState();
  }

  @Test
  void definitionsAreTransactional() {
    session.execute("BEGIN");
    session.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    session.execute("INSERT INTO t VALUES (1)");
    session.execute("SAVEPOINT s");
    session.execute("ALTER TABLE t ADD COLUMN v INT DEFAULT 7");
    assertEquals(List.of("1|7"), rows("SELECT * FROM t"));
    session.execute("ROLLBACK TO s");
    assertEquals(List.of("1"), rows("SELECT * FROM t"));
    session.execute("ROLLBACK");
    assertEquals("42P01", state("SELECT * FROM t"));
  }

  @Test
  void aFailedStatementLeavesNothingAndFailsTheBlock() {
    session.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    session.execute("BEGIN");
    session.execute("INSERT INTO t VALUES (1)");
    assertEquals("23505", state("INSERT INTO t VALUES (2), (3), (1)"));
    assertEquals(Session.Status.FAILED, session.status());
    assertEquals("25P02", state("SELECT 1"));
    session.execute("ROLLBACK");
    assertEquals("23505", state("INSERT INTO t VALUES (2), (3), (2)"));
    assertEquals(List.of("0"), rows("SELECT count(*) FROM t"));
  }

  @Test
  void foreignKeysActAsTheySay() {
    session.execute("CREATE TABLE p (id INT PRIMARY KEY, u INT UNIQUE)");
    session.execute("CREATE TABLE c1 (p INT REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE)");
    session.execute("CREATE TABLE c2 (p INT DEFAULT 1 REFERENCES p (u) ON DELETE SET DEFAULT)");
    session.execute("CREATE TABLE c3 (p INT REFERENCES p ON DELETE SET NULL)");
    session.execute("INSERT INTO p VALUES (1, 1), (2, 2), (3, 3)");
    session.execute("INSERT INTO c1 VALUES (2), (3)");
    session.execute("INSERT INTO c2 VALUES (2)");
    session.execute("INSERT INTO c3 VALUES (2), (NULL)");
    assertEquals("23503", state("INSERT INTO c1 VALUES (9)"));
    session.execute("DELETE FROM p WHERE id = 2");
    assertEquals(List.of("3"), rows("SELECT * FROM c1"));
    assertEquals(List.of("1"), rows("SELECT * FROM c2"));
    assertEquals(List.of("null", "null"), rows("SELECT * FROM c3"));
    session.execute("UPDATE p SET id = 30 WHERE id = 3");
    assertEquals(List.of("30"), rows("SELECT * FROM c1"));
    assertEquals("23503", state("UPDATE p SET u = 10 WHERE u = 1"));
    session.execute(
        "CREATE TABLE tree (id INT PRIMARY KEY, up INT REFERENCES tree ON DELETE CASCADE)");
    session.execute("INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2), (4, 3)");
    session.execute("DELETE FROM tree WHERE id = 2");
    assertEquals(List.of("1"), rows("SELECT id FROM tree"));
  }

  @Test
  void conflictsAreSkippedOrMerged() {
    session.execute("CREATE TABLE t (k TEXT PRIMARY KEY, n INT, CHECK (n < 100))");
    String upsert =
        "INSERT INTO t VALUES (?, 1) ON CONFLICT (k) DO UPDATE SET n = t.n + excluded.n RETURNING n";
    assertEquals(List.of("1"), rows(upsert, "a"));
    assertEquals(List.of("2"), rows(upsert, "a"));
    assertEquals(0, session.execute("INSERT INTO t VALUES ('a', 5) ON CONFLICT DO NOTHING"));
    assertEquals(
        "21000",
        state("INSERT INTO t VALUES ('b', 1), ('b', 2) ON CONFLICT (k) DO UPDATE SET n = 3"));
    assertEquals("23514", state("UPDATE t SET n = n + 100"));
    assertEquals("42P10", state("INSERT INTO t VALUES ('b', 1) ON CONFLICT (n) DO NOTHING"));
  }

  @Test
  void alteredTablesKeepTheirRows() {
    session.execute("CREATE TABLE t (a INT PRIMARY KEY, b TEXT, c INT NOT NULL, UNIQUE (b))");
    session.execute("CREATE INDEX by_c ON t (c DESC)");
    session.execute("INSERT INTO t VALUES (1, 'x', 10), (2, 'y', 20)");
    session.execute("ALTER TABLE t ADD COLUMN d NUMERIC DEFAULT 1.5, DROP COLUMN b");
    assertEquals(List.of("1|10|1.5", "2|20|1.5"), rows("SELECT * FROM t ORDER BY a"));
    session.execute("ALTER TABLE t ALTER COLUMN c TYPE TEXT USING 'n' || c");
    assertEquals(List.of("2"), rows("SELECT a FROM t WHERE c = 'n20'"));
    session.execute("ALTER TABLE t DROP CONSTRAINT t_pkey");
    session.execute("INSERT INTO t VALUES (1, 'n1')");
    assertEquals("23505", state("ALTER TABLE t ADD PRIMARY KEY (a)"));
    session.execute("ALTER TABLE t RENAME COLUMN a TO id");
    assertEquals(List.of("1", "1", "2"), rows("SELECT id FROM t ORDER BY id"));
    assertEquals("23502", state("INSERT INTO t (id) VALUES (5)"));
  }

  @Test
  void definitionsAndSequencesOutliveTheEngine() {
    session.execute("CREATE TABLE t (id SERIAL PRIMARY KEY, v TEXT)");
    session.execute("CREATE VIEW w AS SELECT v FROM t WHERE id > 1");
    session.execute("INSERT INTO t (v) VALUES ('a'), ('b')");
    session.close();
    engine.close();
    engine = new SqlEngine(store, IsolationLevel.REPEATABLE_READ, 1 << 20);
    session = engine.session();
    assertEquals(List.of("b"), rows("SELECT * FROM w"));
    assertEquals(List.of("3"), rows("INSERT INTO t (v) VALUES ('c') RETURNING id"));
  }

  @Test
  void aChangedCatalogMakesNewPlans() {
    session.execute("CREATE TABLE t (a INT)");
    session.execute("INSERT INTO t VALUES (1)");
    assertEquals(List.of("1"), rows("SELECT * FROM t"));
    try (Session other = engine.session()) {
      other.execute("ALTER TABLE t ADD COLUMN b INT DEFAULT 2");
    }
    assertEquals(List.of("1|2"), rows("SELECT * FROM t"));
  }

  @Test
  void readCommittedGoesOnWithTheRowItWaitedFor() throws Exception {
    session.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
    session.execute("INSERT INTO t VALUES (1, 0)");
    session.execute("BEGIN ISOLATION LEVEL READ COMMITTED");
    session.execute("UPDATE t SET n = n + 1");
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Session other = engine.session()) {
      other.execute("BEGIN ISOLATION LEVEL READ COMMITTED");
      rows(other, "SELECT * FROM t");
      Future<Long> update =
          executor.submit(() -> other.execute("UPDATE t SET n = n + 10 WHERE n < 5"));
      session.execute("COMMIT");
      assertEquals(1, update.get(20, TimeUnit.SECONDS));
      other.execute("COMMIT");
    } finally {
      executor.shutdownNow();
    }
    assertEquals(List.of("11"), rows("SELECT n FROM t"));
  }

  @Test
  void joinedTransactionsMixBothWorlds() {
    session.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    StoreTransaction transaction = store.begin(TransactionOptions.defaults());
    try (SqlSession joined = engine.join(transaction)) {
      joined.execute("INSERT INTO t VALUES (1)");
      transaction.keyspace(0).put(new byte[] {1}, new byte[] {2});
      assertEquals(
          "23505",
          assertThrows(VarveException.class, () -> joined.execute("INSERT INTO t VALUES (1)"))
              .sqlState());
      joined.execute("INSERT INTO t VALUES (2)");
      joined.commit();
    }
    assertEquals(List.of("1", "2"), rows("SELECT id FROM t ORDER BY id"));
  }

  @Test
  void viewsCanBeWrittenThrough() {
    session.execute("CREATE TABLE t (id INT PRIMARY KEY, v INT, w INT DEFAULT 9)");
    session.execute(
        "CREATE VIEW small AS SELECT v AS value, id FROM t WHERE v < 10 WITH CHECK OPTION");
    session.execute("INSERT INTO small VALUES (5, 1), (6, 2)");
    assertEquals("44000", state("INSERT INTO small VALUES (50, 3)"));
    assertEquals(
        List.of("7|2"), rows("UPDATE small SET value = value + 1 WHERE id = 2 RETURNING *"));
    session.execute("DELETE FROM small WHERE value = 5");
    assertEquals(List.of("2|7|9"), rows("SELECT * FROM t"));
    session.execute("CREATE VIEW grouped AS SELECT count(*) FROM t");
    assertEquals("55000", state("DELETE FROM grouped"));
  }

  @Test
  void statementsOfWithRunOnceAndReturnRows() {
    session.execute("CREATE TABLE t (id INT)");
    session.execute("CREATE TABLE log (id INT)");
    assertEquals(
        List.of("1|0", "2|0"),
        rows(
            "WITH new AS (INSERT INTO t VALUES (1), (2) RETURNING id) SELECT id, (SELECT count(*) FROM t)"
                + " FROM new ORDER BY id"));
    session.execute(
        "WITH gone AS (DELETE FROM t RETURNING id) INSERT INTO log SELECT id FROM gone");
    assertEquals(
        List.of("0|2"), rows("SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM log)"));
  }

  @Test
  void preparedStatementsHaveNames() {
    session.execute("PREPARE add AS SELECT $1::int + $2");
    assertEquals(List.of("5"), rows("EXECUTE add(2, 1 + 2)"));
    assertEquals("26000", state("EXECUTE nothing"));
    session.execute("DEALLOCATE add");
    session.execute("SET TIME ZONE 'Europe/Berlin'");
    assertEquals(List.of("Europe/Berlin"), rows("SHOW timezone"));
    assertEquals("42704", state("SET nonsense = 1"));
  }

  @Test
  void temporaryTablesGoWithTheirSession() {
    try (Session other = engine.session()) {
      other.execute("CREATE TEMP TABLE t (id INT)");
      other.execute("INSERT INTO t VALUES (1)");
      assertEquals(List.of("1"), rows(other, "SELECT * FROM t"));
      assertEquals("42P01", state("SELECT * FROM t"));
    }
    assertEquals(
        List.of("0"),
        rows(
            "SELECT count(*) FROM information_schema.tables WHERE table_type = 'LOCAL TEMPORARY'"));
  }
}
