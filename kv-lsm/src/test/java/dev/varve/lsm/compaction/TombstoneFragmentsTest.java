// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.testkit.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;

/** Pieces of range tombstones, held against the tombstones one by one. */
final class TombstoneFragmentsTest {
  private record Tombstone(byte from, byte to, long timestamp) {}

  @RepeatedTest(50)
  void hideExactlyWhatATombstoneOfTheSameStripeHides() {
    Seed.run(
        (seed, random) -> {
          long[] pins = random.longs(random.nextInt(4), 1, 40).toArray();
          ReadPoints points = new ReadPoints(random.nextInt(1, 50), pins);
          TombstoneFragments.Builder builder = new TombstoneFragments.Builder(points);
          List<Tombstone> all = new ArrayList<>();
          for (int i = random.nextInt(12); i > 0; i--) {
            byte from = (byte) random.nextInt(100);
            byte to = (byte) (from + 1 + random.nextInt(20));
            Tombstone each = new Tombstone(from, to, random.nextInt(1, 60));
            all.add(each);
            builder.add(new byte[] {from}, new byte[] {to}, each.timestamp, null, null);
          }
          TombstoneFragments fragments = builder.build(TombstoneFragments.Bottom.NOWHERE);
          for (byte key = 0; key < 125; key++) {
            for (long timestamp = 1; timestamp < 60; timestamp += 7) {
              boolean expected = false;
              for (Tombstone each : all) {
                expected |=
                    each.from <= key
                        && key < each.to
                        && each.timestamp > timestamp
                        && points.stripe(each.timestamp) == points.stripe(timestamp);
              }
              boolean found = fragments.hides(new byte[] {key}, 1, timestamp) > 0;
              assertEquals(expected, found, "key " + key + " at " + timestamp + " of " + all);
            }
          }
          checkDisjoint(fragments.kept());
        });
  }

  private static void checkDisjoint(List<TombstoneFragments.Fragment> pieces) {
    for (int i = 1; i < pieces.size(); i++) {
      byte[] end = pieces.get(i - 1).to();
      assertEquals(true, Arrays.compareUnsigned(end, pieces.get(i).from()) <= 0);
    }
  }
}
