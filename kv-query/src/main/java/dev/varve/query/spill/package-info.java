// SPDX-License-Identifier: Apache-2.0
/**
 * Temporary files for rows that do not fit the work memory.
 *
 * <p>Reading order: {@link dev.varve.query.spill.SpillDirectory}, {@link
 * dev.varve.query.spill.SpillFile}, {@link dev.varve.query.spill.SpilledRows}. Depends on {@code
 * vector}.
 */
@NullMarked
package dev.varve.query.spill;

import org.jspecify.annotations.NullMarked;
