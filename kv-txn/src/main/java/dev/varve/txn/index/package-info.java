// SPDX-License-Identifier: Apache-2.0
/**
 * What a named index is and how its entries stand in the store. Reading order: {@link
 * dev.varve.txn.index.NamedIndex}, {@code BTreeEntryFormat}, {@code HashEntryFormat}, {@link
 * dev.varve.txn.index.IndexDirectoryFormat}, {@link dev.varve.txn.index.IndexCatalog}. Who keeps them up to date is in
 * {@code dev.varve.txn}.
 *
 * <p>Depends on kv-core only.
 */
@NullMarked
package dev.varve.txn.index;

import org.jspecify.annotations.NullMarked;
