// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.Column;
import dev.varve.Database;
import dev.varve.Result;
import dev.varve.Row;
import dev.varve.Rows;
import dev.varve.Session;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.ClientInfoStatus;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A session of a shared database. Calls of several threads wait for each other, except those that cancel
 * and close.
 */
final class VarveConnection implements Connection {
  private static final Set<String> TRANSACTION_WORDS =
      Set.of("begin", "start", "commit", "end", "rollback", "abort");

  private final SharedDatabases.Lease lease;
  private final String url;
  private final Session session;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<VarveStatement> statements = new LinkedHashSet<>();
  private final Properties clientInfo = new Properties();
  private boolean autoCommit = true;
  private boolean readOnly;
  private int savepoints;
  private int networkTimeoutMillis;
  private volatile boolean closed;

  VarveConnection(SharedDatabases.Lease lease, String url) {
    this.lease = lease;
    this.url = url;
    this.session = lease.database().session();
  }

  void refuseClosed() throws SQLException {
    if (closed) {
      throw SqlExceptions.closed("connection");
    }
  }

  String url() {
    return url;
  }

  Database database() {
    return lease.database();
  }

  // Running.

  /** Runs a statement, in a transaction that it begins if there must be one. */
  Result run(String sql, @Nullable Object[] parameters, int timeoutSeconds) throws SQLException {
    lock.lock();
    try {
      refuseClosed();
      if (!autoCommit
          && session.status() == Session.Status.IDLE
          && !TRANSACTION_WORDS.contains(firstWord(sql))) {
        SqlExceptions.run(() -> session.execute("BEGIN"));
      }
      if (timeoutSeconds == 0) {
        return SqlExceptions.translate(() -> session.run(sql, parameters));
      }
      session.statementTimeout(Duration.ofSeconds(timeoutSeconds));
      try {
        return SqlExceptions.translate(() -> session.run(sql, parameters));
      } finally {
        session.statementTimeout(Duration.ZERO);
      }
    } finally {
      lock.unlock();
    }
  }

  private static String firstWord(String sql) {
    int start = 0;
    while (start < sql.length() && !Character.isLetter(sql.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
      end++;
    }
    return sql.substring(start, end).toLowerCase(Locale.ROOT);
  }

  private void execute(String sql) throws SQLException {
    lock.lock();
    try {
      refuseClosed();
      SqlExceptions.run(() -> session.execute(sql));
    } finally {
      lock.unlock();
    }
  }

  private String show(String setting) throws SQLException {
    lock.lock();
    try {
      refuseClosed();
      return SqlExceptions.translate(
          () -> {
            try (Rows rows = session.query("SHOW " + setting)) {
              String value = "";
              for (Row row : rows) {
                value = String.valueOf(row.getString(0));
              }
              return value;
            }
          });
    } finally {
      lock.unlock();
    }
  }

  /** Rows of a query that this connection asks on its own account. */
  List<Cells> rows(String sql, @Nullable Object... parameters) throws SQLException {
    lock.lock();
    try {
      refuseClosed();
      return SqlExceptions.translate(
          () -> {
            List<Cells> cells = new ArrayList<>();
            try (Rows rows = session.query(sql, parameters)) {
              for (Row row : rows) {
                cells.add(Cells.Kept.of(row));
              }
            }
            return cells;
          });
    } finally {
      lock.unlock();
    }
  }

  /** What is known of a statement before it runs. */
  record Prepared(List<Column> columns, int parameterCount) {}

  Prepared prepared(String sql) throws SQLException {
    lock.lock();
    try {
      refuseClosed();
      return SqlExceptions.translate(
          () -> {
            try (dev.varve.Statement statement = session.prepare(sql)) {
              return new Prepared(statement.columns(), statement.parameterCount());
            }
          });
    } finally {
      lock.unlock();
    }
  }

  void cancel() {
    session.cancel();
  }

  /** Begins a transaction for a batch, if every statement would have one of its own. */
  boolean beginBatch() throws SQLException {
    if (!autoCommit || session.status() != Session.Status.IDLE) {
      return false;
    }
    execute("BEGIN");
    return true;
  }

  void endBatch(boolean commit) throws SQLException {
    execute(commit ? "COMMIT" : "ROLLBACK");
  }

  private <S extends VarveStatement> S remember(S statement) {
    lock.lock();
    try {
      statements.add(statement);
    } finally {
      lock.unlock();
    }
    return statement;
  }

  void forget(VarveStatement statement) {
    lock.lock();
    try {
      statements.remove(statement);
    } finally {
      lock.unlock();
    }
  }

  // Statements.

  private static void checkResultSet(int type, int concurrency) throws SQLException {
    if (type != ResultSet.TYPE_FORWARD_ONLY && type != ResultSet.TYPE_SCROLL_INSENSITIVE) {
      throw SqlExceptions.unsupported("A result set that shows changes");
    }
    if (concurrency != ResultSet.CONCUR_READ_ONLY) {
      throw SqlExceptions.unsupported("A result set that can be updated");
    }
  }

  @Override
  public Statement createStatement() throws SQLException {
    return createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    refuseClosed();
    checkResultSet(type, concurrency);
    return remember(new VarveStatement(this, type));
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    return createStatement(type, concurrency);
  }

  private PreparedStatement prepare(String sql, int type, GeneratedKeys keys) throws SQLException {
    refuseClosed();
    return remember(new VarvePreparedStatement(this, sql, type, keys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepare(sql, ResultSet.TYPE_FORWARD_ONLY, GeneratedKeys.NONE);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    checkResultSet(type, concurrency);
    return prepare(sql, type, GeneratedKeys.NONE);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return prepareStatement(sql, type, concurrency);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    return prepare(sql, ResultSet.TYPE_FORWARD_ONLY, GeneratedKeys.of(autoGeneratedKeys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
    return prepare(sql, ResultSet.TYPE_FORWARD_ONLY, GeneratedKeys.ALL);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
    return prepare(sql, ResultSet.TYPE_FORWARD_ONLY, GeneratedKeys.of(columnNames));
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    throw SqlExceptions.unsupported("CALL");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    throw SqlExceptions.unsupported("CALL");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    throw SqlExceptions.unsupported("CALL");
  }

  @Override
  public String nativeSQL(String sql) {
    return EscapeSyntax.translate(sql);
  }

  // Transactions.

  @Override
  public void setAutoCommit(boolean enable) throws SQLException {
    refuseClosed();
    if (enable != autoCommit) {
      if (enable && session.status() != Session.Status.IDLE) {
        commit();
      }
      autoCommit = enable;
    }
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    refuseClosed();
    return autoCommit;
  }

  private void refuseAutoCommit(String what) throws SQLException {
    refuseClosed();
    if (autoCommit && session.status() == Session.Status.IDLE) {
      throw new SQLException("Cannot " + what + " while every statement commits itself.", "25P01");
    }
  }

  @Override
  public void commit() throws SQLException {
    refuseAutoCommit("commit");
    boolean failed = session.status() == Session.Status.FAILED;
    execute("COMMIT");
    if (failed) {
      throw new SQLException(
          "A statement of the transaction had failed, so it was rolled back instead of committed.",
          "25P02");
    }
  }

  @Override
  public void rollback() throws SQLException {
    refuseAutoCommit("roll back");
    execute("ROLLBACK");
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    refuseClosed();
    if (session.status() != Session.Status.IDLE) {
      throw new SQLException(
          "The isolation level cannot be changed inside of a transaction.", "25001");
    }
    String name =
        switch (level) {
          case TRANSACTION_READ_UNCOMMITTED -> "READ UNCOMMITTED";
          case TRANSACTION_READ_COMMITTED -> "READ COMMITTED";
          case TRANSACTION_REPEATABLE_READ -> "REPEATABLE READ";
          case TRANSACTION_SERIALIZABLE -> "SERIALIZABLE";
          default -> throw SqlExceptions.unsupported("Isolation level " + level);
        };
    execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + name);
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    return switch (show("transaction_isolation")) {
      case "read uncommitted" -> TRANSACTION_READ_UNCOMMITTED;
      case "read committed" -> TRANSACTION_READ_COMMITTED;
      case "serializable" -> TRANSACTION_SERIALIZABLE;
      default -> TRANSACTION_REPEATABLE_READ;
    };
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return savepoint(new JdbcSavepoint(++savepoints, null));
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    return savepoint(new JdbcSavepoint(++savepoints, name));
  }

  private Savepoint savepoint(JdbcSavepoint savepoint) throws SQLException {
    refuseAutoCommit("set a savepoint");
    if (session.status() == Session.Status.IDLE) {
      execute("BEGIN");
    }
    execute("SAVEPOINT " + savepoint.identifier());
    return savepoint;
  }

  private static String identifier(Savepoint savepoint) throws SQLException {
    if (savepoint instanceof JdbcSavepoint own) {
      return own.identifier();
    }
    throw new SQLException("The savepoint is not of this driver.", "3B001");
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    execute("ROLLBACK TO SAVEPOINT " + identifier(savepoint));
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    execute("RELEASE SAVEPOINT " + identifier(savepoint));
  }

  @Override
  public void setReadOnly(boolean only) throws SQLException {
    refuseClosed();
    if (only == readOnly) {
      return;
    }
    if (session.status() != Session.Status.IDLE) {
      throw new SQLException(
          "A connection cannot become read-only inside of a transaction.", "25001");
    }
    execute("SET SESSION CHARACTERISTICS AS TRANSACTION " + (only ? "READ ONLY" : "READ WRITE"));
    readOnly = only;
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    refuseClosed();
    return readOnly;
  }

  // About itself.

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    refuseClosed();
    return new VarveMetaData(this);
  }

  @Override
  public void setCatalog(String catalog) throws SQLException {
    refuseClosed();
  }

  @Override
  public String getCatalog() throws SQLException {
    refuseClosed();
    return VarveMetaData.CATALOG;
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    execute("SET search_path TO '" + schema.replace("'", "''") + "'");
  }

  @Override
  public String getSchema() throws SQLException {
    List<Cells> rows = rows("SELECT current_schema()");
    return String.valueOf(rows.get(0).text(0));
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    refuseClosed();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    refuseClosed();
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    refuseClosed();
    return new HashMap<>();
  }

  @Override
  public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
    if (!map.isEmpty()) {
      throw SqlExceptions.unsupported("A map of types");
    }
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    if (holdability != ResultSet.HOLD_CURSORS_OVER_COMMIT
        && holdability != ResultSet.CLOSE_CURSORS_AT_COMMIT) {
      throw SqlExceptions.invalid("There is no such holdability: " + holdability + ".");
    }
  }

  @Override
  public int getHoldability() {
    return ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public boolean isValid(int timeoutSeconds) throws SQLException {
    if (timeoutSeconds < 0) {
      throw SqlExceptions.invalid("A timeout cannot be negative.");
    }
    if (closed) {
      return false;
    }
    if (session.status() == Session.Status.FAILED) {
      return true;
    }
    try (Result result = run("SELECT 1", VarveStatement.NO_PARAMETERS, timeoutSeconds)) {
      return result.rows() != null;
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
    if (closed) {
      throw new SQLClientInfoException(Map.of(name, ClientInfoStatus.REASON_UNKNOWN));
    }
    if (value == null) {
      clientInfo.remove(name);
    } else {
      clientInfo.setProperty(name, value);
    }
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    for (String name : properties.stringPropertyNames()) {
      setClientInfo(name, properties.getProperty(name));
    }
  }

  @Override
  public @Nullable String getClientInfo(String name) throws SQLException {
    refuseClosed();
    return clientInfo.getProperty(name);
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    refuseClosed();
    Properties copy = new Properties();
    copy.putAll(clientInfo);
    return copy;
  }

  @Override
  public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
    refuseClosed();
    networkTimeoutMillis = milliseconds;
  }

  @Override
  public int getNetworkTimeout() {
    return networkTimeoutMillis;
  }

  // What there is not.

  @Override
  public Clob createClob() throws SQLException {
    throw SqlExceptions.unsupported("CLOB; use setString, which");
  }

  @Override
  public Blob createBlob() throws SQLException {
    throw SqlExceptions.unsupported("BLOB; use setBytes, which");
  }

  @Override
  public NClob createNClob() throws SQLException {
    throw SqlExceptions.unsupported("NCLOB");
  }

  @Override
  public SQLXML createSQLXML() throws SQLException {
    throw SqlExceptions.unsupported("XML");
  }

  @Override
  public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
    throw SqlExceptions.unsupported("ARRAY");
  }

  @Override
  public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
    throw SqlExceptions.unsupported("STRUCT");
  }

  // End.

  @Override
  public void abort(Executor executor) throws SQLException {
    if (!closed) {
      session.cancel();
      close();
    }
  }

  @Override
  public void close() throws SQLException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      for (VarveStatement statement : List.copyOf(statements)) {
        statement.close();
      }
      closed = true;
      SqlExceptions.run(
          () -> {
            try {
              session.close();
            } finally {
              lease.close();
            }
          });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    for (Object candidate : List.of(this, session, database())) {
      if (type.isInstance(candidate)) {
        return type.cast(candidate);
      }
    }
    throw SqlExceptions.invalid("This is no " + type.getName() + ".");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this) || type.isInstance(session) || type.isInstance(database());
  }
}
