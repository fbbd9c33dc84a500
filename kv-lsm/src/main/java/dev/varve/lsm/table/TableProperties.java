// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import java.util.List;

/**
 * What a table holds. The arrays are shared: nobody changes them.
 *
 * @param fileBytes size of the file
 * @param entries point versions, deletes included
 * @param deletes point tombstones
 * @param rangeTombstones range tombstones
 * @param keyBytes all keys of point versions, uncompressed
 * @param valueBytes all values, uncompressed
 * @param minTimestamp of all point versions and range tombstones
 * @param maxTimestamp of all point versions and range tombstones
 * @param smallestKey the least key of a point version or lower bound of a range tombstone
 * @param largestKey the greatest key of a point version or upper bound of a range tombstone
 * @param largestExclusive whether {@code largestKey} is only the upper bound of a range tombstone
 * @param keyspaces by ascending keyspace; range tombstones do not count
 */
public record TableProperties(
    long fileBytes,
    long entries,
    long deletes,
    long rangeTombstones,
    long keyBytes,
    long valueBytes,
    long minTimestamp,
    long maxTimestamp,
    byte[] smallestKey,
    byte[] largestKey,
    boolean largestExclusive,
    List<KeyspaceProperties> keyspaces) {

  /** The same of a file of {@code bytes} bytes. */
  TableProperties ofFile(long bytes) {
    return new TableProperties(
        bytes,
        entries,
        deletes,
        rangeTombstones,
        keyBytes,
        valueBytes,
        minTimestamp,
        maxTimestamp,
        smallestKey,
        largestKey,
        largestExclusive,
        keyspaces);
  }

  /** The same with {@code timestampBase} added to the timestamps. */
  TableProperties dated(long timestampBase) {
    return timestampBase == 0
        ? this
        : new TableProperties(
            fileBytes,
            entries,
            deletes,
            rangeTombstones,
            keyBytes,
            valueBytes,
            minTimestamp + timestampBase,
            maxTimestamp + timestampBase,
            smallestKey,
            largestKey,
            largestExclusive,
            keyspaces);
  }
}
