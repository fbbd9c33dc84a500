// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import dev.varve.Savepoint;

/** A place among the pending writes: so many runs, and a mark in memory above them. */
final class PendingSavepoint implements Savepoint {
  private final String name;
  int runs;
  WriteSet.Mark mark;

  PendingSavepoint(String name, int runs, WriteSet.Mark mark) {
    this.name = name;
    this.runs = runs;
    this.mark = mark;
  }

  @Override
  public String name() {
    return name;
  }
}
