// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import dev.varve.lsm.filter.Filter;
import dev.varve.lsm.filter.FilterFormat;
import dev.varve.lsm.filter.KeyHash;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks an open table in full: every checksum, whether found right before or not; the order of all
 * versions; that index and filter lead to each of them; that the properties count them. Goes on after
 * a problem with whatever can still be checked. One thread; leaves the cache alone.
 */
public final class TableVerifier {
  private final TableReader table;
  private final ByteBuffer mapping;
  private final Consumer<VarveException> problems;
  private final Totals totals = new Totals();
  private byte[] lastKey = new byte[64];
  private int lastKeyBytes;
  private long lastTrailer;
  private boolean isFirst = true;
  private boolean complete = true;
  private @Nullable ByteBuffer decompressed;

  private static final class Totals {
    private long entries;
    private long deletes;
    private long keyBytes;
    private long valueBytes;
    private long minTimestamp = Long.MAX_VALUE;
    private long maxTimestamp;
  }

  private TableVerifier(TableReader table, Consumer<VarveException> problems) {
    this.table = table;
    this.mapping = table.mapping();
    this.problems = problems;
  }

  /**
   * Checks {@code table} and hands every problem to {@code problems}.
   *
   * @return versions that were read and found in order
   */
  public static long verify(TableReader table, Consumer<VarveException> problems) {
    TableVerifier verifier = new TableVerifier(table, problems);
    verifier.run();
    return verifier.totals.entries;
  }

  private void run() {
    int leaves = table.leafCount();
    for (int leaf = 0; leaf < leaves; leaf++) {
      try {
        table.recheckLeaf(leaf);
        verifyLeaf(leaf);
      } catch (VarveException e) {
        report(e);
      }
    }
    if (complete) {
      verifyProperties();
    }
  }

  private void report(VarveException problem) {
    if (problem.code() != ErrorCode.CORRUPTION) {
      throw problem;
    }
    complete = false;
    problems.accept(problem);
  }

  private void verifyLeaf(int leaf) {
    int first = leaf << IndexFormat.FANOUT_BITS;
    int last = Math.min(first + IndexFormat.FANOUT, table.blocks());
    for (int ordinal = first; ordinal < last; ordinal++) {
      int pointer = table.blockPointer(ordinal);
      try {
        verifyBlock(leaf, ordinal, pointer);
      } catch (VarveException e) {
        report(e);
      } catch (IndexOutOfBoundsException e) {
        report(problem("A block refers to what is outside of it.", pointer).cause(e).build());
      }
    }
  }

  private void verifyBlock(int leaf, int ordinal, int pointer) {
    int payload = pointer & ~IndexFormat.COMPRESSED;
    table.check(payload, FrameFormat.TYPE_DATA);
    BlockScanner scanner;
    ByteBuffer buffer;
    if ((pointer & IndexFormat.COMPRESSED) != 0) {
      decompressed = table.decompress(pointer, decompressed);
      buffer = decompressed;
      scanner = BlockScanner.of(buffer, 0, FrameFormat.rawBytes(mapping, payload));
    } else {
      buffer = mapping;
      scanner = BlockScanner.of(buffer, payload, FrameFormat.storedBytes(mapping, payload));
    }
    if (scanner == null) {
      throw problem("A data block is malformed.", pointer).build();
    }
    while (scanner.hasNext()) {
      String wrong = scanner.next();
      if (wrong == null) {
        wrong = wrongPlace(leaf, ordinal, scanner);
      }
      if (wrong != null) {
        throw problem("A version contradicts its block or the index.", pointer)
            .fact("wrong", wrong)
            .fact("block", ordinal)
            .fact("key", Arrays.copyOf(scanner.key().array(), scanner.keyBytes()))
            .build();
      }
      count(scanner);
    }
  }

  /** What is wrong with where a version stands, or null. */
  private @Nullable String wrongPlace(int leaf, int ordinal, BlockScanner at) {
    byte[] key = at.key().array();
    int bytes = at.keyBytes();
    int order = Bytes.compare(at.key(), 0, bytes, lastKey, 0, lastKeyBytes);
    if (!isFirst && (order < 0 || order == 0 && at.trailer() >= lastTrailer)) {
      return "order";
    }
    remember(key, bytes, at.trailer());
    if (table.blockOf(key, 0, bytes, at.trailer()) != ordinal) {
      return "separator";
    }
    long pointer = table.leafPointer(leaf);
    int filter = (int) pointer;
    int lines = ((int) (pointer >>> 32) - filter) / FilterFormat.LINE_BYTES;
    return Filter.mayContain(mapping, filter, lines, KeyHash.of(key, 0, bytes)) ? null : "filter";
  }

  private void remember(byte[] key, int bytes, long trailer) {
    if (bytes > lastKey.length) {
      lastKey = new byte[bytes * 2];
    }
    System.arraycopy(key, 0, lastKey, 0, bytes);
    lastKeyBytes = bytes;
    lastTrailer = trailer;
    isFirst = false;
  }

  private void count(BlockScanner at) {
    long timestamp = Trailer.timestamp(at.trailer() + table.trailerShift());
    totals.entries++;
    totals.deletes += Trailer.kind(at.trailer()) == Trailer.DELETE ? 1 : 0;
    totals.keyBytes += at.keyBytes();
    totals.valueBytes += at.valueBytes();
    totals.minTimestamp = Math.min(totals.minTimestamp, timestamp);
    totals.maxTimestamp = Math.max(totals.maxTimestamp, timestamp);
  }

  private void verifyProperties() {
    table
        .rangeTombstones()
        .forEach(
            (from, to, timestamp) -> {
              totals.minTimestamp = Math.min(totals.minTimestamp, timestamp);
              totals.maxTimestamp = Math.max(totals.maxTimestamp, timestamp);
            });
    TableProperties said = table.properties();
    verifyCount("entries", said.entries(), totals.entries);
    verifyCount("deletes", said.deletes(), totals.deletes);
    verifyCount("keyBytes", said.keyBytes(), totals.keyBytes);
    verifyCount("valueBytes", said.valueBytes(), totals.valueBytes);
    if (totals.minTimestamp != Long.MAX_VALUE) {
      verifyCount("minTimestamp", said.minTimestamp(), totals.minTimestamp);
      verifyCount("maxTimestamp", said.maxTimestamp(), totals.maxTimestamp);
    }
  }

  private void verifyCount(String property, long expected, long found) {
    if (expected != found) {
      report(
          ErrorCode.CORRUPTION
              .error("The properties of a table do not describe it.")
              .fact("file", table.name())
              .fact("property", property)
              .fact("expected", expected)
              .fact("found", found)
              .build());
    }
  }

  private VarveException.Builder problem(String sentence, int pointer) {
    return FrameFormat.corruption(sentence, table.name(), pointer & ~IndexFormat.COMPRESSED);
  }
}
