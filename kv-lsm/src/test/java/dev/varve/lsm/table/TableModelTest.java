// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Compression;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.filter.KeyHash;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.key.Trailer;
import dev.varve.testkit.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** A table holds, in every way of asking, what a sorted set of the same versions holds. */
class TableModelTest {
  @Property(tries = 60)
  void iteratesLikeASortedSet(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 1200) int count,
      @ForAll boolean compressed,
      @ForAll boolean cached)
      throws Exception {
    RandomGenerator random = Seed.random(seed);
    TreeSet<Version> model = Tables.randomVersions(random, count);
    try (BlockCache cache = cache(cached);
        TableReader table =
            Tables.open(Tables.write(model, List.of(), options(random, compressed)), cache)) {
      assertEquals(new ArrayList<>(model), Tables.read(table));
      try (TableIterator iterator = table.iterator()) {
        List<Version> backward = new ArrayList<>();
        for (iterator.seekToLast(); iterator.isValid(); iterator.previous()) {
          backward.add(Version.of(iterator));
        }
        assertEquals(new ArrayList<>(model.descendingSet()), backward);
        walkAtRandom(random, model, iterator);
      }
    }
  }

  private static void walkAtRandom(
      RandomGenerator random, TreeSet<Version> model, TableIterator iterator) {
    for (int i = 0; i < 300; i++) {
      Version target = target(random, model);
      boolean before = random.nextBoolean();
      Version expected = before ? model.lower(target) : model.ceiling(target);
      byte[] padded = padded(target.key());
      if (before) {
        iterator.seekBefore(padded, 3, target.key().length, target.trailer());
      } else {
        iterator.seek(padded, 3, target.key().length, target.trailer());
      }
      for (int step = 0; step < 4; step++) {
        assertAt(expected, iterator);
        if (expected == null) {
          break;
        }
        boolean forward = random.nextBoolean();
        expected = forward ? model.higher(expected) : model.lower(expected);
        if (forward) {
          iterator.next();
        } else {
          iterator.previous();
        }
      }
    }
  }

  private static void assertAt(@Nullable Version expected, TableIterator iterator) {
    assertEquals(expected != null, iterator.isValid());
    if (expected != null) {
      assertEquals(expected, Version.of(iterator));
    }
  }

  private static Version target(RandomGenerator random, TreeSet<Version> model) {
    byte[] key = Tables.randomKey(random, random.nextInt(6));
    long timestamp = random.nextInt(1000);
    if (random.nextInt(4) > 0) {
      Version near = model.ceiling(new Version(key, Trailer.FIRST, key));
      near = near == null ? model.last() : near;
      int length = Math.max(0, near.key().length + random.nextInt(3) - 1);
      key = random.nextBoolean() ? near.key() : Arrays.copyOf(near.key(), length);
      timestamp = Math.max(0, near.timestamp() + random.nextInt(3) - 1);
    }
    return new Version(key, Trailer.firstVisible(timestamp), new byte[0]);
  }

  /** The key in the middle of an array, so that an offset that is forgotten shows. */
  private static byte[] padded(byte[] key) {
    byte[] padded = new byte[key.length + 5];
    Arrays.fill(padded, (byte) 0x5a);
    System.arraycopy(key, 0, padded, 3, key.length);
    return padded;
  }

  @Property(tries = 60)
  void findsLikeASortedSet(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 1200) int count,
      @ForAll boolean compressed,
      @ForAll boolean cached)
      throws Exception {
    RandomGenerator random = Seed.random(seed);
    TreeSet<Version> model = Tables.randomVersions(random, count);
    try (BlockCache cache = cache(cached);
        TableReader table =
            Tables.open(Tables.write(model, List.of(), options(random, compressed)), cache)) {
      Lookup lookup = new Lookup();
      for (int i = 0; i < 400; i++) {
        Version target = target(random, model);
        assertFinds(Tables.newest(model, target.key(), target.timestamp()), target, table, lookup);
      }
      for (Version version : model) {
        assertFinds(version, version, table, lookup);
      }
    }
  }

  private static void assertFinds(
      @Nullable Version expected, Version target, TableReader table, Lookup lookup) {
    byte[] key = padded(target.key());
    int bytes = target.key().length;
    long hash = KeyHash.of(key, 3, bytes);
    boolean found = table.find(key, 3, bytes, hash, target.timestamp(), lookup);
    assertEquals(expected != null, found, () -> "at " + target);
    if (expected != null) {
      assertEquals(expected.trailer(), lookup.trailer());
      byte[] value = new byte[lookup.valueBytes()];
      lookup.value().get(lookup.valueOffset(), value);
      assertArrayEquals(expected.value(), value);
      lookup.release();
      assertTrue(table.mayContain(key, 3, bytes, hash));
      long after = expected.timestamp();
      assertFalse(table.changed(key, 3, bytes, hash, after, target.timestamp() + 1));
      assertEquals(
          after > 0,
          table.changed(key, 3, bytes, hash, after - 1, target.timestamp() + 1) && after > 0);
    }
  }

  @Property(tries = 40)
  void knowsWhetherARangeChanged(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 600) int count,
      @ForAll boolean compressed)
      throws Exception {
    RandomGenerator random = Seed.random(seed);
    TreeSet<Version> model = Tables.randomVersions(random, count);
    try (BlockCache cache = cache(true);
        TableReader table =
            Tables.open(Tables.write(model, List.of(), options(random, compressed)), cache)) {
      for (int i = 0; i < 200; i++) {
        Version from = target(random, model);
        byte[] to = random.nextInt(5) == 0 ? null : target(random, model).key();
        long after = from.timestamp() - random.nextInt(20);
        long before = after + 1 + random.nextInt(40);
        boolean expected =
            model.stream()
                .anyMatch(
                    v ->
                        Arrays.compareUnsigned(v.key(), from.key()) >= 0
                            && (to == null || Arrays.compareUnsigned(v.key(), to) < 0)
                            && v.timestamp() > after
                            && v.timestamp() < before);
        assertEquals(expected, table.changed(from.key(), to, after, before));
      }
    }
  }

  @Property(tries = 20)
  void datesVersionsThatWereWrittenBeforeTheirCommit(@ForAll long seed) throws Exception {
    RandomGenerator random = Seed.random(seed);
    TreeSet<Version> undated = new TreeSet<>();
    for (Version version : Tables.randomVersions(random, 300)) {
      undated.add(new Version(version.key(), Trailer.of(0, Trailer.PUT), version.value()));
    }
    long commit = 1L << 50;
    TreeSet<Version> model = new TreeSet<>();
    undated.forEach(v -> model.add(Version.put(v.key(), commit, v.value())));
    MemoryFile file = Tables.write(undated, List.of(), options(random, random.nextBoolean()));
    try (BlockCache cache = cache(true);
        TableReader table = TableReader.open(file.map(), "test.sst", 1, commit, cache)) {
      assertEquals(new ArrayList<>(model), Tables.read(table));
      assertEquals(commit, table.properties().minTimestamp());
      assertEquals(commit, table.properties().maxTimestamp());
      Lookup lookup = new Lookup();
      try (TableIterator iterator = table.iterator()) {
        walkAtRandom(random, model, iterator);
      }
      for (Version version : model) {
        assertFinds(version, version, table, lookup);
        assertFinds(null, Version.put(version.key(), commit - 1, new byte[0]), table, lookup);
      }
    }
  }

  @Property(tries = 40)
  void countsWhatItHolds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 500) int count)
      throws Exception {
    RandomGenerator random = Seed.random(seed);
    TreeSet<Version> model = Tables.randomVersions(random, count);
    MemoryFile file = Tables.write(model, List.of(), options(random, true));
    try (BlockCache cache = cache(false);
        TableReader table = Tables.open(file, cache)) {
      TableProperties properties = table.properties();
      assertEquals(model.size(), properties.entries());
      assertEquals(file.sizeBytes(), properties.fileBytes());
      assertEquals(
          model.stream().filter(v -> Trailer.kind(v.trailer()) == Trailer.DELETE).count(),
          properties.deletes());
      assertEquals(model.stream().mapToLong(v -> v.key().length).sum(), properties.keyBytes());
      assertEquals(model.stream().mapToLong(v -> v.value().length).sum(), properties.valueBytes());
      assertEquals(
          model.stream().mapToLong(Version::timestamp).max().orElseThrow(),
          properties.maxTimestamp());
      assertEquals(
          model.stream().mapToLong(Version::timestamp).min().orElseThrow(),
          properties.minTimestamp());
      assertArrayEquals(model.first().key(), properties.smallestKey());
      assertArrayEquals(model.last().key(), properties.largestKey());
      assertFalse(properties.largestExclusive());
    }
  }

  static BlockCache cache(boolean large) {
    return new BlockCache(new MemoryBudget(16 << 20), large ? 4 << 20 : 0);
  }

  static TableOptions options(RandomGenerator random, boolean compressed) {
    int[] blockBytes = {64, 256, 4096, 1 << 15, 1 << 18};
    return TableOptions.defaults()
        .blockBytes(blockBytes[random.nextInt(blockBytes.length)])
        .compression(compressed ? Compression.LZ4 : Compression.NONE)
        .filterBits(random.nextInt(4) == 0 ? 0 : 10);
  }
}
