// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.key.Trailer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Makes tables and what goes into them. */
final class Tables {
  private Tables() {}

  record Tombstone(byte[] from, byte[] to, long timestamp) {}

  static MemoryFile write(
      Collection<Version> versions, List<Tombstone> tombstones, TableOptions options)
      throws IOException {
    MemoryFile file = new MemoryFile();
    try (TableWriter writer = new TableWriter(file, "test.sst", options)) {
      tombstones.forEach(t -> writer.addRangeTombstone(t.from, t.to, t.timestamp));
      for (Version version : versions) {
        add(writer, version);
      }
      writer.finish();
    }
    return file;
  }

  static void add(TableWriter writer, Version version) throws IOException {
    ByteBuffer key = ByteBuffer.wrap(version.key());
    ByteBuffer value = ByteBuffer.wrap(version.value());
    writer.add(key, 0, version.key().length, version.trailer(), value, 0, version.value().length);
  }

  static TableReader open(MemoryFile file, BlockCache cache) {
    return TableReader.open(file.map(), "test.sst", 1, 0, cache);
  }

  /** Versions of keys of many shapes: empty, long, alike, binary; with several versions each. */
  static TreeSet<Version> randomVersions(RandomGenerator random, int count) {
    TreeSet<Version> versions = new TreeSet<>();
    int shape = random.nextInt(6);
    int valueBytes = random.nextBoolean() ? 20 : 200;
    long clock = random.nextBoolean() ? 1L << 58 : 1;
    while (versions.size() < count) {
      byte[] key = randomKey(random, shape);
      int of = random.nextInt(8) == 0 ? 1 + random.nextInt(30) : 1;
      for (int i = 0; i < of; i++) {
        long timestamp = random.nextInt(5) == 0 ? 0 : clock + random.nextInt(1000);
        versions.removeIf(v -> java.util.Arrays.equals(v.key(), key) && v.timestamp() == timestamp);
        versions.add(
            random.nextInt(6) == 0
                ? Version.delete(key, timestamp)
                : Version.put(key, timestamp, randomValue(random, valueBytes)));
      }
    }
    return versions;
  }

  static byte[] randomKey(RandomGenerator random, int shape) {
    return switch (shape) {
      case 0 -> bytes(random, random.nextInt(4), 3);
      case 1 -> bytes(random, 16, 256);
      case 2 -> ("tenant-000001/user-" + random.nextInt(5000)).getBytes();
      case 3 -> bytes(random, random.nextInt(20), 2);
      case 4 -> {
        byte[] key = new byte[random.nextInt(40) == 0 ? 65536 : 3000];
        key[key.length - 1] = (byte) random.nextInt(256);
        key[key.length - 2] = (byte) random.nextInt(256);
        yield key;
      }
      default -> {
        byte[] key = bytes(random, 9 + random.nextInt(3), 256);
        java.util.Arrays.fill(key, 0, random.nextInt(9), (byte) 0xff);
        yield key;
      }
    };
  }

  private static byte[] bytes(RandomGenerator random, int length, int alphabet) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) random.nextInt(alphabet);
    }
    return bytes;
  }

  private static byte[] randomValue(RandomGenerator random, int most) {
    byte[] value = new byte[random.nextInt(most)];
    if (random.nextBoolean()) {
      random.nextBytes(value);
    } else {
      java.util.Arrays.fill(value, (byte) random.nextInt());
    }
    return value;
  }

  static List<Version> read(TableReader table) {
    List<Version> versions = new ArrayList<>();
    try (TableIterator iterator = table.iterator()) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        versions.add(Version.of(iterator));
      }
    }
    return versions;
  }

  /** What a read at {@code timestamp} finds. */
  static Version newest(TreeSet<Version> versions, byte[] key, long timestamp) {
    Version found =
        versions.ceiling(new Version(key, Trailer.firstVisible(timestamp), new byte[0]));
    return found != null && java.util.Arrays.equals(found.key(), key) ? found : null;
  }
}
