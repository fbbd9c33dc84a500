// SPDX-License-Identifier: Apache-2.0
/** The SQL engine and the front door. */
module dev.varve.query {
  requires transitive dev.varve.core;
  requires dev.varve.txn;
  requires dev.varve.lsm;
  requires static transitive org.jspecify;
  requires org.agrona;
  requires roaringbitmap;
  requires org.slf4j;

  provides dev.varve.DatabaseProvider with
      dev.varve.database.LayeredProvider;
}
