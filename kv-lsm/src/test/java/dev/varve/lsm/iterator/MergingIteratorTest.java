// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.iterator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.lsm.iterator.ListedVersions.Listed;
import dev.varve.lsm.key.Trailer;
import dev.varve.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;

/** The merge of several sources, held against one sorted list of all their versions. */
final class MergingIteratorTest {
  @RepeatedTest(50)
  void walksLikeOneSortedListInBothDirections() {
    Seed.run((seed, random) -> walk(random));
  }

  private static void walk(RandomGenerator random) {
    int count = random.nextInt(6);
    List<Listed> all = new ArrayList<>();
    VersionIterator[] sources = new VersionIterator[count];
    long timestamp = 1;
    for (int i = 0; i < count; i++) {
      List<Listed> some = new ArrayList<>();
      for (int j = random.nextInt(20); j > 0; j--) {
        String key = Integer.toString(random.nextInt(30));
        some.add(new Listed(key, Trailer.of(timestamp++, Trailer.PUT), "v" + timestamp));
      }
      all.addAll(some);
      sources[i] = new ListedVersions(some);
    }
    ListedVersions expected = new ListedVersions(all);
    MergingIterator merged = new MergingIterator(sources);
    for (int step = 0; step < 200; step++) {
      move(random, expected, merged);
      assertEquals(text(expected), text(merged), "step " + step);
    }
    merged.close();
  }

  private static void move(
      RandomGenerator random, VersionIterator expected, VersionIterator merged) {
    int dice = random.nextInt(10);
    if (expected.isValid() && dice < 7) {
      if (random.nextInt(3) > 0) {
        expected.next();
        merged.next();
      } else {
        expected.previous();
        merged.previous();
      }
      return;
    }
    byte[] key = Integer.toString(random.nextInt(32)).getBytes(StandardCharsets.US_ASCII);
    long at = random.nextBoolean() ? Trailer.FIRST : Trailer.firstVisible(random.nextInt(60));
    switch (random.nextInt(4)) {
      case 0 -> {
        expected.seekToFirst();
        merged.seekToFirst();
      }
      case 1 -> {
        expected.seekToLast();
        merged.seekToLast();
      }
      case 2 -> {
        expected.seek(key, 0, key.length, at);
        merged.seek(key, 0, key.length, at);
      }
      default -> {
        expected.seekBefore(key, 0, key.length, at);
        merged.seekBefore(key, 0, key.length, at);
      }
    }
  }

  private static String text(VersionIterator at) {
    if (!at.isValid()) {
      return "nowhere";
    }
    byte[] key = new byte[at.keyBytes()];
    at.keyBuffer().get(at.keyOffset(), key);
    byte[] value = new byte[at.valueBytes()];
    at.valueBuffer().get(at.valueOffset(), value);
    return new String(key, StandardCharsets.US_ASCII)
        + "@"
        + at.trailer()
        + "="
        + new String(value, StandardCharsets.US_ASCII);
  }
}
