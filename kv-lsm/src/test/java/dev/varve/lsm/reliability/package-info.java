// SPDX-License-Identifier: Apache-2.0
/**
 * What happens to a store when the world around it fails: power cuts, killed processes, full disks,
 * I/O errors, interrupts, flipped bits, callers who close too early. Each test has a short slice in the
 * default build and a long one tagged {@code slow}.
 *
 * <p>Reading order: {@link dev.varve.lsm.reliability.Change}, {@link
 * dev.varve.lsm.reliability.Step}, {@link dev.varve.lsm.reliability.History}, {@link
 * dev.varve.lsm.reliability.Model}, {@link dev.varve.lsm.reliability.Run}, then the tests.
 */
@NullMarked
package dev.varve.lsm.reliability;

import org.jspecify.annotations.NullMarked;
