// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A transaction has waited for a lock. */
@Name("dev.varve.LockWait")
@Label("Lock Wait")
@Category({"Varve", "Transactions"})
@StackTrace(true)
public final class LockWaitEvent extends Event {
  /** Who has waited. */
  @Label("Waiter")
  public @Nullable String waiter;

  /** The row, or the first row of the range. */
  @Label("Row")
  public @Nullable String row;

  /** To be begun where the wait begins. */
  public LockWaitEvent() {}
}
