// SPDX-License-Identifier: Apache-2.0
/**
 * Tools for tests: seeded randomness, a simulated file system that crashes and fails on demand, and
 * leak checks.
 *
 * <p>Reading order: {@link dev.varve.testkit.Seed}, {@link
 * dev.varve.testkit.SimulatedFileSystem}, {@link dev.varve.testkit.Faults}, {@link
 * dev.varve.testkit.FaultyFileSystem}, {@link dev.varve.testkit.ChildJvm}. Depends on {@code
 * dev.varve.core.file}.
 */
@NullMarked
package dev.varve.testkit;

import org.jspecify.annotations.NullMarked;
