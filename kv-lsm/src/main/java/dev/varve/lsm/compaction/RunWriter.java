// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.file.WritableFile;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.table.TableProperties;
import dev.varve.lsm.table.TableWriter;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.TableFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes versions that come in order, and the range tombstones among them, as the tables of one run.
 * One thread; whoever creates it closes it, and decides about the files.
 *
 * <p>Invariants. W1: a table is cut before a key it has no version of, unless all versions of that
 * key do not fit into one. W2: a range tombstone is written, piece by piece, to every table whose
 * stretch of keys it touches: from the table's first key, or where the one before ended, to the first
 * key of the next; when a key's versions are cut in two, both tables have the piece at the key.
 */
public final class RunWriter implements AutoCloseable {
  private static final long RATE_STEP_BYTES = 256 << 10;

  /** Where tables are cut. */
  public record Cuts(long tableBytes, boolean atKeyspaces, @Nullable CutHints hints) {}

  /** Says of ascending keys whether a table had better end before one. */
  public interface CutHints {
    /** Whether to cut before the key; asked once a key, in order. */
    boolean before(byte[] key, int keyBytes, long tableBytes);
  }

  private final TableMaker maker;
  private final LongSupplier numbers;
  private final TombstoneFragments tombstones;
  private final Cuts cuts;
  private final long timestampBase;
  private final List<Long> written = new ArrayList<>();
  private final List<TableFile> finished = new ArrayList<>();

  private @Nullable WritableFile file;
  private @Nullable TableWriter writer;
  private long number;
  private long garbage;
  private long garbageUntil;
  private int keyspaceBytes;
  private byte[] keyspace = new byte[KeyspacePrefix.MAX_BYTES];

  private int fragmentIndex;
  private byte @Nullable [] stretchFrom;
  private long limited;

  /** Writes to new tables numbered by {@code numbers}. */
  public RunWriter(
      TableMaker maker,
      LongSupplier numbers,
      TombstoneFragments tombstones,
      Cuts cuts,
      long timestampBase) {
    this.maker = maker;
    this.numbers = numbers;
    this.tombstones = tombstones;
    this.cuts = cuts;
    this.timestampBase = timestampBase;
  }

  /**
   * Adds the version that {@code version} stands on.
   *
   * @param key its key
   * @param newKey whether it is another key than that of the version before
   * @param garbageAt the timestamp after which nobody needs it, if it is garbage, else 0
   */
  public void add(VersionIterator version, byte[] key, int keyBytes, boolean newKey, long garbageAt)
      throws IOException {
    TableWriter out = writer;
    if (out != null) {
      boolean full = !out.hasRoomFor(keyBytes, version.valueBytes());
      if (full || newKey && wantsCut(out, key, keyBytes)) {
        byte[] cut = Arrays.copyOf(key, keyBytes);
        endTable(newKey ? cut : Arrays.copyOf(key, keyBytes + 1));
        stretchFrom = cut;
        out = null;
      }
    }
    if (out == null) {
      out = beginTable();
      rememberKeyspace(key, keyBytes);
    }
    out.add(version);
    if (garbageAt > 0) {
      garbage++;
      garbageUntil = Math.max(garbageUntil, garbageAt);
    }
    limit(out);
  }

  /** Ends the last table; returns all, open, ascending. */
  public List<TableFile> finish() throws IOException {
    if (writer == null && hasFragmentFrom(stretchFrom)) {
      beginTable();
    }
    if (writer != null) {
      endTable(null);
    }
    return finished;
  }

  /** The numbers of all tables begun, finished or not. */
  public List<Long> written() {
    return written;
  }

  /** The tables finished so far, open. */
  public List<TableFile> finished() {
    return finished;
  }

  @Override
  public void close() throws IOException {
    WritableFile closing = file;
    TableWriter abandoning = writer;
    file = null;
    writer = null;
    if (abandoning != null) {
      abandoning.close();
    }
    if (closing != null) {
      closing.close();
    }
  }

  private boolean wantsCut(TableWriter out, byte[] key, int keyBytes) {
    long bytes = out.estimatedBytes();
    if (bytes >= cuts.tableBytes) {
      return true;
    }
    if (cuts.atKeyspaces && !isSameKeyspace(key, keyBytes)) {
      return true;
    }
    CutHints hints = cuts.hints;
    return hints != null && hints.before(key, keyBytes, bytes);
  }

  private TableWriter beginTable() throws IOException {
    number = numbers.getAsLong();
    written.add(number);
    garbage = 0;
    garbageUntil = 0;
    file = maker.files().create(maker.path(number));
    TableWriter out = new TableWriter(file, maker.path(number).toString(), maker.options());
    writer = out;
    limited = 0;
    return out;
  }

  private void endTable(byte @Nullable [] end) throws IOException {
    TableWriter out = java.util.Objects.requireNonNull(writer);
    WritableFile ending = java.util.Objects.requireNonNull(file);
    addTombstones(out, end);
    TableProperties properties = out.finish();
    ending.sync();
    close();
    FileMeta meta =
        FileMeta.of(
            number, properties, timestampBase, garbage, garbageUntil, System.currentTimeMillis());
    finished.add(maker.open(meta));
  }

  private void addTombstones(TableWriter out, byte @Nullable [] end) {
    List<TombstoneFragments.Fragment> all = tombstones.kept();
    while (fragmentIndex < all.size()) {
      TombstoneFragments.Fragment each = all.get(fragmentIndex);
      if (end != null && Arrays.compareUnsigned(each.from(), end) >= 0) {
        return;
      }
      byte[] from = later(each.from(), stretchFrom);
      boolean goesOn = end != null && Arrays.compareUnsigned(end, each.to()) < 0;
      byte[] to = goesOn ? end : each.to();
      if (Arrays.compareUnsigned(from, to) < 0) {
        for (long timestamp : each.timestamps()) {
          out.addRangeTombstone(from, to, timestamp);
        }
      }
      if (goesOn) {
        return;
      }
      fragmentIndex++;
    }
  }

  private boolean hasFragmentFrom(byte @Nullable [] start) {
    List<TombstoneFragments.Fragment> all = tombstones.kept();
    return fragmentIndex < all.size()
        && (start == null || Arrays.compareUnsigned(all.get(all.size() - 1).to(), start) > 0);
  }

  private static byte[] later(byte[] key, byte @Nullable [] bound) {
    return bound != null && Arrays.compareUnsigned(bound, key) > 0 ? bound : key;
  }

  private void rememberKeyspace(byte[] key, int keyBytes) {
    keyspaceBytes = keyBytes == 0 ? 0 : Math.min(keyBytes, KeyspacePrefix.lengthFrom(key[0]));
    System.arraycopy(key, 0, keyspace, 0, keyspaceBytes);
  }

  private boolean isSameKeyspace(byte[] key, int keyBytes) {
    return keyspaceBytes > 0
        && Arrays.equals(keyspace, 0, keyspaceBytes, key, 0, Math.min(keyBytes, keyspaceBytes));
  }

  private void limit(TableWriter out) {
    long bytes = out.estimatedBytes();
    if (bytes - limited >= RATE_STEP_BYTES) {
      maker.limiter().take(bytes - limited);
      limited = bytes;
    }
  }
}
