// SPDX-License-Identifier: Apache-2.0
/**
 * Telling that a key is surely not there, from one cache line.
 *
 * <p>Depends on {@code dev.varve.core.codec}.
 * dev.varve.core.codec}.
 */
@NullMarked
package dev.varve.lsm.filter;

import org.jspecify.annotations.NullMarked;
