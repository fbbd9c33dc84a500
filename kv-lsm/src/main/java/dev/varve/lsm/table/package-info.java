// SPDX-License-Identifier: Apache-2.0
/**
 * SSTables: immutable files of sorted versions, read straight from their mapping.
 *
 * <p>Reading order: {@code TableFormat} (the file), {@code FrameFormat} (what surrounds every block),
 * {@code BlockFormat} and {@code DataBlock} (versions, and how one is found), {@code IndexFormat} and
 * {@code IndexNode} (which block); then {@link dev.varve.lsm.table.TableWriter}, {@link
 * dev.varve.lsm.table.TableReader}, {@link dev.varve.lsm.table.TableIterator}; then {@code
 * RangeTombstoneFormat}, {@link dev.varve.lsm.table.TableVerifier}, {@link
 * dev.varve.lsm.table.TableSalvage}.
 *
 * <p>Depends on {@code dev.varve.lsm.key}, {@code iterator}, {@code filter}, {@code cache}, {@code
 * compress} and kv-core; knows nothing of levels and versions.
 */
@NullMarked
package dev.varve.lsm.table;

import org.jspecify.annotations.NullMarked;
