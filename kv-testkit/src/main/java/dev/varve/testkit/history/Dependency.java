// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.history;

/** Why one transaction must come before another in any serial order that explains a history. */
public enum Dependency {
  /** The second has written over what the first wrote. */
  WRITE_WRITE,
  /** The second has read what the first wrote. */
  WRITE_READ,
  /** The second has written over what the first read. */
  READ_WRITE,
  /** As READ_WRITE, where the first read a range. */
  PREDICATE_READ_WRITE;

  /** Whether it is one of the two anti-dependencies. */
  public boolean isAnti() {
    return compareTo(READ_WRITE) >= 0;
  }
}
