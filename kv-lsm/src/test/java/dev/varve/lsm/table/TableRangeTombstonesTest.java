// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.lsm.key.RangeTombstones;
import dev.varve.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TableRangeTombstonesTest {
  private static byte[] key(RandomGenerator random) {
    byte[] key = new byte[random.nextInt(5)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(4) * 85);
    }
    return key;
  }

  private static TableReader write(List<Tables.Tombstone> tombstones, TreeSet<Version> versions)
      throws Exception {
    return Tables.open(
        Tables.write(versions, tombstones, TableOptions.defaults()), TableModelTest.cache(false));
  }

  @Property(tries = 150)
  void coverWhatTheOriginalsCover(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count)
      throws Exception {
    RandomGenerator random = Seed.random(seed);
    List<Tables.Tombstone> model = new ArrayList<>();
    while (model.size() < count) {
      byte[] from = key(random);
      byte[] to = key(random);
      if (Arrays.compareUnsigned(from, to) < 0) {
        model.add(new Tables.Tombstone(from, to, 1 + random.nextInt(50)));
      }
    }
    try (TableReader table = write(model, new TreeSet<>())) {
      RangeTombstones found = table.rangeTombstones();
      for (int i = 0; i < 300; i++) {
        byte[] key = key(random);
        long at = random.nextInt(60);
        long expected =
            model.stream()
                .filter(t -> covers(t, key) && t.timestamp() <= at)
                .mapToLong(Tables.Tombstone::timestamp)
                .max()
                .orElse(0);
        assertEquals(expected, found.newestCovering(key, 0, key.length, at));
        assertEquals(expected, found.newestCovering(ByteBuffer.wrap(key), 0, key.length, at));
      }
      assertSameTombstones(model, found);
      assertEquals(count, table.properties().rangeTombstones());
    }
  }

  private static boolean covers(Tables.Tombstone tombstone, byte[] key) {
    return Arrays.compareUnsigned(tombstone.from(), key) <= 0
        && Arrays.compareUnsigned(key, tombstone.to()) < 0;
  }

  private static void assertSameTombstones(List<Tables.Tombstone> model, RangeTombstones found) {
    List<String> expected = new ArrayList<>();
    model.forEach(
        t -> expected.add(Arrays.toString(t.from()) + Arrays.toString(t.to()) + t.timestamp()));
    List<String> actual = new ArrayList<>();
    found.forEach((from, to, ts) -> actual.add(Arrays.toString(from) + Arrays.toString(to) + ts));
    expected.sort(null);
    actual.sort(null);
    assertEquals(expected, actual);
  }

  @Test
  void nestedOnesTakeLittleMoreRoomThanTheirBounds() throws Exception {
    List<Tables.Tombstone> nested = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      nested.add(
          new Tables.Tombstone(new byte[] {0}, new byte[] {1, (byte) (i >> 8), (byte) i}, i + 1));
    }
    try (TableReader table = write(nested, new TreeSet<>())) {
      assertTrue(table.properties().fileBytes() < 5_000 * 160);
      assertEquals(5_000, table.rangeTombstones().newestCovering(new byte[] {0, 7}, 0, 2, 100_000));
      assertEquals(
          0, table.rangeTombstones().newestCovering(new byte[] {1, 19, (byte) 0x87}, 0, 3, 4_999));
    }
  }

  @Test
  void widenTheBoundsOfTheirTable() throws Exception {
    TreeSet<Version> versions = new TreeSet<>();
    versions.add(Version.put(new byte[] {5}, 10, new byte[3]));
    List<Tables.Tombstone> tombstones =
        List.of(new Tables.Tombstone(new byte[] {2}, new byte[] {9}, 30));
    try (TableReader table = write(tombstones, versions)) {
      TableProperties properties = table.properties();
      assertArrayEquals(new byte[] {2}, properties.smallestKey());
      assertArrayEquals(new byte[] {9}, properties.largestKey());
      assertTrue(properties.largestExclusive());
      assertEquals(10, properties.minTimestamp());
      assertEquals(30, properties.maxTimestamp());
    }
  }
}
