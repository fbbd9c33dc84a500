// SPDX-License-Identifier: Apache-2.0
/**
 * The engine's own threads: each repeats one task while there is work, and tries again with growing
 * pauses when it fails.
 *
 * <p>Depends on nothing.
 */
@NullMarked
package dev.varve.lsm.worker;

import org.jspecify.annotations.NullMarked;
