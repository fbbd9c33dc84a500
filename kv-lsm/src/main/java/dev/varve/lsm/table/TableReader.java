// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.file.MappedFile;
import dev.varve.core.store.RangeEstimate;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.compress.Lz4Decompressor;
import dev.varve.lsm.filter.Filter;
import dev.varve.lsm.filter.FilterFormat;
import dev.varve.lsm.filter.KeyHash;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.key.RangeTombstones;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An open table. Thread-safe. Reads index, filter and blocks where they stand in the mapping;
 * compressed blocks are decompressed into the cache. On the heap it keeps one bit for each block and
 * leaf: whether its checksum was found right, which is done when it is first read.
 *
 * <p>It takes over the mapping and unmaps it when closed. The owner closes only when nobody reads.
 */
public final class TableReader implements AutoCloseable {
  /** Leaves that a question about a prefix looks at; where there are more, the answer is yes. */
  private static final int MAX_PREFIX_LEAVES = 4;

  private final MappedFile file;
  private final ByteBuffer mapping;
  private final String name;
  private final BlockCache cache;
  private final long cacheKey;
  private final long timestampBase;

  /** What is added to every stored trailer. */
  private final long trailerShift;

  private final TableProperties properties;
  private final RangeTombstones rangeTombstones;
  private final int levels;
  private final int blocks;
  private final int topFilter;
  private final int topNode;
  private final Checked checkedBlocks;
  private final Checked checkedLeaves;

  private TableReader(
      MappedFile file, String name, long fileNumber, long timestampBase, BlockCache cache) {
    this.file = file;
    this.mapping = file.buffer();
    this.name = name;
    this.cache = cache;
    this.cacheKey = fileNumber << 31;
    this.timestampBase = timestampBase;
    this.trailerShift = Trailer.of(timestampBase, 0);
    TableFormat.Footer footer = TableFormat.read(mapping, name);
    this.levels = footer.levels();
    this.blocks = footer.blocks();
    this.topFilter = footer.topFilter();
    this.topNode = footer.topNode();
    this.checkedBlocks = new Checked(blocks);
    this.checkedLeaves = new Checked(footer.leaves());
    this.properties = readProperties(footer).dated(timestampBase);
    this.rangeTombstones = readRangeTombstones(footer);
    if (levels > 1) {
      checkInner(topNode, levels);
    }
  }

  /**
   * Opens a table, checking its frame, properties and upper index.
   *
   * @param name for messages
   * @param fileNumber never used for another table with the same cache
   * @param timestampBase added to every stored timestamp: for tables written with timestamp 0 before
   *     their commit had one; else 0
   * @throws dev.varve.VarveException {@code CORRUPTION} or {@code NEWER_FORMAT}; the file stays open
   */
  public static TableReader open(
      MappedFile file, String name, long fileNumber, long timestampBase, BlockCache cache) {
    return new TableReader(file, name, fileNumber, timestampBase, cache);
  }

  private TableProperties readProperties(TableFormat.Footer footer) {
    int at = footer.properties();
    check(at, FrameFormat.TYPE_PROPERTIES);
    return PropertiesFormat.read(mapping, at, FrameFormat.storedBytes(mapping, at), name);
  }

  private RangeTombstones readRangeTombstones(TableFormat.Footer footer) {
    int at = footer.rangeTombstones();
    if (at == 0) {
      return RangeTombstones.NONE;
    }
    check(at, FrameFormat.TYPE_RANGE_TOMBSTONES);
    return TableRangeTombstones.at(mapping, at, timestampBase);
  }

  private void checkInner(int node, int level) {
    check(node, FrameFormat.TYPE_INNER);
    int bytes = FrameFormat.storedBytes(mapping, node);
    if (!IndexFormat.isPlausible(mapping, node, bytes, IndexFormat.INNER_POINTER_BYTES)) {
      throw malformed(node);
    }
    if (level > 2) {
      int pointers = IndexFormat.pointers(mapping, node);
      int children = IndexFormat.children(mapping, node);
      for (int i = 0; i < children; i++) {
        int child = Bytes.intLE(mapping, pointers + i * IndexFormat.INNER_POINTER_BYTES + 4);
        checkInner(child, level - 1);
      }
    }
  }

  /** What it holds. */
  public TableProperties properties() {
    return properties;
  }

  /** Its range tombstones. */
  public RangeTombstones rangeTombstones() {
    return rangeTombstones;
  }

  /** Its name, for messages. */
  public String name() {
    return name;
  }

  /**
   * Finds the newest point version of a key at or before {@code readTimestamp}: true also for a
   * delete. What is found is good until {@link Lookup#release}.
   *
   * @param hash the key's {@link KeyHash}
   */
  public boolean find(
      byte[] key, int offset, int bytes, long hash, long readTimestamp, Lookup lookup) {
    long trailer = Trailer.firstVisible(readTimestamp) - trailerShift;
    if (trailer < 0 || levels == 0) {
      return false;
    }
    int filter = topFilter;
    int node = topNode;
    int leaf = 0;
    for (int level = levels; level > 1; level--) {
      int child =
          IndexNode.find(
              mapping, node, IndexFormat.INNER_POINTER_BYTES, key, offset, bytes, trailer);
      int pointer = IndexFormat.pointers(mapping, node) + child * IndexFormat.INNER_POINTER_BYTES;
      filter = Bytes.intLE(mapping, pointer);
      node = Bytes.intLE(mapping, pointer + 4);
      leaf = leaf << IndexFormat.FANOUT_BITS | child;
    }
    checkLeaf(leaf, filter, node);
    if (!Filter.mayContain(mapping, filter, (node - filter) / FilterFormat.LINE_BYTES, hash)) {
      return false;
    }
    int child =
        IndexNode.find(mapping, node, IndexFormat.LEAF_POINTER_BYTES, key, offset, bytes, trailer);
    int pointer = IndexFormat.pointers(mapping, node) + child * IndexFormat.LEAF_POINTER_BYTES;
    return findInBlock(
        leaf << IndexFormat.FANOUT_BITS | child,
        Bytes.intLE(mapping, pointer),
        key,
        offset,
        bytes,
        trailer,
        lookup);
  }

  private boolean findInBlock(
      int ordinal, int pointer, byte[] key, int offset, int bytes, long trailer, Lookup lookup) {
    if ((pointer & IndexFormat.COMPRESSED) != 0) {
      return findCompressed(ordinal, pointer, key, offset, bytes, trailer, lookup);
    }
    checkBlock(ordinal, pointer);
    int version = DataBlock.find(mapping, pointer, key, offset, bytes, trailer);
    if (version >= 0) {
      long lengths = BlockFormat.lengths(mapping, version);
      lookup.found(
          DataBlock.trailer(mapping, pointer, BlockFormat.word(mapping, pointer), version)
              + trailerShift,
          mapping,
          DataBlock.value(mapping, pointer, version, lengths),
          BlockFormat.valueBytes(lengths));
      return true;
    }
    return version == DataBlock.IN_NEXT && findInNext(ordinal, key, offset, bytes, trailer, lookup);
  }

  private boolean findCompressed(
      int ordinal, int pointer, byte[] key, int offset, int bytes, long trailer, Lookup lookup) {
    long pinned = pin(pointer);
    ByteBuffer buffer = pinned < 0 ? decompress(pointer, null) : cache.buffer(pinned);
    int block = pinned < 0 ? 0 : cache.offset(pinned);
    int version = DataBlock.find(buffer, block, key, offset, bytes, trailer);
    if (version >= 0) {
      long lengths = BlockFormat.lengths(buffer, version);
      long found =
          DataBlock.trailer(buffer, block, BlockFormat.word(buffer, block), version) + trailerShift;
      int value = DataBlock.value(buffer, block, version, lengths);
      int valueBytes = BlockFormat.valueBytes(lengths);
      if (pinned < 0) {
        lookup.found(found, buffer, value, valueBytes);
      } else {
        lookup.found(found, buffer, value, valueBytes, cache, pinned);
      }
      return true;
    }
    if (pinned >= 0) {
      cache.unpin(pinned);
    }
    return version == DataBlock.IN_NEXT && findInNext(ordinal, key, offset, bytes, trailer, lookup);
  }

  private boolean findInNext(
      int ordinal, byte[] key, int offset, int bytes, long trailer, Lookup lookup) {
    int next = ordinal + 1;
    return next < blocks
        && findInBlock(next, blockPointer(next), key, offset, bytes, trailer, lookup);
  }

  /** False when the key is surely not there. */
  public boolean mayContain(byte[] key, int offset, int bytes, long hash) {
    if (levels == 0) {
      return false;
    }
    return leafMayContain(leafOf(key, offset, bytes, Trailer.FIRST), hash);
  }

  /**
   * False when no key with this prefix is there: keyspace prefix, and as many bytes as were declared
   * when the table was written. True when that is not known.
   */
  public boolean mayContainPrefix(byte[] prefix, int offset, int bytes) {
    if (levels == 0) {
      return false;
    }
    if (!isFiltered(prefix, offset, bytes)) {
      return true;
    }
    long hash = KeyHash.of(prefix, offset, bytes);
    int leaf = leafOf(prefix, offset, bytes, Trailer.FIRST);
    for (int i = 0; i < MAX_PREFIX_LEAVES; i++, leaf++) {
      if (leafMayContain(leaf, hash)) {
        return true;
      }
      if (leaf + 1 == leafCount() || !startsLeaf(leaf + 1, prefix, offset, bytes)) {
        return false;
      }
    }
    return true;
  }

  private boolean isFiltered(byte[] prefix, int offset, int bytes) {
    if (bytes == 0 || KeyspacePrefix.lengthFrom(prefix[offset]) > bytes) {
      return false;
    }
    int id = KeyspacePrefix.read(prefix, offset);
    for (KeyspaceProperties keyspace : properties.keyspaces()) {
      if (keyspace.id() == id) {
        return keyspace.prefixBytes() > 0
            && KeyspacePrefix.length(id) + keyspace.prefixBytes() == bytes;
      }
    }
    return false;
  }

  /**
   * Whether a leaf may begin with keys that have this prefix: whether its first separator is not
   * beyond them.
   */
  private boolean startsLeaf(int leaf, byte[] prefix, int offset, int bytes) {
    byte[] end = new byte[bytes + 8];
    System.arraycopy(prefix, offset, end, 0, bytes);
    java.util.Arrays.fill(end, bytes, end.length, (byte) 0xff);
    return leafOf(end, 0, end.length, 0) >= leaf;
  }

  private boolean leafMayContain(int leaf, long hash) {
    long pointer = leafPointer(leaf);
    int filter = (int) pointer;
    int node = (int) (pointer >>> 32);
    checkLeaf(leaf, filter, node);
    return Filter.mayContain(mapping, filter, (node - filter) / FilterFormat.LINE_BYTES, hash);
  }

  /** Whether the key has a point version with {@code after < timestamp < before}. */
  public boolean changed(byte[] key, int offset, int bytes, long hash, long after, long before) {
    if (properties.maxTimestamp() <= after || properties.minTimestamp() >= before) {
      return false;
    }
    Lookup lookup = new Lookup();
    boolean found = find(key, offset, bytes, hash, before - 1, lookup);
    lookup.release();
    return found && Trailer.timestamp(lookup.trailer()) > after;
  }

  /**
   * Whether any key from {@code from} inclusive to {@code to} exclusive, or unbounded when null, has
   * such a version.
   */
  public boolean changed(byte[] from, byte @Nullable [] to, long after, long before) {
    if (properties.maxTimestamp() <= after || properties.minTimestamp() >= before) {
      return false;
    }
    try (TableIterator versions = scanIterator()) {
      versions.seek(from, 0, from.length, Trailer.FIRST);
      return versions.findChanged(to, after, before);
    }
  }

  /** About how many bytes of the file stand before the key. */
  public long approximateOffset(byte[] key, int offset, int bytes) {
    return levels == 0
        ? 0
        : blockPointer(blockOf(key, offset, bytes, Trailer.FIRST)) & -FrameFormat.ALIGNMENT;
  }

  /** About how many versions stand from {@code from} to {@code to}, null for unbounded. */
  public RangeEstimate estimate(byte[] from, byte @Nullable [] to) {
    if (levels == 0) {
      return new RangeEstimate(0, 0);
    }
    double first = position(from);
    double last = to == null ? blocks : position(to);
    double share = Math.max(0, last - first) / blocks;
    return new RangeEstimate(
        Math.round(share * properties.entries()),
        Math.round(share * (properties.keyBytes() + properties.valueBytes())));
  }

  /** The block in which a key belongs, and how far into it if that costs no decompression. */
  private double position(byte[] key) {
    int block = blockOf(key, 0, key.length, Trailer.FIRST);
    int pointer = blockPointer(block);
    if ((pointer & IndexFormat.COMPRESSED) != 0) {
      long pinned = pin(pointer);
      if (pinned < 0) {
        return block + 0.5;
      }
      double within = within(cache.buffer(pinned), cache.offset(pinned), key);
      cache.unpin(pinned);
      return block + within;
    }
    checkBlock(block, pointer);
    return block + within(mapping, pointer, key);
  }

  private static double within(ByteBuffer buffer, int block, byte[] key) {
    int before = DataBlock.lowerBound(buffer, block, key, 0, key.length, Trailer.FIRST);
    return (double) before / BlockFormat.entries(buffer, block);
  }

  /** A new iterator that keeps what it decompresses in the cache. */
  public TableIterator iterator() {
    TableIterator iterator = new TableIterator();
    iterator.reset(this, true);
    return iterator;
  }

  /** A new iterator for one-time passes over much: it leaves the cache as it is. */
  public TableIterator scanIterator() {
    TableIterator iterator = new TableIterator();
    iterator.reset(this, false);
    return iterator;
  }

  /** Unmaps the file; nobody may be reading. Idempotent. */
  @Override
  public void close() {
    file.close();
  }

  int blocks() {
    return blocks;
  }

  int levels() {
    return levels;
  }

  ByteBuffer mapping() {
    return mapping;
  }

  BlockCache cache() {
    return cache;
  }

  long trailerShift() {
    return trailerShift;
  }

  int leafCount() {
    return blocks + IndexFormat.FANOUT - 1 >>> IndexFormat.FANOUT_BITS;
  }

  /** The leaf below which (key, trailer) belongs. */
  private int leafOf(byte[] key, int offset, int bytes, long trailer) {
    int node = topNode;
    int leaf = 0;
    for (int level = levels; level > 1; level--) {
      int child =
          IndexNode.find(
              mapping, node, IndexFormat.INNER_POINTER_BYTES, key, offset, bytes, trailer);
      node =
          Bytes.intLE(
              mapping,
              IndexFormat.pointers(mapping, node) + child * IndexFormat.INNER_POINTER_BYTES + 4);
      leaf = leaf << IndexFormat.FANOUT_BITS | child;
    }
    return leaf;
  }

  /** The data block in which (key, trailer) belongs. */
  int blockOf(byte[] key, int offset, int bytes, long trailer) {
    int leaf = leafOf(key, offset, bytes, trailer);
    int child =
        IndexNode.find(
            mapping, leafNode(leaf), IndexFormat.LEAF_POINTER_BYTES, key, offset, bytes, trailer);
    return leaf << IndexFormat.FANOUT_BITS | child;
  }

  /** Where the filter of a leaf begins, and above it, where the leaf does. */
  long leafPointer(int leaf) {
    long pointer = topFilter | (long) topNode << 32;
    for (int level = levels - 2; level >= 0; level--) {
      int node = (int) (pointer >>> 32);
      int child = leaf >>> level * IndexFormat.FANOUT_BITS & IndexFormat.FANOUT - 1;
      pointer =
          Bytes.longLE(
              mapping,
              IndexFormat.pointers(mapping, node) + child * IndexFormat.INNER_POINTER_BYTES);
    }
    return pointer;
  }

  /** A leaf, checked. */
  int leafNode(int leaf) {
    long pointer = leafPointer(leaf);
    int node = (int) (pointer >>> 32);
    checkLeaf(leaf, (int) pointer, node);
    return node;
  }

  /** The leaf's pointer to a data block. */
  int blockPointer(int ordinal) {
    int node = leafNode(ordinal >>> IndexFormat.FANOUT_BITS);
    int child = ordinal & IndexFormat.FANOUT - 1;
    return Bytes.intLE(
        mapping, IndexFormat.pointers(mapping, node) + child * IndexFormat.LEAF_POINTER_BYTES);
  }

  private void checkLeaf(int leaf, int filter, int node) {
    if (!checkedLeaves.contains(leaf)) {
      checkLeaf(filter, node);
      checkedLeaves.add(leaf);
    }
  }

  /** Checks a leaf, even if it was found right before. */
  void recheckLeaf(int leaf) {
    long pointer = leafPointer(leaf);
    checkLeaf((int) pointer, (int) (pointer >>> 32));
  }

  private void checkLeaf(int filter, int node) {
    check(filter, FrameFormat.TYPE_LEAF);
    int bytes = FrameFormat.storedBytes(mapping, filter) - (node - filter);
    if (node < filter
        || !IndexFormat.isPlausible(mapping, node, bytes, IndexFormat.LEAF_POINTER_BYTES)) {
      throw malformed(filter);
    }
  }

  /** Checks a block of {@code type}, even if it was found right before. */
  void check(int payload, int type) {
    FrameFormat.check(mapping, mapping.capacity(), name, payload, type);
  }

  /** Checks a block that is stored as it is when it is read for the first time. */
  void checkBlock(int ordinal, int pointer) {
    if (!checkedBlocks.contains(ordinal)) {
      check(pointer, FrameFormat.TYPE_DATA);
      if (FrameFormat.compression(mapping, pointer) != FrameFormat.STORED
          || !BlockFormat.isPlausible(
              mapping, pointer, FrameFormat.storedBytes(mapping, pointer))) {
        throw malformed(pointer);
      }
      checkedBlocks.add(ordinal);
    }
  }

  /** Pins a compressed block in the cache, bringing it there first; -1 when there is no room. */
  long pin(int pointer) {
    long key = cacheKey | pointer;
    long pinned = cache.pin(key);
    return pinned >= 0 ? pinned : load(pointer, key);
  }

  /** Pins a compressed block if it is in the cache. */
  long pinIfCached(int pointer) {
    return cache.pin(cacheKey | pointer);
  }

  private long load(int pointer, long key) {
    int payload = pointer & ~IndexFormat.COMPRESSED;
    check(payload, FrameFormat.TYPE_DATA);
    int raw = FrameFormat.rawBytes(mapping, payload);
    long reserved = cache.reserve(key, raw);
    if (reserved < 0) {
      return reserved;
    }
    boolean good = false;
    try {
      decompress(payload, cache.buffer(reserved), cache.offset(reserved), raw);
      good = true;
    } finally {
      if (!good) {
        cache.abandon(reserved);
      }
    }
    return cache.publish(reserved, key);
  }

  /** Decompresses a block to the start of {@code reused}, or of a new buffer if that is too small. */
  ByteBuffer decompress(int pointer, @Nullable ByteBuffer reused) {
    int payload = pointer & ~IndexFormat.COMPRESSED;
    check(payload, FrameFormat.TYPE_DATA);
    int raw = FrameFormat.rawBytes(mapping, payload);
    ByteBuffer into =
        reused != null && reused.capacity() >= raw ? reused : ByteBuffer.allocate(raw);
    decompress(payload, into, 0, raw);
    return into;
  }

  private void decompress(int payload, ByteBuffer into, int at, int raw) {
    int stored = FrameFormat.storedBytes(mapping, payload);
    if (FrameFormat.compression(mapping, payload) != FrameFormat.LZ4
        || !Lz4Decompressor.decompress(mapping, payload, stored, into, at, raw)
        || !BlockFormat.isPlausible(into, at, raw)) {
      throw malformed(payload);
    }
  }

  private RuntimeException malformed(int payload) {
    return FrameFormat.corruption("A block's content contradicts itself.", name, payload)
        .fact("expected", "a well-formed block")
        .fact("found", "a right checksum over something else")
        .build();
  }
}
