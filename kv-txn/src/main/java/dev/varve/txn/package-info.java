// SPDX-License-Identifier: Apache-2.0
/**
 * Transactions over a versioned store. {@link dev.varve.txn.TransactionManager} is the way in.
 *
 * <p>Reading order: {@code TransactionManager}; {@code Reader} with its three kinds {@code ManagedTransaction},
 * {@code ManagedSnapshot} and {@code Autocommit}; {@code TransactionState} and {@code Committer}; the cursors {@code
 * CommittedCursor}, {@code MergedCursor}, {@code DirtyCursor} over {@code OpenScan}; {@code KeyspaceDirectory}; {@code
 * NamedIndexes} with {@code IndexKeeper}, {@code IndexBuilder}, {@code IndexVerifier}; {@code PreparedTransactions};
 * {@code Janitor}. Below it are the packages {@code clock}, {@code lock}, {@code write}, {@code read}, {@code index} and {@code
 * event}, which do not know each other.
 */
@NullMarked
package dev.varve.txn;

import org.jspecify.annotations.NullMarked;
