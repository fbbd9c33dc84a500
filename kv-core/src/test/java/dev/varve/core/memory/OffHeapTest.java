// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class OffHeapTest {
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final MemoryBudget budget = new MemoryBudget(100_000_000);

  @Test
  void memoryIsZeroedAndCountedUntilItIsClosed() {
    Region region = OffHeap.allocate(budget, MemoryPurpose.MEMTABLE, 1_000_001);
    assertEquals(1_000_001, budget.usedBytes(MemoryPurpose.MEMTABLE));
    assertEquals(1_000_001, region.sizeBytes());
    ByteBuffer buffer = region.buffer();
    assertSame(buffer, region.buffer());
    assertEquals(0, buffer.position());
    assertEquals(1_000_001, buffer.limit());
    for (int i = 0; i < buffer.limit(); i++) {
      assertEquals(0, buffer.get(i));
    }
    region.close();
    region.close();
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void atomicAccessWorksAtEveryMultipleOfEight() {
    try (Region region = OffHeap.allocate(budget, MemoryPurpose.WAL, 4096)) {
      for (int at = 0; at < 4096; at += 8) {
        assertTrue(LONGS.compareAndSet(region.buffer(), at, 0L, (long) at));
        assertEquals(at, (long) LONGS.getAcquire(region.buffer(), at));
      }
    }
  }

  @Test
  void theBudgetRefusesWhatItDoesNotHave() {
    Region region = OffHeap.allocate(budget, MemoryPurpose.WAL, 60_000_000);
    VarveException refused =
        assertThrows(
            VarveException.class,
            () -> OffHeap.allocate(budget, MemoryPurpose.BLOCK_CACHE, 60_000_000));
    assertEquals(ErrorCode.OUT_OF_MEMORY, refused.code());
    assertEquals("60000000", refused.facts().get("wal"));
    region.close();
    OffHeap.allocate(budget, MemoryPurpose.BLOCK_CACHE, 60_000_000).close();
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void sizesOutsideTheRangeAreRefusedBeforeAnythingIsCounted() {
    for (long size : new long[] {-1, 0, 1L << 31}) {
      assertThrows(
          IllegalArgumentException.class, () -> OffHeap.allocate(budget, MemoryPurpose.WAL, size));
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void aClosedRegionIsOutOfReach() {
    assumeTrue(OffHeap.freesAtOnce());
    Region region = OffHeap.allocate(budget, MemoryPurpose.WAL, 100);
    ByteBuffer slice = region.buffer().slice(10, 10);
    region.close();
    assertThrows(IllegalStateException.class, () -> region.buffer().get(0));
    assertThrows(IllegalStateException.class, () -> slice.get(0));
    assertEquals(0, OffHeap.waitingBytes());
  }

  @Test
  void closingWaitsForTheJdkToLeaveTheRegion() throws Exception {
    for (int round = 0; round < 20; round++) {
      Region region = OffHeap.allocate(budget, MemoryPurpose.WAL, 4 << 20);
      Thread checksum =
          new Thread(
              () -> {
                try {
                  new CRC32C().update(region.buffer().duplicate());
                } catch (IllegalStateException closedBefore) {
                  assertTrue(OffHeap.freesAtOnce());
                }
              });
      checksum.start();
      region.close();
      checksum.join();
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void closedRegionsAreCollectedWhenTooManyWait() {
    assumeFalse(OffHeap.freesAtOnce());
    for (int i = 0; i < 20; i++) {
      OffHeap.allocate(budget, MemoryPurpose.BLOCK_CACHE, 8 << 20).close();
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (OffHeap.waitingBytes() > 32 << 20 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    assertTrue(OffHeap.waitingBytes() <= 32 << 20, () -> "waiting " + OffHeap.waitingBytes());
  }
}
