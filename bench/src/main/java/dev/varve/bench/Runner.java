// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.varve.bench.engine.Engine;
import dev.varve.bench.engine.Session;
import dev.varve.bench.report.Measurement;
import dev.varve.bench.workload.Data;
import dev.varve.bench.workload.Task;
import dev.varve.bench.workload.Workload;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** Runs the threads of a workload against an open engine, and measures. */
final class Runner {
  private static final long MAX_LATENCY_NANOS = 100_000_000_000L;

  private final Engine engine;
  private final Workload workload;
  private final Data data;
  private final AtomicLong inserted = new AtomicLong();

  Runner(Engine engine, Workload workload, Data data) {
    this.engine = engine;
    this.workload = workload;
    this.data = data;
  }

  /** Runs for {@code seconds}, or once over all entries if the workload is counted. */
  Measurement run(double seconds, boolean measured) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    CyclicBarrier barrier = new CyclicBarrier(workload.threads() + 1);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < workload.threads(); i++) {
      Worker worker = new Worker(i, barrier, seconds);
      workers.add(worker);
      worker.start();
    }
    barrier.await();
    long start = System.nanoTime();
    long cpuStart = system.getProcessCpuTime();
    long writtenStart = Proc.writtenBytes();
    for (Worker worker : workers) {
      worker.join();
    }
    long elapsed = System.nanoTime() - start;
    long cpu = system.getProcessCpuTime() - cpuStart;
    long operations = 0;
    Histogram latencies = new Histogram(MAX_LATENCY_NANOS, 3);
    for (Worker worker : workers) {
      if (worker.failure != null) {
        throw new IllegalStateException("a worker failed", worker.failure);
      }
      operations += worker.operations;
      latencies.add(worker.latencies);
    }
    Measurement result = new Measurement();
    if (measured) {
      result.seconds = elapsed / 1e9;
      result.operationsPerSecond = operations / result.seconds;
      result.cpuNanosPerOperation = (double) cpu / Math.max(1, operations);
      result.p50Nanos = latencies.getValueAtPercentile(50);
      result.p99Nanos = latencies.getValueAtPercentile(99);
      result.p999Nanos = latencies.getValueAtPercentile(99.9);
      result.maxNanos = latencies.getMaxValue();
      long userBytes = operations * (Data.KEY_BYTES + data.valueBytes());
      result.writeAmplification =
          (double) (Proc.writtenBytes() - writtenStart) / Math.max(1, userBytes);
    }
    return result;
  }

  private final class Worker extends Thread {
    private final int number;
    private final CyclicBarrier barrier;
    private final double seconds;
    private final Histogram latencies = new Histogram(MAX_LATENCY_NANOS, 3);
    private long operations;
    private Throwable failure;

    Worker(int number, CyclicBarrier barrier, double seconds) {
      super("bench-" + number);
      this.number = number;
      this.barrier = barrier;
      this.seconds = seconds;
    }

    @Override
    public void run() {
      try (Session session = engine.session()) {
        Task task = workload.task(session, data, number, inserted);
        barrier.await();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long share = data.entries() * workload.rounds() / workload.threads();
        long before = System.nanoTime();
        for (long index = 0; ; index++) {
          operations += task.step(index);
          long now = System.nanoTime();
          latencies.recordValue(Math.min(now - before, MAX_LATENCY_NANOS));
          before = now;
          if (workload.isCounted() ? operations >= share : now >= end) {
            break;
          }
        }
      } catch (Throwable thrown) {
        failure = thrown;
      }
    }
  }
}
