// SPDX-License-Identifier: Apache-2.0
/** JMH micro-benchmarks of the engine's inner parts: {@code bench/run micro PATTERN}. */
package dev.varve.bench.micro;
