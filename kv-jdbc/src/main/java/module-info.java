// SPDX-License-Identifier: Apache-2.0
/** The JDBC driver. */
module dev.varve.jdbc {
  requires transitive java.sql;
  requires dev.varve.query;
  requires static transitive org.jspecify;
}
