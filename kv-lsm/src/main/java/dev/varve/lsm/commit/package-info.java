// SPDX-License-Identifier: Apache-2.0
/**
 * From operations to a visible, durable commit.
 *
 * <p>Reading order: {@link dev.varve.lsm.commit.CommitPipeline}, {@code CommitSlot}, {@link
 * dev.varve.lsm.commit.MemTableSource} (what the engine supplies).
 *
 * <p>Depends on {@code dev.varve.lsm.wal}, {@code dev.varve.lsm.memtable} and kv-core.
 */
@NullMarked
package dev.varve.lsm.commit;

import org.jspecify.annotations.NullMarked;
