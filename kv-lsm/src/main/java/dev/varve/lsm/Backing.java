// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.metrics.Metrics;
import dev.varve.lsm.compaction.TableMaker;
import dev.varve.lsm.snapshot.Pins;
import dev.varve.lsm.snapshot.Views;

/** What a store reads from: an engine that writes, or a follower of one in another process. */
interface Backing extends AutoCloseable {
  /** The current view and those before it. */
  Views views();

  /** Every commit up to this timestamp can be read. */
  long visibleTimestamp();

  /** The newest timestamp there is. */
  long lastTimestamp();

  /** The timestamps that readers keep. */
  Pins pins();

  /** Where the tables are. */
  TableMaker maker();

  /** What counts memory. */
  MemoryBudget budget();

  /** The figures. */
  Metrics metrics();

  /** The calls under way for which closing waits, besides those inside epochs. */
  InFlight calls();

  /** Whether it was closed. */
  boolean isClosed();

  /** Throws {@code CLOSED} when it was. */
  void checkOpen();

  /** The engine, for what only a writer can do; throws {@code READ_ONLY} if there is none. */
  Engine writer();

  /** Moves on to what has been written since; an engine is always there already. */
  void refresh() throws java.io.IOException;

  @Override
  void close();
}
