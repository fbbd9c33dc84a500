// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a transaction behaves. Immutable; each method returns a changed copy. */
public final class TransactionOptions {
  private static final TransactionOptions DEFAULTS =
      new TransactionOptions(null, null, false, null);

  private final @Nullable IsolationLevel isolation;
  private final @Nullable Durability durability;
  private final boolean readOnly;
  private final @Nullable Duration lockTimeout;

  private TransactionOptions(
      @Nullable IsolationLevel isolation,
      @Nullable Durability durability,
      boolean readOnly,
      @Nullable Duration lockTimeout) {
    this.isolation = isolation;
    this.durability = durability;
    this.readOnly = readOnly;
    this.lockTimeout = lockTimeout;
  }

  /** The database's isolation, durability and lock timeout; writable. */
  public static TransactionOptions defaults() {
    return DEFAULTS;
  }

  /** The isolation level; null means the database's. */
  public TransactionOptions isolation(IsolationLevel level) {
    return new TransactionOptions(Objects.requireNonNull(level), durability, readOnly, lockTimeout);
  }

  /** When the commit is safe from a power cut; null means as the database says. */
  public TransactionOptions durability(Durability level) {
    return new TransactionOptions(isolation, Objects.requireNonNull(level), readOnly, lockTimeout);
  }

  /** Whether writes are refused. */
  public TransactionOptions readOnly(boolean refuseWrites) {
    return new TransactionOptions(isolation, durability, refuseWrites, lockTimeout);
  }

  /** How long to wait for another transaction's lock; zero fails at once. */
  public TransactionOptions lockTimeout(Duration patience) {
    if (patience.isNegative()) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("A lock timeout cannot be negative.")
          .fact("lockTimeout", patience)
          .build();
    }
    return new TransactionOptions(isolation, durability, readOnly, patience);
  }

  /** The isolation level, or null for the database's. */
  public @Nullable IsolationLevel isolation() {
    return isolation;
  }

  /** The durability, or null for the database's. */
  public @Nullable Durability durability() {
    return durability;
  }

  /** Whether writes are refused. */
  public boolean readOnly() {
    return readOnly;
  }

  /** How long to wait for a lock, or null for as long as the database says. */
  public @Nullable Duration lockTimeout() {
    return lockTimeout;
  }
}
