// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What each byte of a table file is: every byte belongs to exactly one part. */
public final class TableAnatomy {
  private static final int MAGIC_BYTES = 8;
  private static final int SEAL_BYTES = 4;
  private static final int SEALED_BYTES = 60;

  private final ByteBuffer file;
  private final String name;
  private final List<Part> parts = new ArrayList<>();
  private int at;

  /**
   * Some bytes.
   *
   * @param offset where they begin in the file
   * @param frame what they belong to
   * @param what they are
   */
  public record Part(int offset, int bytes, String frame, String what) {}

  private TableAnatomy(ByteBuffer file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * The parts of a whole file, in order.
   *
   * @param file the whole of it
   * @param name names it in errors
   * @throws dev.varve.VarveException {@code CORRUPTION} where a frame cannot be one
   */
  public static List<Part> of(ByteBuffer file, String name) {
    TableFormat.read(file, name);
    TableAnatomy anatomy = new TableAnatomy(file, name);
    anatomy.header();
    anatomy.frames(file.capacity() - TableFormat.FOOTER_BYTES);
    anatomy.footer();
    return anatomy.parts;
  }

  private void part(int bytes, String frame, String what) {
    if (bytes > 0) {
      parts.add(new Part(at, bytes, frame, what));
      at += bytes;
    }
  }

  private void header() {
    part(MAGIC_BYTES, "header", "magic");
    part(SEAL_BYTES, "header", "format version");
    part(SEALED_BYTES - at, "header", "zeros");
    part(SEAL_BYTES, "header", "CRC32C of the header");
  }

  private void frames(int end) {
    while (at < end) {
      int payload = nextPayload(end);
      if (payload < 0) {
        part(end - at, "gap", "zeros before the footer");
        return;
      }
      part(payload - FrameFormat.HEADER_BYTES - at, "gap", "zeros before a frame");
      frame(payload);
    }
  }

  /** The gap before a frame is zeros, and a frame begins with its checksum, which may be zero too. */
  private int nextPayload(int end) {
    int step = FrameFormat.ALIGNMENT;
    int first = at + step - 1 & -step;
    for (int frame = first; frame <= end - FrameFormat.HEADER_BYTES; frame += step) {
      int payload = frame + FrameFormat.HEADER_BYTES;
      if (FrameFormat.isPlausible(file, payload, file.capacity())) {
        FrameFormat.check(file, file.capacity(), name, payload, FrameFormat.type(file, payload));
        return payload;
      }
      if (frame - at > FrameFormat.PAGE_BYTES) {
        throw FrameFormat.corruption("No block begins where one must.", name, payload).build();
      }
    }
    return -1;
  }

  private void frame(int payload) {
    int stored = FrameFormat.storedBytes(file, payload);
    boolean compressed = FrameFormat.compression(file, payload) == FrameFormat.LZ4;
    String frame = type(FrameFormat.type(file, payload));
    part(4, frame, "CRC32C of what follows");
    part(2, frame, "magic of a frame");
    part(1, frame, "type: " + frame);
    part(1, frame, compressed ? "compressed by LZ4" : "stored as it is");
    part(4, frame, "stored bytes: " + stored);
    part(4, frame, "raw bytes: " + FrameFormat.rawBytes(file, payload));
    if (compressed || FrameFormat.type(file, payload) != FrameFormat.TYPE_DATA) {
      part(stored, frame, compressed ? "compressed payload" : "payload");
      return;
    }
    dataBlock(payload, stored, frame);
  }

  private void dataBlock(int block, int stored, String frame) {
    int entries = BlockFormat.entries(file, block);
    int word = BlockFormat.word(file, block);
    part(4, frame, entries + " versions");
    part(4, frame, BlockFormat.prefixBytes(word) + " bytes shared by all keys, and flags");
    part(8, frame, "least timestamp: " + BlockFormat.base(file, block));
    part(8, frame, "greatest timestamp: " + BlockFormat.newest(file, block));
    part(BlockFormat.prefixBytes(word), frame, "what all keys begin with");
    int offsets = BlockFormat.offsets(block, entries, word);
    part(offsets - at, frame, "heads of the keys");
    int first = BlockFormat.version(file, block, offsets, word, 0);
    part(first - at, frame, "offsets of the versions");
    for (int i = 0; i < entries; i++) {
      int version = BlockFormat.version(file, block, offsets, word, i);
      int next =
          i + 1 < entries
              ? BlockFormat.version(file, block, offsets, word, i + 1)
              : version + versionBytes(version, word);
      part(next - at, frame, "version " + i);
    }
    part(block + stored - at, frame, "zeros after the versions");
  }

  private int versionBytes(int version, int word) {
    long lengths = BlockFormat.lengths(file, version);
    return BlockFormat.headerBytes(lengths)
        + BlockFormat.stampBytes(file.get(version), word)
        + BlockFormat.keyBytes(lengths)
        + BlockFormat.valueBytes(lengths);
  }

  private void footer() {
    part(MAGIC_BYTES, "footer", "magic");
    part(4, "footer", "format version");
    part(4, "footer", "levels of the index");
    part(4, "footer", "data blocks");
    part(4, "footer", "leaves");
    part(4, "footer", "where the filter of the top node begins");
    part(4, "footer", "where the top node begins");
    part(4, "footer", "where the range tombstones begin");
    part(4, "footer", "where the properties begin");
    part(8, "footer", "size of the file");
    part(12, "footer", "zeros");
    part(SEAL_BYTES, "footer", "CRC32C of the footer");
  }

  private static String type(int type) {
    return switch (type) {
      case FrameFormat.TYPE_DATA -> "data block";
      case FrameFormat.TYPE_LEAF -> "filter and leaf";
      case FrameFormat.TYPE_INNER -> "inner node";
      case FrameFormat.TYPE_PROPERTIES -> "properties";
      default -> "range tombstones";
    };
  }
}
