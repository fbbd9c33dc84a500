// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.inspect.KeyVersion;
import dev.varve.lsm.inspect.KeyspaceInfo;
import dev.varve.lsm.inspect.LogRecord;
import dev.varve.lsm.inspect.MemTableInfo;
import dev.varve.lsm.inspect.TableInfo;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.RangeTombstones;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.ReadView;
import dev.varve.lsm.snapshot.Views;
import dev.varve.lsm.table.KeyspaceProperties;
import dev.varve.lsm.table.TableAnatomy;
import dev.varve.lsm.table.TableReader;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.FileNames;
import dev.varve.lsm.version.Manifest;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.StorageErrors;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.wal.LogFollower;
import dev.varve.lsm.wal.WalFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Looks into a store without changing it. What it shows is of one moment; the store stays the caller's.
 */
public final class StoreInspector {
  private static final long INSPECTION_BYTES = 16L << 20;

  private final Views views;

  /** Looks into {@code store}. */
  public StoreInspector(LsmStore store) {
    this.views = store.views();
  }

  /** All tables, level by level, each level in the order of keys. */
  public List<TableInfo> tables() {
    List<TableInfo> tables = new ArrayList<>();
    look(
        view -> {
          Version version = view.version();
          for (SortedRun run : version.level0()) {
            run.files().forEach(file -> tables.add(info(0, run.number(), file.meta())));
          }
          for (int level = 1; level < Version.LEVELS; level++) {
            for (TableFile file : version.level(level).files()) {
              tables.add(info(level, 0, file.meta()));
            }
          }
        });
    return tables;
  }

  private static TableInfo info(int level, long run, FileMeta meta) {
    return new TableInfo(
        level,
        run,
        FileNames.table(meta.number()),
        meta.fileBytes(),
        meta.rawBytes(),
        meta.entries(),
        meta.deletes(),
        meta.rangeDeletes(),
        meta.garbage(),
        meta.smallest(),
        meta.largest(),
        meta.minTimestamp(),
        meta.maxTimestamp(),
        meta.createdMillis());
  }

  /** The memtables, newest first. */
  public List<MemTableInfo> memTables() {
    List<MemTableInfo> found = new ArrayList<>();
    look(
        view -> {
          for (MemTable each : view.memTables()) {
            found.add(
                new MemTableInfo(
                    each.entries(),
                    each.deletes(),
                    each.approximateBytes(),
                    each.capacityBytes(),
                    each.minTimestamp(),
                    each.maxTimestamp()));
          }
        });
    return found;
  }

  /** What the tables hold of each keyspace, ascending. */
  public List<KeyspaceInfo> keyspaces() {
    Map<Integer, KeyspaceInfo> sums = new TreeMap<>();
    look(
        view ->
            view.version()
                .forEachFile(
                    file -> {
                      for (KeyspaceProperties part : file.reader().properties().keyspaces()) {
                        sums.merge(part.id(), info(part), StoreInspector::sum);
                      }
                    }));
    return List.copyOf(sums.values());
  }

  private static KeyspaceInfo info(KeyspaceProperties part) {
    return new KeyspaceInfo(
        part.id(), part.entries(), part.deletes(), part.keyBytes() + part.valueBytes());
  }

  private static KeyspaceInfo sum(KeyspaceInfo one, KeyspaceInfo other) {
    return new KeyspaceInfo(
        one.id(),
        one.entries() + other.entries(),
        one.deletes() + other.deletes(),
        one.bytes() + other.bytes());
  }

  /** Every version of a physical key that is still there, newest first. */
  public List<KeyVersion> history(byte[] key) {
    List<KeyVersion> versions = new ArrayList<>();
    look(
        view -> {
          for (MemTable each : view.memTables()) {
            String source = "memtable " + each.number();
            collect(each.iterator(), key, source, versions);
            collect(each.rangeTombstones(), key, source, versions);
          }
          view.version()
              .forEachFile(
                  file -> {
                    if (file.meta().mayHold(key)) {
                      String source = FileNames.table(file.meta().number());
                      collect(file.reader().scanIterator(), key, source, versions);
                      collect(file.reader().rangeTombstones(), key, source, versions);
                    }
                  });
        });
    versions.sort(Comparator.comparingLong(KeyVersion::timestamp).reversed());
    return versions;
  }

  private static void collect(
      VersionIterator iterator, byte[] key, String source, List<KeyVersion> versions) {
    try (iterator) {
      iterator.seek(key, 0, key.length, Trailer.FIRST);
      while (iterator.isValid()
          && Arrays.equals(
              key, copy(iterator.keyBuffer(), iterator.keyOffset(), iterator.keyBytes()))) {
        boolean put = Trailer.kind(iterator.trailer()) == Trailer.PUT;
        versions.add(
            new KeyVersion(
                source,
                Trailer.timestamp(iterator.trailer()),
                put ? "put" : "delete",
                put
                    ? copy(iterator.valueBuffer(), iterator.valueOffset(), iterator.valueBytes())
                    : null));
        iterator.next();
      }
    }
  }

  private static void collect(
      RangeTombstones tombstones, byte[] key, String source, List<KeyVersion> versions) {
    tombstones.forEach(
        (from, to, timestamp) -> {
          if (Arrays.compareUnsigned(from, key) <= 0 && Arrays.compareUnsigned(key, to) < 0) {
            versions.add(new KeyVersion(source, timestamp, "delete range", null));
          }
        });
  }

  /** Hands out every version in a table file, in order: key, timestamp, kind, value. */
  public static void tableVersions(FileSystem files, Path file, EntryVisitor visitor) {
    try (BlockCache cache = new BlockCache(new MemoryBudget(INSPECTION_BYTES), 0);
        TableReader reader =
            TableReader.open(files.mapReadOnly(file), file.toString(), 1, 0, cache);
        VersionIterator versions = reader.scanIterator()) {
      for (versions.seekToFirst(); versions.isValid(); versions.next()) {
        boolean put = Trailer.kind(versions.trailer()) == Trailer.PUT;
        byte[] value =
            put
                ? copy(versions.valueBuffer(), versions.valueOffset(), versions.valueBytes())
                : new byte[0];
        visitor.entry(
            copy(versions.keyBuffer(), versions.keyOffset(), versions.keyBytes()),
            Trailer.timestamp(versions.trailer()),
            put,
            value);
      }
    } catch (IOException failure) {
      throw StorageErrors.of(failure, "The table could not be read.", file);
    }
  }

  /** Hands out every byte of a table file, part by part. */
  public static void tableBytes(FileSystem files, Path file, PartVisitor visitor) {
    try (MappedFile mapped = files.mapReadOnly(file)) {
      ByteBuffer bytes = mapped.buffer().order(java.nio.ByteOrder.LITTLE_ENDIAN);
      for (TableAnatomy.Part part : TableAnatomy.of(bytes, file.toString())) {
        byte[] copy = copy(bytes, part.offset(), part.bytes());
        visitor.part(part.offset(), part.frame(), part.what(), copy);
      }
    } catch (IOException failure) {
      throw StorageErrors.of(failure, "The table could not be read.", file);
    }
  }

  /** Receives the parts of a table. */
  @FunctionalInterface
  public interface PartVisitor {
    /** Some bytes: where, in what, what they are. */
    void part(int offset, String frame, String what, byte[] bytes);
  }

  /** Receives the versions of a table. */
  @FunctionalInterface
  public interface EntryVisitor {
    /** One version; {@code value} is empty for a delete. */
    void entry(byte[] key, long timestamp, boolean put, byte[] value);
  }

  /** Every whole record of the log in {@code directory} that a recovery would read, oldest first. */
  public static List<LogRecord> log(FileSystem files, Path directory) {
    List<LogRecord> records = new ArrayList<>();
    try (LogFollower log = LogFollower.open(files, directory)) {
      log.records(
          Manifest.read(files, directory).logStart(),
          (position, kind, timestamp, payloadBytes) ->
              records.add(
                  new LogRecord(
                      WalFormat.segment(position),
                      WalFormat.offset(position),
                      WalFormat.kindName(kind),
                      timestamp,
                      payloadBytes)));
    } catch (IOException failure) {
      throw StorageErrors.of(failure, "The log could not be read.", directory);
    }
    return records;
  }

  private void look(Consumer<ReadView> visitor) {
    Views.Lease lease = views.lease();
    try {
      visitor.accept(lease.view());
    } finally {
      views.endLease(lease.view(), lease.token());
    }
  }

  private static byte[] copy(ByteBuffer from, int offset, int bytes) {
    byte[] copy = new byte[bytes];
    from.get(offset, copy, 0, bytes);
    return copy;
  }
}
