// SPDX-License-Identifier: Apache-2.0
/**
 * Who still reads what: timestamps that are pinned, the read view and those in it, and when memory
 * that nobody reads any more may be given back.
 *
 * <p>Reading order: {@link dev.varve.lsm.snapshot.ReadPoints}, {@link dev.varve.lsm.snapshot.Pins},
 * {@link dev.varve.lsm.snapshot.Epochs}, {@link dev.varve.lsm.snapshot.ReadView}.
 *
 * <p>Depends on {@code version}, {@code memtable} and what they depend on.
 */
@NullMarked
package dev.varve.lsm.snapshot;

import org.jspecify.annotations.NullMarked;
