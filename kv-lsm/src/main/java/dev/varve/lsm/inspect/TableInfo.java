// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.inspect;

/**
 * A table and where it stands.
 *
 * @param level 0 to 6
 * @param run its run at level 0, newest greatest; 0 below
 * @param fileName in the database's directory
 * @param fileBytes its size
 * @param rawBytes its keys and values, uncompressed
 * @param entries point versions, deletes included
 * @param deletes point deletes
 * @param rangeDeletes range tombstones
 * @param garbage versions that can go once no reader needs them
 * @param smallest the least physical key
 * @param largest the greatest physical key
 * @param minTimestamp the oldest version
 * @param maxTimestamp the newest version
 * @param createdMillis when it was written, in milliseconds since 1970
 */
public record TableInfo(
    int level,
    long run,
    String fileName,
    long fileBytes,
    long rawBytes,
    long entries,
    long deletes,
    long rangeDeletes,
    long garbage,
    byte[] smallest,
    byte[] largest,
    long minTimestamp,
    long maxTimestamp,
    long createdMillis) {}
