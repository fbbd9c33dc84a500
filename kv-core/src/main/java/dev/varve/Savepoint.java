// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/** A point inside a {@link Transaction} to which it can roll back. */
public interface Savepoint {
  /** The name it was given. */
  String name();
}
