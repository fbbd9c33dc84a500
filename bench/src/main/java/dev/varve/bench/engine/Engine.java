// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

/** A key-value store under test. Thread-safe. */
public interface Engine extends AutoCloseable {
  /** A connection for one thread, which closes it before the engine. */
  Session session();

  /** Finishes background work and brings the data into the shape it has for long-term reads. */
  void settle();

  @Override
  void close();
}
