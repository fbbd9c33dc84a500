// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Database#transact} runs. May be run several times, so it must not have side effects
 * outside the transaction that cannot be repeated.
 */
@FunctionalInterface
public interface TransactionBody<T extends @Nullable Object> {
  /** Does the work; the caller of {@code transact} commits. */
  T run(Transaction tx) throws Exception;
}
