// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks the versions of a table. Can be turned to one table after another, so that a walk over many
 * allocates nothing. Holds a pin on at most one block of the cache, until it moves to another block
 * or is closed; a closed iterator can be turned to a table again.
 *
 * <p>Keys of a stripped block are put together in a scratch buffer that begins with what all keys of
 * the block share; others, and all values, are shown where they stand.
 */
public final class TableIterator extends VersionIterator {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
  private static final int SCRATCH_BYTES = 64;
  private static final int NO_LEAF = -1;

  private @Nullable TableReader table;
  private boolean fillCache;
  private long trailerShift;
  private int blocks;

  private int leaf = NO_LEAF;
  private int leafPointers;

  private int ordinal;
  private ByteBuffer block = EMPTY;
  private int blockAt;
  private long pinned = -1;
  private int entries;
  private int word;
  private int offsets;
  private int prefixBytes;
  private boolean stripped;
  private long base;
  private long stampMask;
  private int stampBytes;

  private int index;
  private int nextVersion;

  private ByteBuffer scratch = EMPTY;
  private @Nullable ByteBuffer decompressed;

  /** Of no table yet. */
  public TableIterator() {
    super(EMPTY);
  }

  /**
   * Turns to {@code to}, standing nowhere.
   *
   * @param intoCache whether to keep what is decompressed in the cache; false for passes over much
   */
  public void reset(TableReader to, boolean intoCache) {
    close();
    table = to;
    fillCache = intoCache;
    trailerShift = to.trailerShift();
    blocks = to.blocks();
  }

  @Override
  public void seekToFirst() {
    if (blocks == 0) {
      return;
    }
    open(0);
    move(0);
  }

  @Override
  public void seekToLast() {
    if (blocks == 0) {
      return;
    }
    open(blocks - 1);
    move(entries - 1);
  }

  @Override
  public void seek(byte[] array, int offset, int bytes, long atTrailer) {
    if (blocks == 0) {
      return;
    }
    int position = position(array, offset, bytes, atTrailer);
    if (position < entries) {
      move(position);
    } else {
      openNext();
    }
  }

  @Override
  public void seekBefore(byte[] array, int offset, int bytes, long atTrailer) {
    if (blocks == 0) {
      return;
    }
    int position = position(array, offset, bytes, atTrailer);
    if (position > 0) {
      move(position - 1);
    } else {
      openPrevious();
    }
  }

  /** Opens the block in which (key, trailer) belongs; returns how many of its versions are before. */
  private int position(byte[] array, int offset, int bytes, long atTrailer) {
    long trailerHere = atTrailer - trailerShift;
    open(table().blockOf(array, offset, bytes, trailerHere));
    return DataBlock.lowerBound(block, blockAt, array, offset, bytes, trailerHere);
  }

  @Override
  public void next() {
    if (++index < entries) {
      decode(nextVersion);
    } else {
      openNext();
    }
  }

  @Override
  public void previous() {
    if (index > 0) {
      move(index - 1);
    } else {
      openPrevious();
    }
  }

  private void openNext() {
    if (ordinal + 1 < blocks) {
      open(ordinal + 1);
      move(0);
    } else {
      valid = false;
    }
  }

  private void openPrevious() {
    if (ordinal > 0) {
      open(ordinal - 1);
      move(entries - 1);
    } else {
      valid = false;
    }
  }

  private TableReader table() {
    return Objects.requireNonNull(table);
  }

  private void open(int blockOrdinal) {
    release();
    TableReader reader = table();
    int itsLeaf = blockOrdinal >>> IndexFormat.FANOUT_BITS;
    if (itsLeaf != leaf) {
      leafPointers = IndexFormat.pointers(reader.mapping(), reader.leafNode(itsLeaf));
      leaf = itsLeaf;
    }
    int child = blockOrdinal & IndexFormat.FANOUT - 1;
    int pointer =
        Bytes.intLE(reader.mapping(), leafPointers + child * IndexFormat.LEAF_POINTER_BYTES);
    if ((pointer & IndexFormat.COMPRESSED) == 0) {
      reader.checkBlock(blockOrdinal, pointer);
      enter(reader.mapping(), pointer);
    } else {
      openCompressed(reader, pointer);
    }
    ordinal = blockOrdinal;
  }

  private void openCompressed(TableReader reader, int pointer) {
    long found = fillCache ? reader.pin(pointer) : reader.pinIfCached(pointer);
    if (found >= 0) {
      pinned = found;
      BlockCache cache = reader.cache();
      enter(cache.buffer(found), cache.offset(found));
    } else {
      decompressed = reader.decompress(pointer, decompressed);
      enter(decompressed, 0);
    }
  }

  private void enter(ByteBuffer buffer, int at) {
    block = buffer;
    blockAt = at;
    value = buffer;
    entries = BlockFormat.entries(buffer, at);
    word = BlockFormat.word(buffer, at);
    offsets = BlockFormat.offsets(at, entries, word);
    base = BlockFormat.base(buffer, at) + Trailer.timestamp(trailerShift);
    stampMask = BlockFormat.stampMask(word);
    stampBytes = BlockFormat.stampBytes(word);
    prefixBytes = BlockFormat.prefixBytes(word);
    stripped = (word & BlockFormat.STRIPPED) != 0;
    if (stripped) {
      growScratch(prefixBytes);
      copy(buffer, at + BlockFormat.HEADER_BYTES, scratch, 0, prefixBytes);
      key = scratch;
      keyOffset = 0;
    } else {
      key = buffer;
    }
  }

  private void move(int to) {
    index = to;
    decode(BlockFormat.version(block, blockAt, offsets, word, to));
    valid = true;
  }

  private void decode(int version) {
    ByteBuffer from = block;
    long lengths = BlockFormat.lengths(from, version);
    int tag = from.get(version);
    int at = version + BlockFormat.headerBytes(lengths);
    if ((tag & BlockFormat.TAG_DATED) != 0) {
      trailer =
          Trailer.of(
              base + (Bytes.longLE(from, at) & stampMask) & Trailer.MAX_TIMESTAMP,
              tag & BlockFormat.TAG_KIND_MASK);
      at += stampBytes;
    } else {
      trailer = trailerShift + (tag & BlockFormat.TAG_KIND_MASK);
    }
    int bytes = BlockFormat.keyBytes(lengths);
    if (stripped) {
      copyKey(from, at, bytes);
    } else {
      keyOffset = at;
      keyBytes = bytes;
    }
    valueOffset = at + bytes;
    valueBytes = BlockFormat.valueBytes(lengths);
    nextVersion = valueOffset + valueBytes;
  }

  private void copyKey(ByteBuffer from, int at, int bytes) {
    keyBytes = prefixBytes + bytes;
    if (keyBytes + Long.BYTES > scratch.capacity()) {
      growScratch(keyBytes);
    }
    copy(from, at, scratch, prefixBytes, bytes);
  }

  /** Copies eight bytes at a time and so up to seven too many, which both buffers have room for. */
  private static void copy(ByteBuffer from, int at, ByteBuffer to, int toAt, int bytes) {
    for (int i = 0; i < bytes; i += Long.BYTES) {
      Bytes.setLongLE(to, toAt + i, Bytes.longLE(from, at + i));
    }
  }

  private void growScratch(int needed) {
    if (needed + Long.BYTES > scratch.capacity()) {
      ByteBuffer grown =
          ByteBuffer.allocate(Math.max(SCRATCH_BYTES, (needed + Long.BYTES) * 3 / 2));
      scratch.get(0, grown.array(), 0, scratch.capacity());
      scratch = grown;
      key = grown;
    }
  }

  /** Whether a version from here on and before {@code to} has {@code after < timestamp < before}. */
  boolean findChanged(byte @Nullable [] to, long after, long before) {
    while (valid) {
      if (to != null && Bytes.compare(key, keyOffset, keyBytes, to, 0, to.length) >= 0) {
        return false;
      }
      long newest = BlockFormat.newest(block, blockAt) + Trailer.timestamp(trailerShift);
      if (newest <= after) {
        openNext();
        continue;
      }
      long timestamp = Trailer.timestamp(trailer);
      if (timestamp > after && timestamp < before) {
        return true;
      }
      next();
    }
    return false;
  }

  private void release() {
    valid = false;
    if (pinned >= 0) {
      long ended = pinned;
      pinned = -1;
      table().cache().unpin(ended);
    }
  }

  /** Ends the pin; the iterator can be turned to a table again. */
  @Override
  public void close() {
    release();
    table = null;
    blocks = 0;
    leaf = NO_LEAF;
    block = EMPTY;
    key = EMPTY;
    value = EMPTY;
  }
}
