// SPDX-License-Identifier: Apache-2.0
/** Varve's public API, and the vocabulary and machinery that know no engine. */
module dev.varve.core {
  requires static transitive org.jspecify;
  requires org.slf4j;

  exports dev.varve;

  // The machinery is for Varve's own modules only.
  exports dev.varve.core.memory to
      dev.varve.testkit,
      dev.varve.lsm,
      dev.varve.txn,
      dev.varve.query,
      dev.varve.cli;
  exports dev.varve.core.file to
      dev.varve.testkit,
      dev.varve.lsm,
      dev.varve.txn,
      dev.varve.query,
      dev.varve.cli;
  exports dev.varve.core.codec to
      dev.varve.lsm,
      dev.varve.txn,
      dev.varve.query,
      dev.varve.cli;
  exports dev.varve.core.store to
      dev.varve.lsm,
      dev.varve.testkit,
      dev.varve.txn,
      dev.varve.query,
      dev.varve.cli;
  exports dev.varve.core.metrics to
      dev.varve.lsm,
      dev.varve.txn,
      dev.varve.query,
      dev.varve.cli;

  uses dev.varve.DatabaseProvider;
}
