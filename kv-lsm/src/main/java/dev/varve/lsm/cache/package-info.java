// SPDX-License-Identifier: Apache-2.0
/**
 * The off-heap cache of decompressed blocks.
 *
 * <p>Reading order: {@link dev.varve.lsm.cache.BlockCache}. Depends on {@code dev.varve.lsm.key} and
 * {@code dev.varve.core.memory}.
 */
@NullMarked
package dev.varve.lsm.cache;

import org.jspecify.annotations.NullMarked;
