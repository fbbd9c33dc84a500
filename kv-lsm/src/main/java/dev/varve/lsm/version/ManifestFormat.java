// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

/**
 * The manifest: one file, written anew at every change under a temporary name, synced, and renamed
 * over the one before. So it is whole or it is damaged; there is no tail to guess about. Numbers are
 * big-endian.
 *
 * <pre>
 * offset  bytes
 *      0      8  magic "VARVEMAN"
 *      8      4  format version
 *     12      4  n: the length of what follows, without the checksum
 *     16     16  database id
 *     32      8  number of changes so far
 *     40      8  next table number
 *     48      8  next run number
 *     56      8  last timestamp
 *     64      8  flushed through (timestamp)
 *     72      8  collapsed before (timestamp)
 *     80      8  log start (position)
 *     88      4  number of tables
 *     92         the tables, each:
 *                    1  level
 *                    1  flags: bit 0 = the greatest key is exclusive
 *                    8  run (level 0 only)
 *                12 x 8  number, file bytes, raw bytes, entries, deletes, range deletes, garbage,
 *                       garbage until, min timestamp, max timestamp, timestamp base, created (ms)
 *                    4  length of the least key, then the key
 *                    4  length of the greatest key, then the key
 *  16 + n      4  CRC32C of everything before
 * </pre>
 */
final class ManifestFormat {
  /** "VARVEMAN". */
  static final long MAGIC = 0x5641_5256_454D_414EL;

  static final int VERSION = 1;
  static final int HEADER_BYTES = 16;
  static final int CHECKSUM_BYTES = 4;
  static final int FIXED_BYTES = 76;

  /** The least a table takes. */
  static final int FILE_BYTES = 1 + 1 + 8 + 12 * 8 + 4 + 4;

  static final int FLAG_LARGEST_EXCLUSIVE = 1;

  private ManifestFormat() {}
}
