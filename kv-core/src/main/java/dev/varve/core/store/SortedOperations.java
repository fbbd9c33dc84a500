// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

/**
 * Operations in ascending key order, each key once, for commits too large for the log: the engine
 * writes them as finished tables. One thread.
 */
public interface SortedOperations {
  /** Moves to the next operation; false at the end. */
  boolean next();

  /** {@link Operations#PUT}, {@link Operations#DELETE}, or {@link Operations#DELETE_RANGE}. */
  byte kind();

  /** The array in which the key, or the lower bound of a range, stands; valid until next(). */
  byte[] keyArray();

  /** Where it begins. */
  int keyOffset();

  /** Its length. */
  int keyBytes();

  /** The array in which the value, or the upper bound of a range, stands; valid until next(). */
  byte[] valueArray();

  /** Where it begins. */
  int valueOffset();

  /** Its length. */
  int valueBytes();
}
