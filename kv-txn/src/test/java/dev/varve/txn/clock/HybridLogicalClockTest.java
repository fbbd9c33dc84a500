// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.store.Timestamps;
import dev.varve.testkit.Seed;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HybridLogicalClockTest {
  private static final long MILLIS = Instant.parse("2026-11-20T09:00:00Z").toEpochMilli();

  private final AtomicLong wall = new AtomicLong(MILLIS);
  private final HybridLogicalClock clock = new HybridLogicalClock(wall::get);

  @Test
  void timestampsAreDates() {
    assertEquals(Instant.ofEpochMilli(MILLIS), Timestamps.toInstant(clock.next(0)));
    wall.addAndGet(5);
    assertEquals(Instant.ofEpochMilli(MILLIS + 5), Timestamps.toInstant(clock.next(0)));
  }

  @Test
  void twoMillionInOneMillisecondRise() {
    long last = 0;
    for (int i = 0; i < 2_000_000; i++) {
      long next = clock.next(0);
      assertTrue(next > last);
      last = next;
    }
    assertTrue(Timestamps.toInstant(last).toEpochMilli() - MILLIS <= 31);
    wall.addAndGet(40);
    assertEquals(Timestamps.first(wall.get()), clock.next(0));
  }

  @Test
  void aClockThatGoesBackIsWaitedForByCounting() {
    long before = clock.next(0);
    wall.addAndGet(-3_600_000);
    assertEquals(before + 1, clock.next(0));
    wall.set(MILLIS + 1);
    assertEquals(Timestamps.first(MILLIS + 1), clock.next(0));
  }

  @Test
  void afterARestartTheStoresLastTimestampIsTheFloor() {
    long before = clock.next(0);
    HybridLogicalClock restarted = new HybridLogicalClock(() -> MILLIS - 1_000);
    assertTrue(restarted.next(before) > before);
  }

  @Test
  void anyStepsOfTheClockLeaveTimestampsRising() {
    Seed.run(
        (seed, random) -> {
          long last = 0;
          for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(10) == 0) {
              wall.set(MILLIS + random.nextLong(-10_000_000, 10_000_000));
            }
            long floor = random.nextInt(5) == 0 ? last + random.nextInt(1_000) : 0;
            long next = clock.next(floor);
            assertTrue(next > last && next > floor);
            last = next;
          }
        });
  }

  @Test
  void timestampsEnd() {
    VarveException failure = assertThrows(VarveException.class, () -> clock.next(Timestamps.MAX));
    assertEquals(ErrorCode.LIMIT_EXCEEDED, failure.code());
  }

  @Test
  void datesBecomeTheLastTimestampThatIsNotLater() {
    Instant date = Instant.ofEpochMilli(MILLIS);
    assertEquals(Timestamps.first(MILLIS + 1) - 1, Timestamps.last(date));
    assertEquals(Timestamps.last(date), Timestamps.last(date.plusNanos(999_999)));
    assertEquals(0, Timestamps.last(Instant.MIN));
    assertEquals(Timestamps.MAX, Timestamps.last(Instant.MAX));
  }
}
