// SPDX-License-Identifier: Apache-2.0
/** Tools for testing Varve and programs that embed it. */
module dev.varve.testkit {
  requires transitive dev.varve.core;
  requires static transitive org.jspecify;

  exports dev.varve.testkit;
}
