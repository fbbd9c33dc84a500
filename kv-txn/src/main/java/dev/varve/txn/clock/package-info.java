// SPDX-License-Identifier: Apache-2.0
/**
 * The timestamp oracle. Its one type is {@link dev.varve.txn.clock.HybridLogicalClock}.
 *
 * <p>Depends on kv-core only.
 */
@NullMarked
package dev.varve.txn.clock;

import org.jspecify.annotations.NullMarked;
