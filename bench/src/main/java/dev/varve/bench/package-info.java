// SPDX-License-Identifier: Apache-2.0
/**
 * The bench: runs workloads on Varve and its rivals side by side, each in its own JVM, and reports
 * medians.
 *
 * <p>Reading order: {@link dev.varve.bench.Bench} (the command and parent process), {@link
 * dev.varve.bench.Child} (one engine, one workload), {@code workload}, {@code engine}, {@code
 * report}.
 */
package dev.varve.bench;
