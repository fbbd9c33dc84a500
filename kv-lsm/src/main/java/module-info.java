// SPDX-License-Identifier: Apache-2.0
/** The storage engine. */
module dev.varve.lsm {
  requires transitive dev.varve.core;
  requires static transitive org.jspecify;
  requires org.lz4.java;
  requires jdk.jfr;
  requires org.slf4j;

  exports dev.varve.lsm to
      dev.varve.txn,
      dev.varve.query,
      dev.varve.cli;
  exports dev.varve.lsm.inspect to
      dev.varve.cli;
}
