// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB through JNI. */
final class RocksDbEngine implements Engine {
  private final LRUCache cache;
  private final Options options;
  private final WriteOptions writeOptions;
  private final RocksDB database;

  RocksDbEngine(EngineSettings settings) {
    RocksDB.loadLibrary();
    cache = new LRUCache(settings.cacheBytes());
    options =
        new Options()
            .setCreateIfMissing(true)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setWriteBufferSize(settings.memtableBytes())
            .setMaxBackgroundJobs(2)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setFilterPolicy(new BloomFilter(10, false))
                    .setBlockCache(cache)
                    .setFormatVersion(5));
    writeOptions = new WriteOptions().setSync(settings.synced());
    try {
      database = RocksDB.open(options, settings.directory().toString());
    } catch (RocksDBException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public Session session() {
    return new RocksDbSession(database, writeOptions);
  }

  @Override
  public void settle() {
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      database.flush(flush);
      database.compactRange();
    } catch (RocksDBException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    database.close();
    writeOptions.close();
    options.close();
    cache.close();
  }

  private static final class RocksDbSession implements Session {
    private final RocksDB database;
    private final WriteOptions writeOptions;
    private final ReadOptions readOptions = new ReadOptions();
    private final WriteBatch batch = new WriteBatch();

    RocksDbSession(RocksDB database, WriteOptions writeOptions) {
      this.database = database;
      this.writeOptions = writeOptions;
    }

    @Override
    public void put(byte[] key, byte[] value) {
      try {
        database.put(writeOptions, key, value);
      } catch (RocksDBException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @Override
    public void delete(byte[] key) {
      try {
        database.delete(writeOptions, key);
      } catch (RocksDBException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @Override
    public void putBatch(byte[][] keys, byte[][] values, int count) {
      try {
        batch.clear();
        for (int i = 0; i < count; i++) {
          batch.put(keys[i], values[i]);
        }
        database.write(writeOptions, batch);
      } catch (RocksDBException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @Override
    public void deleteBatch(byte[][] keys, int count) {
      try {
        batch.clear();
        for (int i = 0; i < count; i++) {
          batch.delete(keys[i]);
        }
        database.write(writeOptions, batch);
      } catch (RocksDBException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @Override
    public int get(byte[] key, byte[] into) {
      try {
        return database.get(readOptions, key, into);
      } catch (RocksDBException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @Override
    public long scan(byte[] from, long count, boolean reversed) {
      try (RocksIterator iterator = database.newIterator(readOptions)) {
        if (from != null) {
          iterator.seek(from);
        } else if (reversed) {
          iterator.seekToLast();
        } else {
          iterator.seekToFirst();
        }
        long seen = 0;
        while (seen < count && iterator.isValid()) {
          Sink.touch(iterator.key());
          Sink.touch(iterator.value());
          seen++;
          if (reversed) {
            iterator.prev();
          } else {
            iterator.next();
          }
        }
        return seen;
      }
    }

    @Override
    public void close() {
      batch.close();
      readOptions.close();
    }
  }
}
