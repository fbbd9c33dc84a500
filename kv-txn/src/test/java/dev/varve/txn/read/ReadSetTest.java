// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadSetTest {
  private final ReadSet reads = new ReadSet();

  private static byte[] key(int keyspace, int number) {
    return ByteBuffer.allocate(5).put((byte) keyspace).putInt(number).array();
  }

  /** Whether what was handed out holds a key. */
  private boolean holds(byte[] key) {
    boolean[] found = {false};
    reads.forEach(
        new ReadSet.Visitor() {
          @Override
          public boolean point(byte[] array, int offset, int length) {
            found[0] |= Arrays.equals(array, offset, offset + length, key, 0, key.length);
            return true;
          }

          @Override
          public boolean range(byte[] from, byte[] to) {
            found[0] |=
                Arrays.compareUnsigned(from, key) <= 0 && Arrays.compareUnsigned(key, to) < 0;
            return true;
          }
        });
    return found[0];
  }

  @Test
  void aFewReadsAreKeptExactly() {
    reads.addPoint(key(0, 1), 0, 5);
    reads.addPoint(key(0, 1), 0, 5);
    reads.addPoint(key(0, 3), 0, 5);
    reads.addRange(key(1, 10), key(1, 20));
    reads.addRange(key(1, 20), key(1, 20));
    assertEquals(3, reads.size());
    assertTrue(holds(key(0, 1)) && holds(key(0, 3)) && holds(key(1, 10)) && holds(key(1, 19)));
    assertTrue(!holds(key(0, 2)) && !holds(key(1, 20)));
    reads.clear();
    assertTrue(reads.isEmpty());
  }

  @Test
  void whateverWasReadStaysCoveredInBoundedMemory() {
    Seed.run(
        (seed, random) -> {
          List<byte[]> all = new ArrayList<>();
          for (int i = 0; i < 60_000; i++) {
            byte[] key = key(random.nextInt(3), random.nextInt());
            if (random.nextInt(20) == 0) {
              reads.addRange(key, ReadSet.after(key, 0, key.length));
            } else {
              reads.addPoint(key, 0, key.length);
            }
            if (random.nextInt(100) == 0) {
              all.add(key);
            }
          }
          assertTrue(reads.size() <= 6_000, () -> "kept " + reads.size());
          for (byte[] key : all) {
            assertTrue(holds(key));
          }
        });
  }

  @Test
  void neighboursOfDifferentKeyspacesAreNotJoinedWhileThereIsAnotherWay() {
    for (int i = 0; i < 2_000; i++) {
      reads.addRange(key(1, 2 * i), key(1, 2 * i + 1));
    }
    reads.addRange(key(9, 1), key(9, 2));
    assertTrue(!holds(key(5, 0)));
    assertTrue(holds(key(9, 1)));
  }
}
