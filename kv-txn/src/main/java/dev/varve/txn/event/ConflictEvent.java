// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** A transaction was rolled back because another got in its way. */
@Name("dev.varve.Conflict")
@Label("Conflict")
@Category({"Varve", "Transactions"})
public final class ConflictEvent extends Event {
  /** The error's code. */
  @Label("Reason")
  public @Nullable String reason;

  /** Who was rolled back. */
  @Label("Transaction")
  public @Nullable String transaction;

  /** The message, which names the row. */
  @Label("Message")
  public @Nullable String message;

  /** Committed where the conflict is noticed. */
  public ConflictEvent() {}
}
