// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Compression;
import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to the bytes of a table, what is read from it was written to it. */
class TableDamageTest {
  private static final BlockCache NO_CACHE = TableModelTest.cache(false);

  private static MemoryFile table(TreeSet<Version> versions, Compression compression)
      throws Exception {
    TableOptions options = TableOptions.defaults().blockBytes(512).compression(compression);
    return Tables.write(versions, tombstones(), options);
  }

  private static List<Tables.Tombstone> tombstones() {
    return List.of(
        new Tables.Tombstone(new byte[] {1}, new byte[] {2}, 7),
        new Tables.Tombstone(new byte[] {1, 5}, new byte[] {3}, 8));
  }

  private static TreeSet<Version> versions(RandomGenerator random, int count) {
    TreeSet<Version> versions = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[40];
      Arrays.fill(value, (byte) random.nextInt());
      versions.add(Version.put(("key-" + random.nextInt(1000)).getBytes(), i + 1, value));
    }
    return versions;
  }

  /** Everything in a table, or null if it is found damaged. */
  private static @Nullable List<Object> readAll(byte[] file) {
    try (TableReader table = TableReader.open(MemoryFile.map(file), "test.sst", 1, 0, NO_CACHE)) {
      List<VarveException> problems = new ArrayList<>();
      TableVerifier.verify(table, problems::add);
      List<Object> all = new ArrayList<>(Tables.read(table));
      table
          .rangeTombstones()
          .forEach((from, to, ts) -> all.addAll(List.of(hex(from), hex(to), ts)));
      assertEquals(List.of(), problems, "a problem that reading did not meet");
      return all;
    } catch (VarveException e) {
      assertEquals(ErrorCode.CORRUPTION, e.code());
      assertEquals("test.sst", e.facts().get("file"));
      assertNotNull(e.facts().get("offset"));
      assertTrue(
          e.facts().keySet().stream().anyMatch(name -> name.startsWith("expected"))
              && e.facts().keySet().stream().anyMatch(name -> name.startsWith("found")),
          e::getMessage);
      return null;
    }
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyFlippedBitIsFoundOrHarmless(Compression compression) {
    Seed.run(
        (seed, random) -> {
          byte[] file = table(versions(random, 40), compression).bytes();
          List<Object> expected = readAll(file);
          assertNotNull(expected);
          int harmless = 0;
          for (int bit = 0; bit < file.length * 8; bit++) {
            file[bit >> 3] ^= (byte) (1 << (bit & 7));
            List<Object> found = readAll(file);
            if (found != null) {
              assertEquals(expected, found, "bit " + bit);
              harmless++;
            }
            file[bit >> 3] ^= (byte) (1 << (bit & 7));
          }
          assertTrue(harmless < file.length, "only gaps are harmless, not " + harmless + " bits");
        });
  }

  @Test
  void aTableCutShortIsFoundDamaged() {
    Seed.run(
        (seed, random) -> {
          byte[] file = table(versions(random, 60), Compression.LZ4).bytes();
          for (int bytes = 0; bytes < file.length; bytes += 1 + random.nextInt(40)) {
            byte[] cut = Arrays.copyOf(file, bytes);
            VarveException e =
                assertThrows(
                    VarveException.class,
                    () -> TableReader.open(MemoryFile.map(cut), "test.sst", 1, 0, NO_CACHE));
            assertEquals(ErrorCode.CORRUPTION, e.code());
          }
        });
  }

  @Test
  void overwrittenRangesAreFoundAndTheRestIsSalvaged() {
    Seed.run(
        (seed, random) -> {
          TreeSet<Version> versions = versions(random, 400);
          byte[] file = table(versions, Compression.values()[random.nextInt(2)]).bytes();
          for (int i = 0; i < 200; i++) {
            byte[] damaged = file.clone();
            int bytes = 1 + random.nextInt(700);
            int at = random.nextInt(file.length - bytes);
            for (int j = at; j < at + bytes; j++) {
              damaged[j] = (byte) random.nextInt();
            }
            readAll(damaged);
            List<Version> salvaged = salvage(damaged);
            assertTrue(versions.containsAll(salvaged), "salvaged what was not written");
            int lost = versions.size() - salvaged.size();
            assertTrue(lost <= (bytes / 100 + 2) * 12, "lost " + lost + " of " + bytes + " bytes");
          }
        });
  }

  @Test
  void salvagesEverythingWithoutHeaderIndexAndFooter() throws Exception {
    TreeSet<Version> versions = versions(Seed.random(1), 300);
    byte[] file = table(versions, Compression.LZ4).bytes();
    Arrays.fill(file, 0, TableFormat.HEADER_BYTES, (byte) 0);
    Arrays.fill(file, file.length - 700, file.length, (byte) 0x77);
    List<Version> salvaged = salvage(file);
    assertEquals(new ArrayList<>(versions), salvaged);
  }

  @Test
  void aTableInsideAValueIsNotSalvagedAsItsOwn() throws Exception {
    byte[] inner = table(versions(Seed.random(2), 50), Compression.NONE).bytes();
    TreeSet<Version> outer = versions(Seed.random(3), 5);
    outer.add(Version.put("key-".getBytes(), 1, inner));
    byte[] file =
        Tables.write(outer, List.of(), TableOptions.defaults().compression(Compression.NONE))
            .bytes();
    file[200] ^= 1;
    assertTrue(outer.containsAll(salvage(file)));
  }

  private static List<Version> salvage(byte[] file) {
    List<Version> salvaged = new ArrayList<>();
    TableSalvage.Result result =
        TableSalvage.salvage(
            ByteBuffer.wrap(file),
            0,
            new TableSalvage.Visitor() {
              @Override
              public void version(
                  ByteBuffer key,
                  int keyOffset,
                  int keyBytes,
                  long trailer,
                  ByteBuffer value,
                  int valueOffset,
                  int valueBytes) {
                byte[] k = new byte[keyBytes];
                byte[] v = new byte[valueBytes];
                key.get(keyOffset, k);
                value.get(valueOffset, v);
                salvaged.add(new Version(k, trailer, v));
              }

              @Override
              public void rangeTombstone(byte[] from, byte[] to, long timestamp) {
                assertTrue(timestamp == 7 || timestamp == 8);
              }
            });
    assertEquals(salvaged.size(), result.versions());
    return salvaged;
  }

  @Test
  void anIntactTableHasNothingToReport() throws Exception {
    TreeSet<Version> versions = Tables.randomVersions(Seed.random(4), 3000);
    TableOptions options = TableOptions.defaults().blockBytes(64);
    try (TableReader table = Tables.open(Tables.write(versions, tombstones(), options), NO_CACHE)) {
      List<VarveException> problems = new ArrayList<>();
      assertEquals(versions.size(), TableVerifier.verify(table, problems::add));
      assertEquals(List.of(), problems);
    }
  }

  @Test
  void versionsOutOfOrderAreRefused() throws Exception {
    try (TableWriter writer =
        new TableWriter(new MemoryFile(), "test.sst", TableOptions.defaults())) {
      Tables.add(writer, Version.put(new byte[] {2}, 5, new byte[1]));
      for (Version wrong :
          List.of(
              Version.put(new byte[] {2}, 5, new byte[1]),
              Version.put(new byte[] {2}, 6, new byte[1]),
              Version.put(new byte[] {1}, 4, new byte[1]))) {
        VarveException e = assertThrows(VarveException.class, () -> Tables.add(writer, wrong));
        assertEquals(ErrorCode.INTERNAL, e.code());
      }
    }
  }
}
