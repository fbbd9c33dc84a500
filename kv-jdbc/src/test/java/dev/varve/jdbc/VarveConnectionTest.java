// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VarveConnectionTest {
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection("jdbc:varve:mem:");
    statement = connection.createStatement();
    statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, v NUMERIC(10,2))");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private long count() throws SQLException {
    try (Statement own = connection.createStatement();
        ResultSet rows = own.executeQuery("SELECT count(*) FROM t")) {
      assertTrue(rows.next());
      return rows.getLong(1);
    }
  }

  @Test
  void preparedStatementsBindAndRead() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?)")) {
      insert.setInt(1, 1);
      insert.setString(2, "one");
      insert.setBigDecimal(3, new BigDecimal("1.50"));
      assertEquals(1, insert.executeUpdate());
      insert.setInt(1, 2);
      insert.setNull(2, Types.VARCHAR);
      insert.setNull(3, Types.NUMERIC);
      assertEquals(1, insert.executeUpdate());
    }
    try (PreparedStatement query =
        connection.prepareStatement("SELECT id, name, v FROM t WHERE id >= ? ORDER BY id")) {
      assertEquals(3, query.getMetaData().getColumnCount());
      assertEquals(1, query.getParameterMetaData().getParameterCount());
      query.setInt(1, 1);
      ResultSet rows = query.executeQuery();
      assertTrue(rows.next());
      assertEquals(1, rows.getInt("id"));
      assertEquals("one", rows.getString("NAME"));
      assertEquals(new BigDecimal("1.50"), rows.getBigDecimal(3));
      assertTrue(rows.next());
      assertNull(rows.getString(2));
      assertTrue(rows.wasNull());
      assertEquals(0, rows.getInt(3));
      assertTrue(rows.wasNull());
      assertFalse(rows.next());
    }
  }

  @Test
  void nothingStaysOfWhatIsRolledBack() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT INTO t VALUES (1, 'a', 1)");
    Savepoint savepoint = connection.setSavepoint("here");
    statement.executeUpdate("INSERT INTO t VALUES (2, 'b', 2)");
    connection.rollback(savepoint);
    assertEquals(1, count());
    connection.rollback();
    assertEquals(0, count());
    statement.executeUpdate("INSERT INTO t VALUES (3, 'c', 3)");
    connection.commit();
    connection.setAutoCommit(true);
    assertEquals(1, count());
  }

  @Test
  void errorsCarryTheirSqlState() throws SQLException {
    statement.executeUpdate("INSERT INTO t VALUES (1, 'a', 1)");
    SQLException duplicate =
        assertThrows(
            SQLIntegrityConstraintViolationException.class,
            () -> statement.executeUpdate("INSERT INTO t VALUES (1, 'b', 2)"));
    assertEquals("23505", duplicate.getSQLState());
    SQLException syntax =
        assertThrows(SQLSyntaxErrorException.class, () -> statement.execute("SELCT 1"));
    assertEquals("42601", syntax.getSQLState());
    assertEquals(
        "02000",
        assertThrows(SQLException.class, () -> statement.executeQuery("DELETE FROM t WHERE id = 9"))
            .getSQLState());
  }

  @Test
  void aFailedTransactionDoesNotCommit() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT INTO t VALUES (1, 'a', 1)");
    assertThrows(SQLException.class, () -> statement.executeUpdate("INSERT INTO t VALUES ('x')"));
    assertEquals(
        "25P02",
        assertThrows(SQLException.class, () -> statement.executeQuery("SELECT 1")).getSQLState());
    assertEquals("25P02", assertThrows(SQLException.class, connection::commit).getSQLState());
    assertEquals(0, count());
  }

  @Test
  void generatedKeysAreReturned() throws SQLException {
    statement.execute("CREATE TABLE g (id SERIAL PRIMARY KEY, name TEXT)");
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO g (name) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, "a");
      assertEquals(1, insert.executeUpdate());
      ResultSet keys = insert.getGeneratedKeys();
      assertTrue(keys.next());
      assertEquals(1, keys.getInt(1));
      insert.setString(1, "b");
      insert.addBatch();
      insert.setString(1, "c");
      insert.addBatch();
      assertArrayEquals(new int[] {1, 1}, insert.executeBatch());
      keys = insert.getGeneratedKeys();
      assertTrue(keys.next());
      assertEquals(2, keys.getInt("id"));
      assertTrue(keys.next());
      assertEquals(3, keys.getInt("id"));
    }
  }

  @Test
  void aFailedBatchLeavesNothing() throws SQLException {
    statement.addBatch("INSERT INTO t VALUES (1, 'a', 1)");
    statement.addBatch("INSERT INTO t VALUES (1, 'b', 1)");
    assertThrows(BatchUpdateException.class, statement::executeBatch);
    assertEquals(0, count());
  }

  @Test
  void valuesOfAllTypesComeBack() throws SQLException {
    UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    statement.execute(
        "CREATE TABLE a (b BOOLEAN, s SMALLINT, l BIGINT, r REAL, d DOUBLE PRECISION, x BYTEA,"
            + " da DATE, ts TIMESTAMP, tz TIMESTAMPTZ, u UUID, c CHAR(3))");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO a VALUES (?,?,?,?,?,?,?,?,?,?,?)")) {
      insert.setBoolean(1, true);
      insert.setShort(2, (short) 7);
      insert.setLong(3, Long.MAX_VALUE);
      insert.setFloat(4, 1.5f);
      insert.setDouble(5, -2.25);
      insert.setBytes(6, new byte[] {1, 2});
      insert.setObject(7, LocalDate.of(2026, 11, 20));
      insert.setObject(8, LocalDateTime.of(2026, 11, 20, 9, 30));
      insert.setObject(9, OffsetDateTime.parse("2026-11-20T09:30:00+01:00"));
      insert.setObject(10, uuid);
      insert.setString(11, "ab");
      insert.executeUpdate();
    }
    ResultSet rows = statement.executeQuery("SELECT * FROM a");
    assertTrue(rows.next());
    assertTrue(rows.getBoolean("b"));
    assertEquals(7, rows.getShort("s"));
    assertEquals(Long.MAX_VALUE, rows.getLong("l"));
    assertThrows(SQLException.class, () -> rows.getInt("l"));
    assertEquals(1.5f, rows.getFloat("r"));
    assertEquals(-2.25, rows.getDouble("d"));
    assertArrayEquals(new byte[] {1, 2}, rows.getBytes("x"));
    assertEquals(LocalDate.of(2026, 11, 20), rows.getObject("da", LocalDate.class));
    assertEquals(java.sql.Date.valueOf("2026-11-20"), rows.getDate("da"));
    assertEquals(LocalDateTime.of(2026, 11, 20, 9, 30), rows.getObject("ts", LocalDateTime.class));
    assertEquals(
        OffsetDateTime.parse("2026-11-20T08:30:00Z").toInstant(),
        rows.getObject("tz", OffsetDateTime.class).toInstant());
    assertEquals(uuid, rows.getObject("u"));
    assertEquals("ab ", rows.getString("c"));
    assertEquals(
        Types.NUMERIC, statement.executeQuery("SELECT v FROM t").getMetaData().getColumnType(1));
  }

  @Test
  void scrollingResultsMoveBothWays() throws SQLException {
    try (Statement scroll =
        connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
      ResultSet rows = scroll.executeQuery("SELECT * FROM generate_series(1, 5)");
      assertTrue(rows.last());
      assertEquals(5, rows.getRow());
      assertTrue(rows.previous());
      assertEquals(4, rows.getInt(1));
      assertTrue(rows.absolute(-5));
      assertEquals(1, rows.getInt(1));
      assertFalse(rows.previous());
      assertTrue(rows.isBeforeFirst());
    }
  }

  @Test
  void openResultsSurviveOtherStatementsOfTheTransaction() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT INTO t SELECT i, 'n', i FROM generate_series(1, 5000) g(i)");
    try (Statement reader = connection.createStatement()) {
      ResultSet rows = reader.executeQuery("SELECT id FROM t ORDER BY id");
      int seen = 0;
      while (rows.next()) {
        seen++;
        assertEquals(seen, rows.getInt(1));
        if (seen % 1000 == 0) {
          statement.executeUpdate("DELETE FROM t WHERE id = " + (seen + 1));
          assertEquals(seen, rows.getInt(1));
        }
      }
      assertEquals(5000, seen);
    }
    connection.commit();
  }

  @Test
  void aQueryEndsWhenItsTimeIsOver() throws SQLException {
    statement.setQueryTimeout(1);
    assertThrows(
        SQLTimeoutException.class,
        () -> {
          ResultSet rows =
              statement.executeQuery(
                  "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b");
          rows.next();
        });
    statement.setQueryTimeout(0);
    assertEquals(0, count());
  }

  @Test
  void isolationLevelsAreReportedAsSet() throws SQLException {
    assertEquals(Connection.TRANSACTION_REPEATABLE_READ, connection.getTransactionIsolation());
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    assertEquals(Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
    connection.setReadOnly(true);
    assertEquals(
        "25006",
        assertThrows(SQLException.class, () -> statement.executeUpdate("INSERT INTO t VALUES (1)"))
            .getSQLState());
  }

  @Test
  void connectionsToOnePathShareADatabase(@TempDir Path directory) throws SQLException {
    String url = "jdbc:varve:" + directory.resolve("shop") + "?durability=none";
    try (Connection first = DriverManager.getConnection(url);
        Connection second = DriverManager.getConnection(url)) {
      first.createStatement().execute("CREATE TABLE s (id INT)");
      first.createStatement().execute("INSERT INTO s VALUES (1)");
      ResultSet rows = second.createStatement().executeQuery("SELECT * FROM s");
      assertTrue(rows.next());
    }
    try (Connection again = DriverManager.getConnection(url)) {
      ResultSet rows = again.createStatement().executeQuery("SELECT count(*) FROM s");
      assertTrue(rows.next());
      assertEquals(1, rows.getInt(1));
    }
  }
}
