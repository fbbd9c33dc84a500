// SPDX-License-Identifier: Apache-2.0
/**
 * Telling from one cache line that a key is surely not there.
 *
 * <p>Reading order: {@link dev.varve.lsm.filter.KeyHash}, {@link dev.varve.lsm.filter.FilterFormat},
 * {@link dev.varve.lsm.filter.FilterBuilder}, {@link dev.varve.lsm.filter.Filter}. Depends on {@code
 * dev.varve.core.codec}.
 */
@NullMarked
package dev.varve.lsm.filter;

import org.jspecify.annotations.NullMarked;
