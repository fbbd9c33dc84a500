// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A transaction or snapshot has been open for long and keeps old versions from being dropped. */
@Name("dev.varve.LongTransaction")
@Label("Long Transaction")
@Category({"Varve", "Transactions"})
public final class LongTransactionEvent extends Event {
  /** Which. */
  @Label("Transaction")
  public @Nullable String transaction;

  /** How long it has been open. */
  @Label("Open For")
  @Timespan(Timespan.MILLISECONDS)
  public long openMillis;

  /** Committed once for each that is found. */
  public LongTransactionEvent() {}
}
