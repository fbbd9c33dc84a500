// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.inspect;

/**
 * A memtable.
 *
 * @param entries point versions
 * @param deletes point deletes
 * @param usedBytes of its arena
 * @param capacityBytes of its arena
 * @param minTimestamp the oldest version
 * @param maxTimestamp the newest version
 */
public record MemTableInfo(
    long entries,
    long deletes,
    long usedBytes,
    long capacityBytes,
    long minTimestamp,
    long maxTimestamp) {}
