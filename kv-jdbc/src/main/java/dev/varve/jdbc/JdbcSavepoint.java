// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/** A savepoint with a number, or with a name if it was given one. */
record JdbcSavepoint(int number, @Nullable String name) implements Savepoint {
  /** What it is called in SQL. */
  String identifier() {
    String text = name == null ? "jdbc_savepoint_" + number : name;
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public int getSavepointId() throws SQLException {
    if (name != null) {
      throw new SQLException("The savepoint has a name and no number.", "3B001");
    }
    return number;
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (name == null) {
      throw new SQLException("The savepoint has a number and no name.", "3B001");
    }
    return name;
  }
}
