// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

/** A transactional store under test, holding counters by number. Thread-safe. */
interface TransactionEngine extends AutoCloseable {
  /** Sets the counters 0 to {@code count} - 1 to {@code value}. */
  void load(int count, long value);

  /** A connection for one thread. */
  TransactionSession session();

  @Override
  void close();
}
