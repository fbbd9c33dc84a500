// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.sql;

import dev.varve.bench.JavaProcess;
import dev.varve.bench.report.Measurement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * The child process: one engine, all SQL workloads on one set of tables. Arguments: engine,
 * directory, rows, seconds, pattern of workloads.
 */
public final class SqlChild {
  private static final int BATCH = 1_000;

  private final String engine;
  private final Connection connection;
  private final int rows;
  private final double seconds;
  private final Pattern wanted;
  private final SplittableRandom random = new SplittableRandom(7);

  private SqlChild(String engine, Connection connection, int rows, double seconds, Pattern wanted) {
    this.engine = engine;
    this.connection = connection;
    this.rows = rows;
    this.seconds = seconds;
    this.wanted = wanted;
  }

  /** Runs and prints a line of JSON for each workload. */
  public static void main(String[] args) throws Exception {
    SqlEngineKind kind = SqlEngineKind.of(args[0]);
    if (kind == SqlEngineKind.DERBY) {
      System.setProperty("derby.system.durability", "test");
      System.setProperty("derby.stream.error.file", "/dev/null");
    }
    try (Connection connection = DriverManager.getConnection(kind.url(args[1]))) {
      try (Statement statement = connection.createStatement()) {
        for (String sql : kind.setUp()) {
          statement.execute(sql);
        }
      }
      new SqlChild(
              args[0],
              connection,
              Integer.parseInt(args[2]),
              Double.parseDouble(args[3]),
              Pattern.compile(args[4]))
          .run();
    }
  }

  private void run() throws Exception {
    long start = System.nanoTime();
    load();
    report("load", rows + rows / 10, (System.nanoTime() - start) / 1e9);
    pointQueries();
    rangeQueries();
    analytics();
    changes();
  }

  private void load() throws SQLException {
    execute(
        "CREATE TABLE item (id INT PRIMARY KEY, grp INT, big INT, customer INT, amount DOUBLE PRECISION,"
            + " name VARCHAR(40))");
    execute("CREATE TABLE customer (id INT PRIMARY KEY, city VARCHAR(40))");
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?)")) {
      for (int i = 0; i < rows; i++) {
        insert.setInt(1, i);
        insert.setInt(2, i % 10);
        insert.setInt(3, random.nextInt(rows / 10));
        insert.setInt(4, random.nextInt(rows / 10));
        insert.setDouble(5, random.nextInt(100_000) / 100.0);
        insert.setString(6, "item number " + i);
        insert.addBatch();
        if (i % BATCH == BATCH - 1 || i == rows - 1) {
          insert.executeBatch();
        }
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO customer VALUES (?, ?)")) {
      for (int i = 0; i < rows / 10; i++) {
        insert.setInt(1, i);
        insert.setString(2, "city " + i % 100);
        insert.addBatch();
        if (i % BATCH == BATCH - 1 || i == rows / 10 - 1) {
          insert.executeBatch();
        }
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
    execute("CREATE INDEX item_customer ON item (customer)");
  }

  private void pointQueries() throws Exception {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT name, amount FROM item WHERE id = ?")) {
      timed(
          "point-prepared",
          () -> {
            int id = random.nextInt(rows);
            select.setInt(1, id);
            expect(select, 1);
          });
    }
    timed(
        "point-text",
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet result =
                  statement.executeQuery(
                      "SELECT name, amount FROM item WHERE id = " + random.nextInt(rows))) {
            drain(result);
          }
        });
    try (PreparedStatement select =
        connection.prepareStatement("SELECT id, amount FROM item WHERE customer = ?")) {
      timed(
          "index-lookup",
          () -> {
            select.setInt(1, random.nextInt(rows / 10));
            expect(select, 0);
          });
    }
  }

  private void rangeQueries() throws Exception {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, name, amount FROM item WHERE id >= ? ORDER BY id "
                + (engine.equals("derby") ? "FETCH FIRST 100 ROWS ONLY" : "LIMIT 100"))) {
      timed(
          "range-100",
          () -> {
            select.setInt(1, random.nextInt(rows - 100));
            expect(select, 100);
          });
    }
  }

  private void analytics() throws Exception {
    timedQuery("group-10", "SELECT grp, count(*), sum(amount) FROM item GROUP BY grp");
    timedQuery("group-100k", "SELECT big, count(*), sum(amount) FROM item GROUP BY big");
    timedQuery(
        "hash-join",
        "SELECT count(*), sum(i.amount) FROM item i JOIN customer c ON i.big = c.id"
            + " WHERE c.city <> 'city 1'");
    timedQuery("filter-scan", "SELECT count(*) FROM item WHERE amount > 500 AND grp < 5");
    timedQuery(
        "sort-top-10",
        "SELECT id, amount FROM item ORDER BY amount DESC, id "
            + (engine.equals("derby") ? "FETCH FIRST 10 ROWS ONLY" : "LIMIT 10"));
  }

  private void changes() throws Exception {
    int[] next = {rows};
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?)")) {
      timed(
          "insert-autocommit",
          () -> {
            int id = next[0]++;
            insert.setInt(1, id);
            insert.setInt(2, id % 10);
            insert.setInt(3, id % 1000);
            insert.setInt(4, id % 1000);
            insert.setDouble(5, id);
            insert.setString(6, "item number " + id);
            insert.executeUpdate();
          });
    }
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE item SET amount = amount + 1 WHERE id = ?")) {
      timed(
          "update-autocommit",
          () -> {
            update.setInt(1, random.nextInt(rows));
            if (update.executeUpdate() != 1) {
              throw new IllegalStateException("not one row was updated");
            }
          });
    }
  }

  /** One step of a workload. */
  private interface Step {
    void run() throws Exception;
  }

  private void timedQuery(String name, String sql) throws Exception {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      timed(name, () -> expect(select, 1));
    }
  }

  private void timed(String name, Step step) throws Exception {
    if (!wanted.matcher(name).matches()) {
      return;
    }
    repeat(step, Math.min(3, seconds));
    long start = System.nanoTime();
    long operations = repeat(step, seconds);
    report(name, operations, (System.nanoTime() - start) / 1e9);
  }

  private static long repeat(Step step, double limitSeconds) throws Exception {
    long end = System.nanoTime() + (long) (limitSeconds * 1e9);
    long operations = 0;
    do {
      step.run();
      operations++;
    } while (System.nanoTime() < end);
    return operations;
  }

  private static void expect(PreparedStatement select, int least) throws SQLException {
    try (ResultSet result = select.executeQuery()) {
      if (drain(result) < least) {
        throw new IllegalStateException("rows are missing");
      }
    }
  }

  private static long drain(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    long count = 0;
    while (result.next()) {
      for (int i = 1; i <= columns; i++) {
        result.getObject(i);
      }
      count++;
    }
    return count;
  }

  private void report(String name, long operations, double elapsed) throws Exception {
    Measurement result = new Measurement();
    result.engine = engine;
    result.workload = name;
    result.seconds = elapsed;
    result.operationsPerSecond = operations / elapsed;
    result.p50Nanos = (long) (elapsed * 1e9 / operations);
    JavaProcess.print(result);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
