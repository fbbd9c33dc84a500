// SPDX-License-Identifier: Apache-2.0
/**
 * What a transaction has written and not yet committed: an ordered map with an undo log in compact
 * arrays, and beyond a bound sorted runs in a keyspace of the store itself.
 *
 * <p>Reading order: {@link dev.varve.txn.write.WriteSet} (in memory), {@code DeletedRanges}, {@link
 * dev.varve.txn.write.SpillFormat}, {@code Run}, {@link dev.varve.txn.write.PendingWrites} (both as one),
 * {@link dev.varve.txn.write.PendingCursor} and {@link dev.varve.txn.write.PendingOperations} (walked for reads and for the
 * commit).
 *
 * <p>Keys are physical: keyspace prefix and user key. Depends on kv-core only.
 */
@NullMarked
package dev.varve.txn.write;

import org.jspecify.annotations.NullMarked;
