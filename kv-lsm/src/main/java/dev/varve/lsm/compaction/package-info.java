// SPDX-License-Identifier: Apache-2.0
/**
 * Merging tables into fewer, and dropping what nobody can see any more. Deciding is apart from doing.
 *
 * <p>Reading order: {@link dev.varve.lsm.compaction.CompactionPicker} (a version in, a {@link
 * dev.varve.lsm.compaction.CompactionPlan} out), {@link dev.varve.lsm.compaction.CompactionJob}
 * (executes a plan), {@link dev.varve.lsm.compaction.VersionSieve} (which versions stay, by {@link
 * dev.varve.lsm.snapshot.ReadPoints}), {@link dev.varve.lsm.compaction.TombstoneFragments}, {@link
 * dev.varve.lsm.compaction.RunWriter} (writes the tables of a run), {@link
 * dev.varve.lsm.compaction.CompactionScheduler} (threads and order).
 *
 * <p>Depends on {@code version}, {@code table}, {@code iterator}, {@code key}.
 */
@NullMarked
package dev.varve.lsm.compaction;

import org.jspecify.annotations.NullMarked;
