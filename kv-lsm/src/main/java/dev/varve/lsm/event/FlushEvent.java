// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Memtables were written to tables. */
@Name("dev.varve.Flush")
@Label("Flush")
@Category("Varve")
@StackTrace(false)
public final class FlushEvent extends Event {
  @Label("Memtables")
  public int memTables;

  @Label("Memtable Size")
  @DataAmount
  public long inputBytes;

  @Label("Table Size")
  @DataAmount
  public long outputBytes;
}
