// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.LockWait;
import dev.varve.testkit.Seed;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LockTableTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LockTable locks = new LockTable(new Metrics(), key -> key.length);

  private static byte[] key(int number) {
    return ByteBuffer.allocate(5).put((byte) 0).putInt(number).array();
  }

  private static LockOwner owner(String name) {
    LockOwner owner = new LockOwner();
    owner.begin(name, PATIENCE_NANOS);
    return owner;
  }

  private boolean lock(LockOwner owner, int key, boolean exclusively, LockWait wait) {
    return locks.lockRow(owner, key(key), 0, 5, exclusively, wait);
  }

  @Test
  void rowsAreToldApartByTheirKeysAndForgottenWhenFree() {
    LockOwner first = owner("first");
    LockOwner second = owner("second");
    for (int i = 0; i < 10_000; i++) {
      assertTrue(lock(first, i, true, LockWait.NOWAIT));
      assertTrue(lock(second, -1 - i, true, LockWait.NOWAIT));
    }
    assertEquals(20_000, locks.rows());
    assertFalse(lock(second, 77, false, LockWait.SKIP));
    assertSame(first, locks.exclusiveHolder(key(77), 0, 5));
    locks.releaseAll(first);
    assertNull(locks.exclusiveHolder(key(77), 0, 5));
    assertTrue(lock(second, 77, false, LockWait.SKIP));
    locks.releaseAll(second);
    assertEquals(0, locks.rows());
  }

  @Test
  void anUncontendedLockAllocatesNothing() {
    LockOwner owner = owner("owner");
    byte[] key = key(1);
    byte[] other = key(2);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        locks.lockRow(owner, key, 0, 5, true, LockWait.WAIT);
        locks.lockRow(owner, other, 0, 5, true, LockWait.WAIT);
        locks.releaseAll(owner);
        int gate = locks.gate(key, 0, 5);
        assertTrue(locks.pass(gate));
        locks.leave(gate);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < 10_000, "allocated " + least + " bytes in 10,000 rounds");
  }

  @Test
  void theGateIsClosedByRowsOfItsShardAndByEveryRange() {
    LockOwner owner = owner("owner");
    int gate = locks.gate(key(1), 0, 5);
    lock(owner, 1, false, LockWait.WAIT);
    assertFalse(locks.pass(gate));
    locks.releaseAll(owner);
    assertTrue(locks.pass(gate));
    locks.leave(gate);
    locks.lockRange(owner, key(5), key(6), true);
    for (int each = 0; each < LockTable.gates(); each++) {
      assertFalse(locks.pass(each));
    }
    locks.releaseAll(owner);
    assertTrue(locks.pass(gate));
    locks.leave(gate);
  }

  @Test
  void wideningKeepsOthersOutOfWhatLiesBetween() {
    LockOwner owner = owner("owner");
    LockOwner other = owner("other");
    lock(other, 30, true, LockWait.NOWAIT);
    for (int i = 10; i <= 20; i += 2) {
      lock(owner, i, true, LockWait.NOWAIT);
    }
    locks.widen(owner);
    assertEquals(0, owner.heldRows());
    assertEquals(1, locks.rows());
    assertFalse(lock(other, 10, false, LockWait.SKIP));
    assertFalse(lock(other, 13, true, LockWait.SKIP));
    assertFalse(lock(other, 20, true, LockWait.SKIP));
    assertTrue(lock(other, 9, true, LockWait.SKIP));
    assertTrue(lock(other, 21, true, LockWait.SKIP));
    assertSame(owner, locks.exclusiveHolder(key(13), 0, 5));
    assertTrue(lock(owner, 15, true, LockWait.NOWAIT));
    assertEquals(0, owner.heldRows());
    locks.releaseAll(owner);
    assertTrue(lock(other, 13, true, LockWait.SKIP));
    locks.releaseAll(other);
    assertEquals(0, locks.rows());
  }

  /**
   * Threads lock random rows and ranges, shared and exclusive, and count who is inside of each; others go through
   * the gate. No two that rule each other out may be inside at once, and nothing may stay behind.
   */
  @Test
  void aStormOfAllKindsKeepsTheRules() {
    Seed.run(
        (seed, random) -> {
          int rows = 12;
          AtomicIntegerArray inside = new AtomicIntegerArray(rows);
          List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
          AtomicInteger granted = new AtomicInteger();
          List<Thread> threads = new ArrayList<>();
          for (int t = 0; t < 6; t++) {
            RandomGenerator mine = Seed.random(random.nextLong());
            Thread thread =
                new Thread(
                    () -> {
                      LockOwner owner = new LockOwner();
                      for (int i = 0; i < 1_500; i++) {
                        owner.begin("worker", PATIENCE_NANOS);
                        storm(owner, mine, inside, rows, granted);
                      }
                    });
            thread.setUncaughtExceptionHandler((dead, failure) -> failures.add(failure));
            thread.start();
            threads.add(thread);
          }
          for (Thread thread : threads) {
            thread.join(60_000);
            assertFalse(thread.isAlive(), "a worker hangs");
          }
          assertEquals(List.of(), failures);
          assertEquals(0, locks.rows());
          assertTrue(granted.get() > 5_000, "granted " + granted);
          for (int gate = 0; gate < LockTable.gates(); gate++) {
            assertTrue(locks.pass(gate));
            locks.leave(gate);
          }
        });
  }

  private void storm(
      LockOwner owner,
      RandomGenerator random,
      AtomicIntegerArray inside,
      int rows,
      AtomicInteger granted) {
    int[] mode = new int[rows];
    try {
      if (random.nextInt(4) == 0) {
        passOnce(random.nextInt(rows), inside, granted);
        return;
      }
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        boolean exclusively = random.nextInt(3) > 0;
        int row = random.nextInt(rows);
        if (random.nextInt(8) == 0) {
          int to = Math.min(rows, row + 1 + random.nextInt(4));
          locks.lockRange(owner, key(row), key(to), exclusively);
          for (int each = row; each < to; each++) {
            enter(inside, mode, each, exclusively);
          }
        } else {
          LockWait wait = random.nextInt(5) == 0 ? LockWait.SKIP : LockWait.WAIT;
          if (lock(owner, row, exclusively, wait)) {
            enter(inside, mode, row, exclusively);
          }
        }
        granted.incrementAndGet();
      }
    } catch (VarveException refused) {
      assertEquals(ErrorCode.DEADLOCK, refused.code(), refused::toString);
    } finally {
      for (int row = 0; row < rows; row++) {
        if (mode[row] > 0) {
          inside.addAndGet(row, -mode[row]);
        }
      }
      locks.releaseAll(owner);
    }
  }

  /** Counts in by 1 for shared and by 1000 for exclusive, and looks at who else is there. */
  private static void enter(AtomicIntegerArray inside, int[] mode, int row, boolean exclusively) {
    int wanted = exclusively ? 1000 : 1;
    if (mode[row] >= wanted) {
      return;
    }
    int others = inside.addAndGet(row, wanted - mode[row]) - wanted;
    mode[row] = wanted;
    if (exclusively ? others != 0 : others >= 1000) {
      throw new AssertionError("row " + row + " is held by others too: " + others);
    }
  }

  private void passOnce(int row, AtomicIntegerArray inside, AtomicInteger granted) {
    int gate = locks.gate(key(row), 0, 5);
    if (locks.pass(gate)) {
      try {
        if (inside.get(row) != 0) {
          throw new AssertionError("row " + row + " is locked and its gate is open");
        }
        granted.incrementAndGet();
      } finally {
        locks.leave(gate);
      }
    }
  }

  @Test
  void whoeverIsInsideTheGateIsWaitedFor() throws InterruptedException {
    int gate = locks.gate(key(1), 0, 5);
    assertTrue(locks.pass(gate));
    AtomicBoolean left = new AtomicBoolean();
    AtomicBoolean lockedTooEarly = new AtomicBoolean();
    Thread locker =
        new Thread(
            () -> {
              LockOwner owner = owner("owner");
              lock(owner, 1, true, LockWait.WAIT);
              lockedTooEarly.set(!left.get());
              locks.releaseAll(owner);
            });
    locker.start();
    while (locker.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    left.set(true);
    locks.leave(gate);
    locker.join();
    assertFalse(lockedTooEarly.get());
  }
}
