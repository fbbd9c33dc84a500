// SPDX-License-Identifier: Apache-2.0
/**
 * Walking versions: the contract that memtables, tables and levels share, the merge of several, and
 * the cursor that shows of each key the version a reader may see.
 *
 * <p>Depends on {@code dev.varve.lsm.key} and kv-core.
 */
@NullMarked
package dev.varve.lsm.iterator;

import org.jspecify.annotations.NullMarked;
