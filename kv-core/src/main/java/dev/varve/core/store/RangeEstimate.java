// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

/**
 * About how much a range holds.
 *
 * @param entries live entries, estimated
 * @param bytes their keys and values, uncompressed, estimated
 */
public record RangeEstimate(long entries, long bytes) {}
