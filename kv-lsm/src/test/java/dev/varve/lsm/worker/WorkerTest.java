// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That background work goes on after failures, and ends when it is told to. */
final class WorkerTest {
  private final AtomicInteger failures = new AtomicInteger();
  private final CountDownLatch recovered = new CountDownLatch(1);
  private final Worker.Listener listener =
      new Worker.Listener() {
        @Override
        public void failed(String worker, Throwable failure, int times) {
          failures.incrementAndGet();
        }

        @Override
        public void recovered(String worker) {
          recovered.countDown();
        }
      };

  @Test
  void whatFailsIsTriedAgainUntilItSucceeds() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    try (Worker worker =
        new Worker(
            "test",
            () -> {
              if (runs.incrementAndGet() <= 3) {
                throw new IOException("try " + runs);
              }
              return false;
            },
            listener,
            10_000)) {
      worker.start();
      worker.wake();
      assertTrue(recovered.await(10, TimeUnit.SECONDS));
      assertEquals(3, failures.get());
    }
  }

  @Test
  void workIsRepeatedWhileThereIsMore() throws InterruptedException {
    CountDownLatch left = new CountDownLatch(5);
    try (Worker worker =
        new Worker(
            "test",
            () -> {
              left.countDown();
              return left.getCount() > 0;
            },
            listener,
            10_000)) {
      worker.start();
      worker.wake();
      assertTrue(left.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void closingInTheMiddleOfAFailureDoesNotWaitForThePause() {
    Worker worker =
        new Worker(
            "test",
            () -> {
              throw new IOException("always");
            },
            listener,
            1);
    worker.start();
    worker.wake();
    while (worker.failure() == null) {
      Thread.onSpinWait();
    }
    worker.close();
    assertNotNull(worker.failure());
  }
}
