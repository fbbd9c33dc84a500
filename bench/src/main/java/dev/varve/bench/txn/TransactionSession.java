// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

/** What one thread does; each method is a transaction, tried again after conflicts. */
interface TransactionSession extends AutoCloseable {
  /** Moves {@code amount} from one counter to another; returns how often it was tried. */
  int transfer(int from, int to, long amount);

  /** Adds one to a counter; returns how often it was tried. */
  int increment(int counter);

  /** Reads two counters in a read-only transaction; returns their sum. */
  long readTwo(int first, int second);

  @Override
  void close();
}
