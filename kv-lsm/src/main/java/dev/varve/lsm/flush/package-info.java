// SPDX-License-Identifier: Apache-2.0
/**
 * Writing memtables to tables of level 0.
 *
 * <p>Depends on {@code compaction}, {@code memtable} and what they depend on.
 */
@NullMarked
package dev.varve.lsm.flush;

import org.jspecify.annotations.NullMarked;
