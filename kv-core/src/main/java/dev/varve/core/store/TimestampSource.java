// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

/**
 * Hands out commit timestamps: 1 to 2^60 - 1, each greater than all before it. Called by the engine
 * one thread at a time.
 */
@FunctionalInterface
public interface TimestampSource {
  /** A timestamp greater than every one handed out before and than {@code atLeast}. */
  long next(long atLeast);
}
