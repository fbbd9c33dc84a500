// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Which timestamps are kept, and that none is lost between a pin and a collapse. */
final class PinsTest {
  @Test
  void readPointsAreThePinnedTimestampsAndEverythingFromTheFloorOn() {
    Pins pins = new Pins(0);
    assertEquals(10, pins.pin(() -> 10));
    assertEquals(10, pins.pin(() -> 10));
    assertEquals(20, pins.pin(() -> 20));
    ReadPoints points = pins.collapse(() -> 30);
    assertEquals(30, points.floor());
    assertEquals(10, points.oldest());
    assertArrayEquals(
        new long[] {10, 10, 20, 20, 30, 30, 31},
        new long[] {
          points.stripe(3),
          points.stripe(10),
          points.stripe(11),
          points.stripe(20),
          points.stripe(21),
          points.stripe(30),
          points.stripe(31)
        });
    assertTrue(points.anyWithin(5, 11));
    assertFalse(points.anyWithin(11, 20));
    assertTrue(points.anyWithin(11, 31));
    pins.unpin(10);
    assertEquals(10, pins.collapse(() -> 30).oldest());
    pins.unpin(10);
    assertEquals(20, pins.collapse(() -> 30).oldest());
  }

  @Test
  void thePastCanBePinnedWhileItIsThere() {
    Pins pins = new Pins(5);
    assertFalse(pins.pin(4));
    assertTrue(pins.pin(7));
    pins.keepFrom(8);
    pins.collapse(() -> 20);
    assertTrue(pins.pin(8));
    assertTrue(pins.pin(7));
    pins.unpin(7);
    pins.unpin(7);
    assertFalse(pins.pin(7));
  }

  @Test
  void endingWhatWasNotPinnedIsADefect() {
    assertThrows(IllegalStateException.class, () -> new Pins(0).unpin(1));
  }

  @Test
  void noPinIsMissedByACollapse() throws InterruptedException {
    Pins pins = new Pins(0);
    AtomicLong visible = new AtomicLong(1);
    AtomicLong collapsed = new AtomicLong();
    AtomicReference<String> fault = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int round = 0; round < 50_000; round++) {
                  long pinned = pins.pin(visible::get);
                  if (pinned < collapsed.get()) {
                    fault.set("pinned " + pinned + " after " + collapsed.get());
                  }
                  pins.unpin(pinned);
                }
              });
      threads.add(thread);
      thread.start();
    }
    while (threads.stream().anyMatch(Thread::isAlive)) {
      visible.incrementAndGet();
      ReadPoints points = pins.collapse(visible::get);
      collapsed.accumulateAndGet(points.oldest(), Math::max);
    }
    for (Thread each : threads) {
      each.join();
    }
    assertNull(fault.get());
    assertEquals(0, pins.count());
  }
}
