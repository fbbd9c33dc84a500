// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Connects to {@code jdbc:varve:/path/to/database} and {@code jdbc:varve:mem:name}, with options behind
 * a question mark: {@code ?durability=async&isolation=serializable}. All connections of one JVM to the
 * same path share one open database, which closes with the last of them.
 */
public final class VarveDriver implements Driver {
  static final int MAJOR = 0;
  static final int MINOR = 1;

  static {
    try {
      DriverManager.registerDriver(new VarveDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** For the service loader and {@link DriverManager}. */
  public VarveDriver() {}

  @Override
  public @Nullable Connection connect(String url, @Nullable Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    return SqlExceptions.translate(
        () -> {
          ConnectionUrl parsed = ConnectionUrl.parse(url, info == null ? new Properties() : info);
          SharedDatabases.Lease lease = SharedDatabases.lease(parsed);
          try {
            return new VarveConnection(lease, url);
          } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
          }
        });
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(ConnectionUrl.PREFIX);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
    return ConnectionUrl.propertyInfo(info == null ? new Properties() : info);
  }

  @Override
  public int getMajorVersion() {
    return MAJOR;
  }

  @Override
  public int getMinorVersion() {
    return MINOR;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("Varve logs through SLF4J.", "0A000");
  }
}
