// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Tables were merged, moved or dropped. */
@Name("dev.varve.Compaction")
@Label("Compaction")
@Category("Varve")
@StackTrace(false)
public final class CompactionEvent extends Event {
  @Label("Kind")
  public String kind = "";

  @Label("Reason")
  public String reason = "";

  @Label("Input Level")
  public int inputLevel;

  @Label("Output Level")
  public int outputLevel;

  @Label("Input Size")
  @DataAmount
  public long inputBytes;

  @Label("Output Size")
  @DataAmount
  public long outputBytes;
}
