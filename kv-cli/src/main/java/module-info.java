// SPDX-License-Identifier: Apache-2.0
/** The varve command. */
module dev.varve.cli {
  requires dev.varve.core;
  requires dev.varve.query;
  requires dev.varve.lsm;
  requires org.apache.commons.cli;
  requires org.apache.commons.csv;
  requires com.fasterxml.jackson.core;
  requires org.jline;
  requires static org.jspecify;

  uses dev.varve.DatabaseProvider;
}
