// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Compression;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.store.RangeEstimate;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.filter.KeyHash;
import dev.varve.lsm.key.Lookup;
import dev.varve.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tables of particular shapes: empty, deep, of large values, of several keyspaces. */
class TableShapeTest {
  private static final BlockCache NO_CACHE = TableModelTest.cache(false);

  private static byte[] key(int keyspace, int number) {
    byte[] prefix = KeyspacePrefix.of(keyspace);
    byte[] key = Arrays.copyOf(prefix, prefix.length + 8);
    ByteBuffer.wrap(key).putInt(prefix.length, number / 10).putInt(prefix.length + 4, number);
    return key;
  }

  private static boolean contains(TableReader table, byte[] key) {
    Lookup lookup = new Lookup();
    boolean found =
        table.find(key, 0, key.length, KeyHash.of(key, 0, key.length), Long.MAX_VALUE, lookup);
    lookup.release();
    return found;
  }

  @Test
  void anEmptyTableHasNothing() throws Exception {
    try (TableReader table =
        Tables.open(Tables.write(List.of(), List.of(), TableOptions.defaults()), NO_CACHE)) {
      assertFalse(contains(table, new byte[0]));
      assertFalse(table.mayContainPrefix(new byte[] {1}, 0, 1));
      assertEquals(List.of(), Tables.read(table));
      try (TableIterator iterator = table.iterator()) {
        iterator.seekToLast();
        assertFalse(iterator.isValid());
        iterator.seek(new byte[0], 0, 0, 0);
        assertFalse(iterator.isValid());
      }
      assertEquals(new RangeEstimate(0, 0), table.estimate(new byte[0], null));
      assertTrue(table.rangeTombstones().isEmpty());
    }
  }

  @Test
  void theIndexGrowsAsManyLevelsAsItNeeds() throws Exception {
    TreeSet<Version> versions = new TreeSet<>();
    for (int i = 0; i < 150_000; i++) {
      versions.add(Version.put(key(1, i), 1, new byte[30]));
    }
    TableOptions options = TableOptions.defaults().blockBytes(64).compression(Compression.NONE);
    try (TableReader table = Tables.open(Tables.write(versions, List.of(), options), NO_CACHE)) {
      assertEquals(3, table.levels());
      assertEquals(new ArrayList<>(versions), Tables.read(table));
      for (int i = 0; i < 150_000; i += 77) {
        assertTrue(contains(table, key(1, i)));
      }
      assertFalse(contains(table, key(1, 150_000)));
      assertEquals(150_000, TableVerifier.verify(table, e -> assertEquals(null, e)));
      RangeEstimate estimate = table.estimate(key(1, 40_000), key(1, 100_000));
      assertEquals(60_000, estimate.entries(), 10);
    }
  }

  @Test
  void aVersionOfAKeyIsFoundHoweverManyBlocksTheKeyFills() throws Exception {
    TreeSet<Version> versions = new TreeSet<>();
    for (int number = 0; number < 3; number++) {
      for (int timestamp = 1; timestamp <= 30_000; timestamp++) {
        versions.add(Version.put(key(1, number), timestamp, new byte[] {(byte) timestamp}));
      }
    }
    TableOptions options = TableOptions.defaults().blockBytes(128);
    try (TableReader table = Tables.open(Tables.write(versions, List.of(), options), NO_CACHE)) {
      assertTrue(table.levels() > 1);
      Lookup lookup = new Lookup();
      for (int number = 0; number < 3; number++) {
        byte[] key = key(1, number);
        for (int timestamp = 1; timestamp <= 30_000; timestamp += 13) {
          long hash = KeyHash.of(key, 0, key.length);
          assertTrue(table.find(key, 0, key.length, hash, timestamp, lookup));
          assertEquals(timestamp, lookup.trailer() >>> 2);
          lookup.release();
        }
      }
    }
  }

  @Test
  void largeValuesAreReadWhereTheyStand() throws Exception {
    TreeSet<Version> versions = new TreeSet<>();
    for (int i = 0; i < 12; i++) {
      byte[] value = new byte[i % 3 == 0 ? 3_000_000 : i % 3 == 1 ? 70_000 : 50];
      Seed.random(i).nextBytes(value);
      versions.add(Version.put(key(1, i), 5, value));
      versions.add(Version.put(key(1, i), 3, value));
      versions.add(Version.delete(key(1, i), 2));
    }
    MemoryFile file = Tables.write(versions, List.of(), TableOptions.defaults());
    try (TableReader table = Tables.open(file, NO_CACHE)) {
      assertEquals(new ArrayList<>(versions), Tables.read(table));
      Lookup lookup = new Lookup();
      for (Version version : versions) {
        byte[] key = version.key();
        long hash = KeyHash.of(key, 0, key.length);
        assertTrue(table.find(key, 0, key.length, hash, version.timestamp(), lookup));
        assertEquals(version.trailer(), lookup.trailer());
        byte[] value = new byte[lookup.valueBytes()];
        lookup.value().get(lookup.valueOffset(), value);
        assertArrayEquals(version.value(), value);
      }
      assertEquals(36, TableVerifier.verify(table, e -> assertEquals(null, e)));
    }
  }

  @Test
  void theWriterSaysWhenTheFileIsFull() throws Exception {
    MemoryFile file = new MemoryFile();
    long most = 1 << 20;
    try (TableWriter writer =
        new TableWriter(file, "test.sst", TableOptions.defaults().maxBytes(most))) {
      int added = 0;
      byte[] value = new byte[500];
      while (writer.hasRoomFor(9, value.length)) {
        Seed.random(added).nextBytes(value);
        Tables.add(writer, Version.put(key(1, added++), 1, value));
      }
      long estimated = writer.estimatedBytes();
      TableProperties properties = writer.finish();
      assertTrue(properties.fileBytes() <= most, () -> "bytes " + properties.fileBytes());
      assertTrue(properties.fileBytes() > most * 8 / 10, () -> "bytes " + properties.fileBytes());
      assertEquals(properties.fileBytes(), estimated, most / 50.0);
      assertEquals(properties.fileBytes(), file.sizeBytes());
    }
  }

  @Test
  void countsByKeyspace() throws Exception {
    TreeSet<Version> versions = new TreeSet<>();
    for (int i = 0; i < 1_000; i++) {
      versions.add(Version.put(key(3, i), 1, new byte[10]));
      versions.add(Version.delete(key(300, i), 1));
    }
    try (TableReader table =
        Tables.open(Tables.write(versions, List.of(), TableOptions.defaults()), NO_CACHE)) {
      assertEquals(
          List.of(
              new KeyspaceProperties(3, 1_000, 0, 9_000, 10_000, 0),
              new KeyspaceProperties(300, 1_000, 1_000, 10_000, 0, 0)),
          table.properties().keyspaces());
    }
  }

  @Test
  void tellsPrefixesApartThatWereDeclared() throws Exception {
    TreeSet<Version> versions = new TreeSet<>();
    for (int i = 0; i < 20_000; i++) {
      versions.add(Version.put(key(3, i * 20), 1, new byte[10]));
      versions.add(Version.put(key(4, i), 1, new byte[10]));
    }
    TableOptions options =
        TableOptions.defaults().blockBytes(256).prefixes(keyspace -> keyspace == 3 ? 4 : 0);
    try (TableReader table = Tables.open(Tables.write(versions, List.of(), options), NO_CACHE)) {
      int wrong = 0;
      for (int i = 0; i < 40_000; i++) {
        byte[] prefix = Arrays.copyOf(key(3, i * 10), 5);
        boolean there = i % 2 == 0;
        boolean found = table.mayContainPrefix(prefix, 0, 5);
        assertTrue(found || !there, "lost prefix " + i);
        wrong += found && !there ? 1 : 0;
      }
      assertTrue(wrong < 400, "false positives: " + wrong);
      assertTrue(table.mayContainPrefix(new byte[] {3, 1}, 0, 2), "not the declared length");
      assertTrue(table.mayContainPrefix(new byte[] {4, 9, 9, 9, 9}, 0, 5), "not declared");
    }
  }
}
