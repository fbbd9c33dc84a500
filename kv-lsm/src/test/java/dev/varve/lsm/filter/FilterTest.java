// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  private static long hash(long number) {
    byte[] key = new byte[16];
    ByteBuffer.wrap(key).putLong(8, number);
    return KeyHash.of(key, 0, key.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 9_000, 100_000})
  void neverDeniesAKeyAndRarelyImaginesOne(int keys) {
    FilterBuilder builder = new FilterBuilder(10);
    for (int i = 0; i < keys; i++) {
      builder.add(hash(i));
      builder.add(hash(i));
    }
    int lines = builder.lines();
    assertEquals((keys * 10L + 511) / 512, lines, "a repeated key counts once");
    ByteBuffer buffer = ByteBuffer.allocate(lines * FilterFormat.LINE_BYTES + 64);
    builder.build(buffer, 64);
    for (int i = 0; i < keys; i++) {
      assertTrue(Filter.mayContain(buffer, 64, lines, hash(i)));
    }
    int wrong = 0;
    int asked = 500_000;
    for (int i = 0; i < asked; i++) {
      wrong += Filter.mayContain(buffer, 64, lines, hash(1_000_000 + i)) ? 1 : 0;
    }
    double rate = (double) wrong / asked;
    assertTrue(rate <= 0.01, "false positive rate " + rate);
  }

  @Test
  void withoutLinesEverythingMayBeThere() {
    FilterBuilder builder = new FilterBuilder(0);
    builder.add(hash(1));
    assertEquals(0, builder.lines());
    assertTrue(Filter.mayContain(ByteBuffer.allocate(0), 0, 0, hash(2)));
  }

  @Test
  void aBuilderStartsAnew() {
    FilterBuilder builder = new FilterBuilder(10);
    builder.add(hash(1));
    builder.build(ByteBuffer.allocate(64), 0);
    assertEquals(0, builder.lines());
    builder.add(hash(2));
    ByteBuffer second = ByteBuffer.allocate(64);
    builder.build(second, 0);
    assertFalse(Filter.mayContain(second, 0, 1, hash(1)));
    assertTrue(Filter.mayContain(second, 0, 1, hash(2)));
  }

  @Test
  void keysHashTheSameWhereverTheyStand() {
    Seed.run(
        (seed, random) -> {
          Set<Long> seen = new HashSet<>();
          for (int bytes = 0; bytes < 200; bytes++) {
            byte[] key = randomBytes(random, bytes + 7);
            long hash = KeyHash.of(key, 3, bytes);
            ByteBuffer direct = ByteBuffer.allocateDirect(key.length + 9);
            direct.put(9, key);
            assertEquals(hash, KeyHash.of(direct, 12, bytes));
            assertTrue(seen.add(hash));
          }
        });
  }

  @Test
  void theHashOfAKeyNeverChanges() {
    assertEquals(GOLDEN, KeyHash.of("a key of 19 bytes..".getBytes(), 0, 19));
  }

  private static final long GOLDEN = 5_075_260_613_743_592_414L;

  private static byte[] randomBytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
