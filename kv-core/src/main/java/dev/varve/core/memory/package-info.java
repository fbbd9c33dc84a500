// SPDX-License-Identifier: Apache-2.0
/**
 * The one owner of off-heap memory: allocates, maps, frees, and counts live bytes by purpose.
 *
 * <p>Reading order: {@link dev.varve.core.memory.MemoryPurpose}, {@link
 * dev.varve.core.memory.MemoryBudget}, {@link dev.varve.core.memory.Region}, {@link
 * dev.varve.core.memory.OffHeap}. Depends on the public API only.
 */
@NullMarked
package dev.varve.core.memory;

import org.jspecify.annotations.NullMarked;
