// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A writer was slowed, for flushing or compaction lags behind. */
@Name("dev.varve.Stall")
@Label("Stall")
@Category("Varve")
@StackTrace(false)
public final class StallEvent extends Event {
  @Label("Runs of Level 0")
  public int level0Runs;

  @Label("Debt")
  @DataAmount
  public long debtBytes;
}
