// SPDX-License-Identifier: Apache-2.0
/** Transactions over the storage engine. */
module dev.varve.txn {
  requires transitive dev.varve.core;
  requires transitive dev.varve.lsm;
  requires static transitive org.jspecify;
  requires org.agrona;
  requires jdk.jfr;
  requires org.slf4j;

  exports dev.varve.txn.clock to
      dev.varve.query,
      dev.varve.cli;
  exports dev.varve.txn to
      dev.varve.query,
      dev.varve.cli;
}
