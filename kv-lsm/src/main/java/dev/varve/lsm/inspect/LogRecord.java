// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.inspect;

/**
 * A record of the log.
 *
 * @param segment the number of its segment
 * @param offset where in it
 * @param kind commit, skip, next or closed
 * @param timestamp of the commit
 * @param payloadBytes the operations
 */
public record LogRecord(long segment, long offset, String kind, long timestamp, int payloadBytes) {}
