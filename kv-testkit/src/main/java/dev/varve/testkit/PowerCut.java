// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

/** The machine is down: no code that runs after this runs in the simulated world. */
public final class PowerCut extends Error {
  private static final long serialVersionUID = 1L;

  PowerCut(String operation) {
    super(operation);
  }
}
