// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The log was forced to the device. */
@Name("dev.varve.Sync")
@Label("Log Sync")
@Description("The log was forced to the device")
@Category("Varve")
@StackTrace(false)
public final class SyncEvent extends Event {
  /** Log bytes that were not forced before, those of one segment only. */
  @Label("Bytes")
  @DataAmount
  public long bytes;

  /** How many segments were forced. */
  @Label("Segments")
  public int segments;
}
