// SPDX-License-Identifier: Apache-2.0
/**
 * Columns of values in primitive arrays, and batches of them.
 *
 * <p>Reading order: {@link dev.varve.query.vector.Vector}, its subclasses, {@link
 * dev.varve.query.vector.Batch}. Depends on {@code type}.
 */
@NullMarked
package dev.varve.query.vector;

import org.jspecify.annotations.NullMarked;
