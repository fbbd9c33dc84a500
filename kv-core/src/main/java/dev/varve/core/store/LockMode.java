// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

/** How a row is locked. */
public enum LockMode {
  SHARED,
  EXCLUSIVE
}
