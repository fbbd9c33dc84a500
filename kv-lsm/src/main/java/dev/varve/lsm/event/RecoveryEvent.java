// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A store was opened. */
@Name("dev.varve.Recovery")
@Label("Recovery")
@Category("Varve")
@StackTrace(false)
public final class RecoveryEvent extends Event {
  @Label("Tables")
  public int tables;

  @Label("Adopted Memtables")
  public int adoptedMemTables;

  @Label("Replayed Commits")
  public long replayedCommits;
}
