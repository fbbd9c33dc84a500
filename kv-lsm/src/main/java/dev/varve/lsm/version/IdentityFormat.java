// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

/**
 * The identity file: that the directory holds a store, in which format, and which one. Written once.
 * Numbers are big-endian.
 *
 * <pre>
 * offset  bytes
 *      0      8  magic "VARVE" and three zero bytes
 *      8      4  format version of the whole directory
 *     12     16  database id
 *     28      4  CRC32C of everything before
 * </pre>
 */
final class IdentityFormat {
  /** "VARVE\0\0\0". */
  static final long MAGIC = 0x5641_5256_4500_0000L;

  static final int VERSION = 1;
  static final int BYTES = 32;

  private IdentityFormat() {}
}
