// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.Compression;
import dev.varve.ErrorCode;
import dev.varve.core.codec.Bytes;
import dev.varve.core.file.WritableFile;
import dev.varve.lsm.compress.Lz4Compressor;
import dev.varve.lsm.filter.FilterBuilder;
import dev.varve.lsm.filter.FilterFormat;
import dev.varve.lsm.filter.KeyHash;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Trailer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table: versions in order, range tombstones in any. One thread. The file belongs to the
 * caller, who syncs and closes it. The memory needed does not grow with the table: one block, and
 * keys' hashes and separators of at most 256 blocks; only range tombstones are kept to the end.
 *
 * <p>After an {@link IOException} nothing more can be added; close the writer and delete the file.
 */
public final class TableWriter implements AutoCloseable {
  /** A value of this size gets a block to itself and is not copied. */
  private static final int LARGE_VALUE_BYTES = 64 << 10;

  /** What index, properties and alignment may add at most, keys excepted. */
  private static final int RESERVED_BYTES = 64 << 10;

  /** After so many blocks in a row that LZ4 did not help, only every such block is tried. */
  private static final int TRIALS = 16;

  private final String name;
  private final TableOptions options;
  private final FrameWriter out;
  private final BlockBuilder block = new BlockBuilder();
  private final FilterBuilder filter;
  private final IndexNodeBuilder leaf = new IndexNodeBuilder(IndexFormat.LEAF_POINTER_BYTES);
  private final RangeTombstoneBuilder tombstones = new RangeTombstoneBuilder();
  private final KeyspaceCounter keyspaces;
  private final @Nullable Lz4Compressor compressor;

  /** The node above the leaves, and so on, each as (separator, trailer, pointer). */
  private List<Child> leaves = new ArrayList<>();

  private byte[] lastKey = new byte[64];
  private ByteBuffer lastKeyView = ByteBuffer.wrap(lastKey);
  private int lastKeyBytes;
  private long lastTrailer;
  private byte[] compressed = {};
  private byte[] separator = {};
  private long separatorTrailer = Trailer.FIRST;
  private byte @Nullable [] smallest;
  private boolean leafBegins = true;
  private long lastPrefixHash;
  private int incompressible;
  private int blocks;
  private long pendingLeafBytes;

  private long entries;
  private long deletes;
  private long keyBytes;
  private long valueBytes;
  private long minTimestamp = Long.MAX_VALUE;
  private long maxTimestamp;

  private record Child(byte[] separator, long trailer, long pointer) {}

  /** A writer that appends to {@code file}, which is empty; {@code name} is for messages. */
  public TableWriter(WritableFile file, String name, TableOptions options) throws IOException {
    this.name = name;
    this.options = options;
    this.out = new FrameWriter(file);
    this.filter = new FilterBuilder(options.filterBits());
    this.keyspaces = new KeyspaceCounter(options.prefixes());
    this.compressor = options.compression() == Compression.LZ4 ? new Lz4Compressor() : null;
    byte[] header = TableFormat.header();
    out.append(header, 0, header.length);
  }

  /** Adds the version that {@code version} stands on. */
  public void add(VersionIterator version) throws IOException {
    add(
        version.keyBuffer(),
        version.keyOffset(),
        version.keyBytes(),
        version.trailer(),
        version.valueBuffer(),
        version.valueOffset(),
        version.valueBytes());
  }

  /** Adds a version; they come by key ascending, then by trailer descending. */
  public void add(
      ByteBuffer key,
      int keyOffset,
      int bytesOfKey,
      long trailer,
      ByteBuffer value,
      int valueOffset,
      int bytesOfValue)
      throws IOException {
    boolean sameKey = checkOrder(key, keyOffset, bytesOfKey, trailer);
    boolean delete = Trailer.kind(trailer) == Trailer.DELETE;
    int stored = delete ? 0 : bytesOfValue;
    boolean large = stored >= LARGE_VALUE_BYTES;
    if (!block.isEmpty()
        && (large
            || block.bytesWith(key, keyOffset, bytesOfKey, trailer, stored)
                > options.blockBytes())) {
      cutBlock(sameKey);
    }
    if (block.isEmpty()) {
      separate(key, keyOffset, bytesOfKey, trailer, sameKey);
    }
    remember(key, keyOffset, bytesOfKey, trailer);
    count(trailer, delete, bytesOfKey, stored);
    filter(sameKey);
    if (large) {
      writeLarge(trailer, value, valueOffset, stored);
    } else {
      block.add(lastKeyView, 0, bytesOfKey, trailer, value, valueOffset, stored);
    }
  }

  /** Whether the key is the one before; refuses what would make the table unreadable. */
  private boolean checkOrder(ByteBuffer key, int offset, int bytes, long trailer) {
    if (entries == 0) {
      return false;
    }
    int order = Bytes.compare(key, offset, bytes, lastKey, 0, lastKeyBytes);
    if (order < 0 || order == 0 && trailer >= lastTrailer) {
      byte[] found = new byte[bytes];
      key.get(offset, found);
      throw ErrorCode.INTERNAL
          .error("Versions reach a table out of order.")
          .fact("file", name)
          .fact("lastKey", Arrays.copyOf(lastKey, lastKeyBytes))
          .fact("lastTrailer", lastTrailer)
          .fact("key", found)
          .fact("trailer", trailer)
          .build();
    }
    return order == 0;
  }

  /** Finds the shortest separator between the last key and the first of a block. */
  private void separate(ByteBuffer key, int offset, int bytes, long trailer, boolean sameKey) {
    int length = bytes;
    if (!sameKey && entries > 0) {
      length = 0;
      int limit = Math.min(bytes, lastKeyBytes);
      while (length < limit && lastKey[length] == key.get(offset + length)) {
        length++;
      }
      length++;
    }
    separator = new byte[length];
    key.get(offset, separator);
    separatorTrailer = sameKey ? trailer : Trailer.FIRST;
  }

  private void remember(ByteBuffer key, int offset, int bytes, long trailer) {
    if (bytes > lastKey.length) {
      lastKey = new byte[Math.max(bytes, lastKey.length * 2)];
      lastKeyView = ByteBuffer.wrap(lastKey);
    }
    key.get(offset, lastKey, 0, bytes);
    lastKeyBytes = bytes;
    lastTrailer = trailer;
    if (smallest == null) {
      smallest = Arrays.copyOf(lastKey, bytes);
    }
  }

  private void count(long trailer, boolean delete, int bytesOfKey, int bytesOfValue) {
    long timestamp = Trailer.timestamp(trailer);
    minTimestamp = Math.min(minTimestamp, timestamp);
    maxTimestamp = Math.max(maxTimestamp, timestamp);
    entries++;
    deletes += delete ? 1 : 0;
    keyBytes += bytesOfKey;
    valueBytes += bytesOfValue;
    keyspaces.enter(lastKey, 0, bytesOfKey);
    keyspaces.count(delete, bytesOfKey, bytesOfValue);
  }

  private void filter(boolean sameKey) {
    if (options.filterBits() == 0 || sameKey && !leafBegins) {
      return;
    }
    int prefix = keyspaces.filteredBytes();
    if (prefix > 0 && prefix <= lastKeyBytes) {
      long hash = KeyHash.of(lastKey, 0, prefix);
      if (hash != lastPrefixHash || leafBegins) {
        filter.add(hash);
        lastPrefixHash = hash;
      }
    }
    filter.add(KeyHash.of(lastKey, 0, lastKeyBytes));
    leafBegins = false;
  }

  private void cutBlock(boolean continued) throws IOException {
    block.build(continued);
    int raw = block.blockBytes();
    int packed = compress(raw);
    if (packed > 0) {
      int at = out.append(FrameFormat.TYPE_DATA, FrameFormat.LZ4, compressed, packed, raw);
      addBlock(at | IndexFormat.COMPRESSED);
    } else {
      addBlock(out.append(FrameFormat.TYPE_DATA, FrameFormat.STORED, block.block(), raw, raw));
    }
    block.clear();
    cutLeafIfFull();
  }

  /** Compresses the block if that saves an eighth; returns its new length, or 0. */
  private int compress(int raw) {
    if (compressor == null
        || raw > FrameFormat.MAX_COMPRESSED_RAW_BYTES
        || incompressible >= TRIALS && incompressible++ % TRIALS != 0) {
      return 0;
    }
    int most = compressor.maxBytes(raw);
    if (compressed.length < most) {
      compressed = new byte[most];
    }
    int packed = compressor.compress(block.block(), 0, raw, compressed, 0);
    if (packed <= raw - raw / 8) {
      incompressible = 0;
      return packed;
    }
    incompressible++;
    return 0;
  }

  private void writeLarge(long trailer, ByteBuffer value, int valueOffset, int bytes)
      throws IOException {
    block.buildAround(lastKeyView, 0, lastKeyBytes, trailer, bytes);
    addBlock(
        out.appendAround(
            FrameFormat.TYPE_DATA,
            block.block(),
            block.blockBytes(),
            value,
            valueOffset,
            bytes,
            BlockFormat.PADDING_BYTES));
    block.clear();
    cutLeafIfFull();
  }

  private void addBlock(int pointer) {
    leaf.add(separator, separatorTrailer, pointer);
    pendingLeafBytes +=
        IndexFormat.HEAD_BYTES + IndexFormat.LEAF_POINTER_BYTES + 4 + Long.BYTES + separator.length;
    blocks++;
  }

  private void cutLeafIfFull() throws IOException {
    if (leaf.isFull()) {
      cutLeaf();
    }
  }

  private void cutLeaf() throws IOException {
    byte[] first = leaf.firstSeparator();
    long firstTrailer = leaf.firstTrailer();
    int filterBytes = filter.lines() * FilterFormat.LINE_BYTES;
    byte[] payload = new byte[Math.addExact(filterBytes, leaf.bytes())];
    ByteBuffer into = ByteBuffer.wrap(payload);
    filter.build(into, 0);
    leaf.build(into, filterBytes);
    long at =
        out.append(
            FrameFormat.TYPE_LEAF, FrameFormat.STORED, payload, payload.length, payload.length);
    leaves.add(new Child(first, firstTrailer, at | at + filterBytes << 32));
    leafBegins = true;
    pendingLeafBytes = 0;
  }

  /** Adds a range tombstone, in any order, at any time before {@link #finish}. */
  public void addRangeTombstone(byte[] from, byte[] to, long timestamp) {
    tombstones.add(from, to, timestamp);
  }

  /** Whether a version of this size still fits into the file. One does always fit. */
  public boolean hasRoomFor(int bytesOfKey, int bytesOfValue) {
    return entries == 0
        || estimatedBytes() + RESERVED_BYTES + 4L * bytesOfKey + bytesOfValue <= options.maxBytes();
  }

  /** About how large the file would be if it were finished now; not too small. */
  public long estimatedBytes() {
    return out.position()
        + block.estimatedBytes()
        + pendingLeafBytes
        + (long) filter.lines() * FilterFormat.LINE_BYTES
        + leaves.size() * 32L
        + tombstones.estimatedBytes();
  }

  /** Versions added so far. */
  public long entries() {
    return entries;
  }

  /** Writes what is left, hands everything to the file, and says what the table holds. */
  public TableProperties finish() throws IOException {
    if (!block.isEmpty()) {
      cutBlock(false);
    }
    if (!leaf.isEmpty()) {
      cutLeaf();
    }
    int leafCount = leaves.size();
    int levels = leafCount == 0 ? 0 : 1;
    while (leaves.size() > 1) {
      leaves = writeInner(leaves);
      levels++;
    }
    long top = levels == 0 ? 0 : leaves.get(0).pointer;
    int tombstonesAt = 0;
    if (!tombstones.isEmpty()) {
      tombstonesAt = appendStored(FrameFormat.TYPE_RANGE_TOMBSTONES, tombstones.build());
    }
    TableProperties properties = properties();
    int propertiesAt =
        appendStored(FrameFormat.TYPE_PROPERTIES, PropertiesFormat.write(properties));
    out.pad((int) (-out.position() & 7));
    long fileBytes = out.position() + TableFormat.FOOTER_BYTES;
    if (fileBytes > TableOptions.MAX_FILE_BYTES) {
      throw ErrorCode.LIMIT_EXCEEDED
          .error("A table has become larger than a file can be mapped.")
          .fact("file", name)
          .fact("bytes", fileBytes)
          .fact("limitBytes", TableOptions.MAX_FILE_BYTES)
          .build();
    }
    byte[] footer =
        TableFormat.footer(
            new TableFormat.Footer(
                levels,
                blocks,
                leafCount,
                (int) top,
                (int) (top >>> 32),
                tombstonesAt,
                propertiesAt,
                fileBytes));
    out.append(footer, 0, footer.length);
    out.flush();
    return properties.ofFile(fileBytes);
  }

  private int appendStored(int type, byte[] payload) throws IOException {
    return out.append(type, FrameFormat.STORED, payload, payload.length, payload.length);
  }

  private List<Child> writeInner(List<Child> below) throws IOException {
    IndexNodeBuilder inner = new IndexNodeBuilder(IndexFormat.INNER_POINTER_BYTES);
    List<Child> above = new ArrayList<>();
    for (int i = 0; i < below.size(); i++) {
      Child child = below.get(i);
      inner.add(child.separator, child.trailer, child.pointer);
      if (inner.isFull() || i == below.size() - 1) {
        byte[] first = inner.firstSeparator();
        long firstTrailer = inner.firstTrailer();
        byte[] node = new byte[inner.bytes()];
        inner.build(ByteBuffer.wrap(node), 0);
        long at = appendStored(FrameFormat.TYPE_INNER, node);
        above.add(new Child(first, firstTrailer, at | at << 32));
      }
    }
    return above;
  }

  private TableProperties properties() {
    byte[] least = smallest == null ? new byte[0] : smallest;
    byte[] greatest = Arrays.copyOf(lastKey, lastKeyBytes);
    boolean exclusive = false;
    if (!tombstones.isEmpty()) {
      byte[] from = tombstones.smallest();
      byte[] to = tombstones.largest();
      if (entries == 0 || Arrays.compareUnsigned(from, least) < 0) {
        least = from;
      }
      if (entries == 0 || Arrays.compareUnsigned(to, greatest) > 0) {
        greatest = to;
        exclusive = true;
      }
      minTimestamp = Math.min(minTimestamp, tombstones.minTimestamp());
      maxTimestamp = Math.max(maxTimestamp, tombstones.maxTimestamp());
    }
    return new TableProperties(
        0,
        entries,
        deletes,
        tombstones.count(),
        keyBytes,
        valueBytes,
        minTimestamp == Long.MAX_VALUE ? 0 : minTimestamp,
        maxTimestamp,
        least,
        greatest,
        exclusive,
        keyspaces.finish());
  }

  /** Forgets what was added; without {@link #finish} before it, the file is no table. */
  @Override
  public void close() {
    block.clear();
    leaves = List.of();
    compressed = new byte[0];
  }
}
