// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import dev.varve.lsm.table.TableProperties;
import java.util.Arrays;

/**
 * What the manifest remembers of one table, so that planning needs no access to it. Immutable; its
 * arrays are not to be changed.
 *
 * @param number names the file
 * @param fileBytes its size
 * @param rawBytes keys and values in it, uncompressed
 * @param entries point versions, deletes included
 * @param deletes point deletes among them
 * @param rangeDeletes range tombstones
 * @param garbage versions that were kept only for readers of the past, and tombstones with nothing
 *     below: they can go once no reader is at or before {@code garbageUntil}
 * @param garbageUntil see {@code garbage}; 0 when there is none
 * @param smallest the least key, range tombstones' lower bounds included
 * @param largest the greatest key, range tombstones' upper bounds included
 * @param largestExclusive whether {@code largest} is the exclusive end of a range tombstone
 * @param minTimestamp the oldest version in it
 * @param maxTimestamp the newest
 * @param timestampBase added to the timestamps as stored; not 0 for tables that were written before
 *     their commit had its timestamp
 * @param createdMillis when it was written, in milliseconds since 1970
 */
public record FileMeta(
    long number,
    long fileBytes,
    long rawBytes,
    long entries,
    long deletes,
    long rangeDeletes,
    long garbage,
    long garbageUntil,
    byte[] smallest,
    byte[] largest,
    boolean largestExclusive,
    long minTimestamp,
    long maxTimestamp,
    long timestampBase,
    long createdMillis) {

  /** What a table just written says of itself, completed by what only its writer knows. */
  public static FileMeta of(
      long number,
      TableProperties written,
      long timestampBase,
      long garbage,
      long garbageUntil,
      long createdMillis) {
    return new FileMeta(
        number,
        written.fileBytes(),
        written.keyBytes() + written.valueBytes(),
        written.entries(),
        written.deletes(),
        written.rangeTombstones(),
        garbage,
        garbageUntil,
        written.smallestKey(),
        written.largestKey(),
        written.largestExclusive(),
        written.minTimestamp() + timestampBase,
        written.maxTimestamp() + timestampBase,
        timestampBase,
        createdMillis);
  }

  /** The same table with all its timestamps later by {@code base}. */
  public FileMeta dated(long base) {
    return new FileMeta(
        number,
        fileBytes,
        rawBytes,
        entries,
        deletes,
        rangeDeletes,
        garbage,
        garbageUntil,
        smallest,
        largest,
        largestExclusive,
        minTimestamp + base,
        maxTimestamp + base,
        timestampBase + base,
        createdMillis);
  }

  /** Whether no key has more than one version in it. */
  public boolean isUnique() {
    return garbage == 0;
  }

  /** Whether the key can be in it, by its bounds. */
  public boolean mayHold(byte[] key) {
    return Arrays.compareUnsigned(smallest, key) <= 0 && !endsBefore(key);
  }

  /** Whether everything in it lies before {@code key}. */
  public boolean endsBefore(byte[] key) {
    int order = Arrays.compareUnsigned(largest, key);
    return order < 0 || order == 0 && largestExclusive;
  }

  /** Whether the two have a key in common, by their bounds. */
  public boolean overlaps(FileMeta other) {
    return !endsBefore(other.smallest) && !other.endsBefore(smallest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileMeta that && number == that.number;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }
}
