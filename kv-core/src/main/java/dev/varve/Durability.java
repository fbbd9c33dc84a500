// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/** When a commit is safe from a power cut. All three survive the death of the process. */
public enum Durability {
  /** Commit returns after the log is forced to the device. */
  SYNC,
  /** The log is forced in the background; the loss window is bounded and reported. */
  ASYNC,
  /** The log is never forced but by {@link Database#sync()} and by flushes. */
  NONE
}
