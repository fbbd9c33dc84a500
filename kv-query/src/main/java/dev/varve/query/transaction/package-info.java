// SPDX-License-Identifier: Apache-2.0
/**
 * A transaction as SQL sees it: the store's transaction, the catalog that belongs to it, and what is
 * outside of all transactions, the values of sequences.
 *
 * <p>Read {@link dev.varve.query.transaction.SqlTransaction}, then {@link
 * dev.varve.query.transaction.CatalogCache} and {@link dev.varve.query.transaction.SequenceValues}.
 *
 * <p>Depends on {@code catalog} and the store; not on planner or session.
 */
@NullMarked
package dev.varve.query.transaction;

import org.jspecify.annotations.NullMarked;
