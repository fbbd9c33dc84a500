// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.commit;

import dev.varve.lsm.memtable.MemTable;
import org.jspecify.annotations.Nullable;

/** What the pipeline asks of the engine around it. */
public interface MemTableSource {
  /**
   * Called before a commit of about {@code bytes} enters the pipeline, on its thread and under no
   * lock: slows it down in proportion to what is left to be done. Throws to refuse it.
   */
  void admit(int bytes);

  /**
   * A successor for {@code full}, or null if none is ready. The engine makes both readable before it
   * returns. Called under the commit lock: no I/O, no waiting.
   *
   * @param full takes no further commits; it can be flushed once {@code lastTimestamp} is visible
   * @param arenaBytes what the successor's arena must at least hold
   * @param logStart the log position of the successor's first commit
   * @param lastTimestamp the newest timestamp handed out; the successor's commits are later
   */
  @Nullable MemTable rotate(MemTable full, long arenaBytes, long logStart, long lastTimestamp);

  /**
   * Returns when {@link #rotate} is likely to succeed. Called under no lock.
   *
   * @throws dev.varve.VarveException when it cannot, for instance on a full disk
   */
  void awaitSuccessor(long arenaBytes);
}
