// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.workload;

/** What one thread does again and again. */
@FunctionalInterface
public interface Task {
  /** Does the next step, the {@code index}-th of this thread; returns the operations it counts for. */
  long step(long index);
}
