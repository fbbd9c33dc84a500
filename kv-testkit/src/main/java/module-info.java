// SPDX-License-Identifier: Apache-2.0
/** Tools for testing Varve and programs that embed it. */
module dev.varve.testkit {
  requires transitive dev.varve.core;
  requires static transitive org.jspecify;
  requires org.junit.jupiter.api;

  // dev.varve.testkit.contract is for Varve's own tests, which run on the class path.
  exports dev.varve.testkit;
}
