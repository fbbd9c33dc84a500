// SPDX-License-Identifier: Apache-2.0
/**
 * The seams between the layers. {@link dev.varve.core.store.VersionedStore} is what the transaction
 * layer needs of a storage engine; {@link dev.varve.core.store.TransactionalStore} is what the query
 * engine needs of the transaction layer. {@code ReferenceStore} is a small,
 * obviously correct implementation of the latter that tests use as the oracle.
 *
 * <p>Depends on the public API only.
 */
@NullMarked
package dev.varve.core.store;

import org.jspecify.annotations.NullMarked;
