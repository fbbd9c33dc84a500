// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import java.util.List;
import java.util.UUID;

/**
 * All that the manifest says. Immutable.
 *
 * @param databaseId the same as in the identity file
 * @param edits how many changes led here
 * @param nextFile greater than the number of every table
 * @param nextRun greater than the number of every run of level 0
 * @param lastTimestamp not less than any timestamp in a table
 * @param flushedThrough every commit up to this timestamp is in a table
 * @param collapsedBefore older versions may be gone where no reader needed them
 * @param logStart where replay of the log begins
 * @param files every table and where it stands
 */
public record ManifestState(
    UUID databaseId,
    long edits,
    long nextFile,
    long nextRun,
    long lastTimestamp,
    long flushedThrough,
    long collapsedBefore,
    long logStart,
    List<PlacedMeta> files) {

  /** A table and where it stands; {@code run} has a meaning at level 0 only. */
  public record PlacedMeta(int level, long run, FileMeta meta) {}

  /** The same tables in a store whose log is empty. */
  public ManifestState withoutLog() {
    return new ManifestState(
        databaseId,
        edits,
        nextFile,
        nextRun,
        lastTimestamp,
        lastTimestamp,
        collapsedBefore,
        0,
        files);
  }

  /** That of a store without any table. */
  public static ManifestState initial(UUID databaseId) {
    return new ManifestState(databaseId, 0, 1, 1, 0, 0, 0, 0, List.of());
  }
}
