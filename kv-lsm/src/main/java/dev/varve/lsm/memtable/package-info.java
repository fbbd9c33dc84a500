// SPDX-License-Identifier: Apache-2.0
/**
 * The memtable: a skip list in an arena that is a mapped file, so that it outlives its process.
 *
 * <p>Reading order: {@link dev.varve.lsm.memtable.MemTableFormat} (what stands where), {@code
 * SkipList} (search and insertion), {@code Splice}, {@link dev.varve.lsm.memtable.MemTable}, {@code
 * MemTableIterator}, {@code MemTableTombstones}, {@code Adoption} (taking over the arena of a dead
 * process), {@link dev.varve.lsm.memtable.ArenaPool}.
 *
 * <p>Depends on {@code dev.varve.lsm.key}, {@code dev.varve.lsm.iterator} and kv-core; knows nothing
 * of the log but positions, which it only keeps.
 */
@NullMarked
package dev.varve.lsm.memtable;

import org.jspecify.annotations.NullMarked;
