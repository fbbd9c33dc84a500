// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.ErrorCode;
import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The file of a table. All numbers little-endian.
 *
 * <pre>
 * header, 64 bytes
 * 0       8      magic "VARVESST"
 * 8       4      format version, {@value #VERSION}
 * 12      48     zeros
 * 60      4      CRC32C of bytes 0 .. 59
 *
 * then frames ({@link FrameFormat}), in this order
 *                data blocks ({@link BlockFormat}), and after every 256 of them, and after the last,
 *                the leaf ({@link IndexFormat}) over them with its filter before it
 *                inner nodes of the index, level by level, the top one last
 *                range tombstones ({@link RangeTombstoneFormat}), if there are any
 *                properties ({@link PropertiesFormat})
 *                zeros up to a multiple of 8
 *
 * footer, 64 bytes, at the end
 * 0       8      magic "TSSEVRAV"
 * 8       4      format version
 * 12      4      levels of the index; 0 when there are no data blocks, 1 when the top is a leaf
 * 16      4      data blocks
 * 20      4      leaves
 * 24      4      where the filter of the top node begins, if the top is a leaf; else as the next
 * 28      4      where the top node begins
 * 32      4      where the payload of the range tombstones begins, or 0
 * 36      4      where the payload of the properties begins
 * 40      8      size of the file
 * 48      12     zeros
 * 60      4      CRC32C of bytes 0 .. 59 of the footer
 * </pre>
 */
final class TableFormat {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 64;
  static final int FOOTER_BYTES = 64;

  private static final long HEADER_MAGIC = 0x5641_5256_4553_5354L;
  private static final long FOOTER_MAGIC = 0x5453_5345_5652_4156L;
  private static final int AT_VERSION = 8;
  private static final int AT_CHECKSUM = 60;

  /** What a footer says. */
  record Footer(
      int levels,
      int blocks,
      int leaves,
      int topFilter,
      int topNode,
      int rangeTombstones,
      int properties,
      long fileBytes) {}

  private TableFormat() {}

  static byte[] header() {
    byte[] header = new byte[HEADER_BYTES];
    ByteBuffer into = ByteBuffer.wrap(header);
    Bytes.setLongBE(into, 0, HEADER_MAGIC);
    Bytes.setIntLE(into, AT_VERSION, VERSION);
    return sealed(header, into);
  }

  static byte[] footer(Footer footer) {
    byte[] bytes = new byte[FOOTER_BYTES];
    ByteBuffer into = ByteBuffer.wrap(bytes);
    Bytes.setLongBE(into, 0, FOOTER_MAGIC);
    Bytes.setIntLE(into, AT_VERSION, VERSION);
    Bytes.setIntLE(into, 12, footer.levels);
    Bytes.setIntLE(into, 16, footer.blocks);
    Bytes.setIntLE(into, 20, footer.leaves);
    Bytes.setIntLE(into, 24, footer.topFilter);
    Bytes.setIntLE(into, 28, footer.topNode);
    Bytes.setIntLE(into, 32, footer.rangeTombstones);
    Bytes.setIntLE(into, 36, footer.properties);
    Bytes.setLongLE(into, 40, footer.fileBytes);
    return sealed(bytes, into);
  }

  private static byte[] sealed(byte[] bytes, ByteBuffer into) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, AT_CHECKSUM);
    Bytes.setIntLE(into, AT_CHECKSUM, (int) crc.getValue());
    return bytes;
  }

  /**
   * Reads header and footer.
   *
   * @throws dev.varve.VarveException {@code CORRUPTION}, or {@code NEWER_FORMAT}
   */
  static Footer read(ByteBuffer file, String name) {
    int fileBytes = file.capacity();
    if (fileBytes < HEADER_BYTES + FOOTER_BYTES) {
      throw damaged("A table is shorter than its frame.", name, 0)
          .fact("expectedBytes", HEADER_BYTES + FOOTER_BYTES)
          .fact("foundBytes", fileBytes)
          .build();
    }
    int at = fileBytes - FOOTER_BYTES;
    checkFrame(file, name, 0, HEADER_MAGIC, "header");
    checkFrame(file, name, at, FOOTER_MAGIC, "footer");
    long expectedBytes = Bytes.longLE(file, at + 40);
    if (expectedBytes != fileBytes) {
      throw damaged("A table does not have the size its footer names.", name, at + 40)
          .fact("expectedBytes", expectedBytes)
          .fact("foundBytes", fileBytes)
          .build();
    }
    return new Footer(
        Bytes.intLE(file, at + 12),
        Bytes.intLE(file, at + 16),
        Bytes.intLE(file, at + 20),
        Bytes.intLE(file, at + 24),
        Bytes.intLE(file, at + 28),
        Bytes.intLE(file, at + 32),
        Bytes.intLE(file, at + 36),
        expectedBytes);
  }

  private static void checkFrame(ByteBuffer file, String name, int at, long magic, String part) {
    int expected = Bytes.intLE(file, at + AT_CHECKSUM);
    int found = BlockChecksum.of(file, at, AT_CHECKSUM);
    long foundMagic = Bytes.longBE(file, at);
    if (foundMagic != magic || expected != found) {
      throw damaged("The " + part + " of a table is damaged.", name, at)
          .fact("expectedMagic", Long.toHexString(magic))
          .fact("foundMagic", Long.toHexString(foundMagic))
          .fact("expected", Integer.toHexString(expected))
          .fact("found", Integer.toHexString(found))
          .build();
    }
    int version = Bytes.intLE(file, at + AT_VERSION);
    if (version != VERSION) {
      throw ErrorCode.NEWER_FORMAT
          .error("A table has a format that this version of Varve does not know.")
          .fact("file", name)
          .fact("formatVersion", version)
          .fact("knownVersion", VERSION)
          .hint("Open it with the version of Varve that wrote it, or a later one.")
          .build();
    }
  }

  private static dev.varve.VarveException.Builder damaged(String sentence, String name, long at) {
    return FrameFormat.corruption(sentence, name, at + FrameFormat.HEADER_BYTES);
  }
}
