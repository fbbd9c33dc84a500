// SPDX-License-Identifier: Apache-2.0
/**
 * The off-heap cache of decompressed blocks.
 *
 * <p>Reading order: {@link dev.varve.lsm.cache.BlockCache} (what users see), {@code CacheShard} (the
 * protocol between readers, who take no lock, and writers, who do), {@code Slab} (memory and the
 * headers of frames), {@code SizeClass} and {@code GhostTable} (the policy: what to evict), {@code
 * FrameIndex} (where a block is). Depends on {@code dev.varve.lsm.key} and {@code
 * dev.varve.core.memory}.
 */
@NullMarked
package dev.varve.lsm.cache;

import org.jspecify.annotations.NullMarked;
