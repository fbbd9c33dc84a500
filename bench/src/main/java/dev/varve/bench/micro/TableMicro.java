// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.file.WritableFile;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.filter.KeyHash;
import dev.varve.lsm.iterator.MergingIterator;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.table.TableOptions;
import dev.varve.lsm.table.TableReader;
import dev.varve.lsm.table.TableWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Tables: point lookups that hit and miss, seeks, walking one table and a merge of four. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TableMicro {
  private static final int VALUE_BYTES = 100;
  private static final int SOURCES = 4;

  @Param({"1000000"})
  public int entries;

  /** Whether values repeat their first half, so that blocks are compressed and cached. */
  @Param({"false", "true"})
  public boolean compressible;

  private final Lookup lookup = new Lookup();
  private final SplittableRandom random = new SplittableRandom(1);
  private MicroKeys keys;
  private BlockCache cache;
  private TableReader table;
  private TableReader[] parts;
  private VersionIterator walk;
  private VersionIterator merge;

  /** Writes one table with everything, and four with every fourth entry each. */
  @Setup
  public void write() throws Exception {
    keys = new MicroKeys(entries);
    MemoryBudget budget = new MemoryBudget(1L << 30);
    InMemoryFileSystem files = new InMemoryFileSystem(budget);
    files.createDirectories(Path.of("/tables"));
    cache = new BlockCache(budget, 256L << 20);
    table = write(files, 1, 0, 1);
    parts = new TableReader[SOURCES];
    VersionIterator[] sources = new VersionIterator[SOURCES];
    for (int i = 0; i < SOURCES; i++) {
      parts[i] = write(files, 2 + i, i, SOURCES);
      sources[i] = parts[i].iterator();
    }
    walk = table.iterator();
    merge = new MergingIterator(sources);
    walk.seekToFirst();
    merge.seekToFirst();
  }

  private TableReader write(InMemoryFileSystem files, int number, int from, int step)
      throws Exception {
    Path path = Path.of("/tables", number + ".sst");
    ByteBuffer value = ByteBuffer.allocateDirect(VALUE_BYTES);
    ByteBuffer key = ByteBuffer.allocateDirect(MicroKeys.BYTES);
    byte[] content = new byte[VALUE_BYTES];
    try (WritableFile file = files.create(path);
        TableWriter writer = new TableWriter(file, path.toString(), TableOptions.defaults())) {
      for (int i = from; i < entries; i += step) {
        random.nextBytes(content);
        if (compressible) {
          System.arraycopy(content, 0, content, VALUE_BYTES / 2, VALUE_BYTES / 2);
        }
        value.put(0, content);
        key.put(0, keys.get(i));
        writer.add(key, 0, MicroKeys.BYTES, Trailer.of(1 + i, Trailer.PUT), value, 0, VALUE_BYTES);
      }
      writer.finish();
      file.sync();
    }
    return TableReader.open(files.mapReadOnly(path), path.toString(), number, 0, cache);
  }

  /** Closes the tables. */
  @TearDown
  public void close() {
    walk.close();
    merge.close();
    table.close();
    for (TableReader part : parts) {
      part.close();
    }
    cache.close();
  }

  @Benchmark
  public int findHit() {
    byte[] key = keys.get(random.nextInt(entries));
    table.find(key, 0, key.length, KeyHash.of(key, 0, key.length), Trailer.MAX_TIMESTAMP, lookup);
    int bytes = lookup.valueBytes();
    lookup.release();
    return bytes;
  }

  @Benchmark
  public boolean findMiss() {
    byte[] key = keys.missing(random.nextInt(entries));
    return table.find(
        key, 0, key.length, KeyHash.of(key, 0, key.length), Trailer.MAX_TIMESTAMP, lookup);
  }

  @Benchmark
  public boolean seek() {
    byte[] key = keys.get(random.nextInt(entries));
    walk.seek(key, 0, key.length, Trailer.FIRST);
    return walk.isValid();
  }

  @Benchmark
  public int next() {
    return next(walk);
  }

  @Benchmark
  public int mergeNext() {
    return next(merge);
  }

  private static int next(VersionIterator iterator) {
    if (!iterator.isValid()) {
      iterator.seekToFirst();
    }
    int bytes = iterator.keyBytes() + iterator.valueBytes();
    iterator.next();
    return bytes;
  }
}
