// SPDX-License-Identifier: Apache-2.0
/**
 * How values become bytes: fixed-width and variable-length integers, checksums, order-preserving
 * tuples, keyspace prefixes. Static functions over arrays and buffers, no state.
 *
 * <p>Depends on the public API only.
 */
@NullMarked
package dev.varve.core.codec;

import org.jspecify.annotations.NullMarked;
