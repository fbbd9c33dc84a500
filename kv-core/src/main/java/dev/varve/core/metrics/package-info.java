// SPDX-License-Identifier: Apache-2.0
/**
 * Counters and histograms that cost little to update and are read by name.
 *
 * <p>Depends on nothing.
 */
@NullMarked
package dev.varve.core.metrics;

import org.jspecify.annotations.NullMarked;
