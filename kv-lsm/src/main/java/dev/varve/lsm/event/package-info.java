// SPDX-License-Identifier: Apache-2.0
/**
 * What the engine tells Java Flight Recorder.
 *
 * <p>Depends on nothing.
 */
@NullMarked
package dev.varve.lsm.event;

import org.jspecify.annotations.NullMarked;
