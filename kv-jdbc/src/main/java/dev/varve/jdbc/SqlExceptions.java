// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;

/** Varve's errors as JDBC's. The SQLSTATE stays, the VarveException is the cause. */
final class SqlExceptions {
  private SqlExceptions() {}

  /** A call that may fail either way. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws SQLException;
  }

  /** A call without a result. */
  @FunctionalInterface
  interface Action {
    void run() throws SQLException;
  }

  static <T> T translate(Call<T> call) throws SQLException {
    try {
      return call.run();
    } catch (VarveException e) {
      throw of(e);
    }
  }

  static void run(Action action) throws SQLException {
    try {
      action.run();
    } catch (VarveException e) {
      throw of(e);
    }
  }

  static SQLException of(VarveException e) {
    String state = e.sqlState();
    String message = e.getMessage();
    if (e.code() == ErrorCode.LOCK_TIMEOUT) {
      return new SQLTransientException(message, state, e);
    }
    if (e.code() == ErrorCode.QUERY_CANCELED) {
      return new SQLTimeoutException(message, state, 0, e);
    }
    return switch (state.substring(0, 2)) {
      case "0A" -> new SQLFeatureNotSupportedException(message, state, e);
      case "08" -> new SQLNonTransientConnectionException(message, state, e);
      case "22" -> new SQLDataException(message, state, e);
      case "23" -> new SQLIntegrityConstraintViolationException(message, state, e);
      case "40" -> new SQLTransactionRollbackException(message, state, e);
      case "42" -> new SQLSyntaxErrorException(message, state, e);
      case "53", "54", "58", "XX" -> new SQLNonTransientException(message, state, e);
      default -> new SQLException(message, state, e);
    };
  }

  static SQLException closed(String what) {
    return new SQLNonTransientConnectionException("This " + what + " is closed.", "08003");
  }

  static SQLException invalid(String message) {
    return new SQLException(message, "22023");
  }

  static SQLFeatureNotSupportedException unsupported(String what) {
    return new SQLFeatureNotSupportedException(what + " is not supported.", "0A000");
  }
}
