// SPDX-License-Identifier: Apache-2.0
/** The JDBC driver. */
module dev.varve.jdbc {
  requires transitive java.sql;
  requires transitive dev.varve.core;
  requires dev.varve.query;
  requires static transitive org.jspecify;

  exports dev.varve.jdbc;

  provides java.sql.Driver with
      dev.varve.jdbc.VarveDriver;
}
