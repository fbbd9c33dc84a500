// SPDX-License-Identifier: Apache-2.0
/**
 * The write-ahead log: mapped, preallocated, recycled segments.
 *
 * <p>Reading order: {@link dev.varve.lsm.wal.WalFormat} (what stands where), {@code WalSegment},
 * {@link dev.varve.lsm.wal.Wal} (taking room and writing), {@code WalSync} (forcing), {@link
 * dev.varve.lsm.wal.WalReader} (replay, and what counts as damage).
 *
 * <p>Depends on {@code dev.varve.lsm.event} and kv-core only.
 */
@NullMarked
package dev.varve.lsm.wal;

import org.jspecify.annotations.NullMarked;
