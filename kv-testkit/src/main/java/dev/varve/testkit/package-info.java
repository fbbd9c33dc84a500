// SPDX-License-Identifier: Apache-2.0
/**
 * Tools for tests: seeded randomness, a simulated file system that crashes and fails on demand, and
 * leak checks.
 */
@NullMarked
package dev.varve.testkit;

import org.jspecify.annotations.NullMarked;
