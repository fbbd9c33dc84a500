// SPDX-License-Identifier: Apache-2.0
/**
 * The implementation of {@link dev.varve.Database}: joins the storage engine, the transaction layer and
 * the SQL engine. The one place that knows all three.
 *
 * <p>Reading order: {@link dev.varve.database.LayeredProvider} opens, {@link
 * dev.varve.database.LayeredDatabase} is what is open, {@link dev.varve.database.OpenTransaction} and
 * {@link dev.varve.database.OpenSnapshot} are what is got from it.
 */
@NullMarked
package dev.varve.database;

import org.jspecify.annotations.NullMarked;
