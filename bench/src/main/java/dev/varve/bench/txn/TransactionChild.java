// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

import dev.varve.IsolationLevel;
import dev.varve.bench.JavaProcess;
import dev.varve.bench.report.Measurement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import org.HdrHistogram.Histogram;

/** The child process: one engine, one workload. Arguments: engine, workload, directory, seconds. */
public final class TransactionChild {
  private static final int ACCOUNTS = 1_000_000;
  private static final int HOT_COUNTERS = 100;
  private static final long OPENING_BALANCE = 1_000;

  private final String workload;
  private final double seconds;

  private TransactionChild(String workload, double seconds) {
    this.workload = workload;
    this.seconds = seconds;
  }

  /** Runs and prints one line of JSON. */
  public static void main(String[] args) throws Exception {
    TransactionChild child = new TransactionChild(args[1], Double.parseDouble(args[3]));
    Measurement result;
    try (TransactionEngine engine = open(args[0], Path.of(args[2]), args[1].contains("sync"))) {
      result = child.run(engine);
    }
    result.engine = args[0];
    result.workload = args[1];
    JavaProcess.print(result);
  }

  private static TransactionEngine open(String engine, Path directory, boolean synced) {
    return switch (engine) {
      case "varve" -> new VarveTransactions(directory, synced, IsolationLevel.REPEATABLE_READ);
      case "varve-serializable" ->
          new VarveTransactions(directory, synced, IsolationLevel.SERIALIZABLE);
      case "rocksdb-optimistic" -> new RocksDbTransactions(directory, synced, true);
      case "rocksdb-locking" -> new RocksDbTransactions(directory, synced, false);
      case "mvstore" -> new MvStoreTransactions(directory, synced);
      case "lmdb" -> new LmdbTransactions(directory, synced);
      default -> throw new IllegalArgumentException(engine);
    };
  }

  private Measurement run(TransactionEngine engine) throws Exception {
    boolean hot = workload.startsWith("hotspot");
    int counters = hot ? HOT_COUNTERS : ACCOUNTS;
    int threads = Integer.parseInt(workload.substring(workload.lastIndexOf('-') + 1));
    engine.load(counters, OPENING_BALANCE);
    measure(engine, counters, threads, Math.min(2, seconds / 2));
    long before = hot ? sum(engine, counters) : 0;
    Measurement result = measure(engine, counters, threads, seconds);
    long after = sum(engine, counters);
    long expected =
        hot
            ? before + Math.round(result.operationsPerSecond * result.seconds)
            : counters * OPENING_BALANCE;
    if (after != expected) {
      throw new IllegalStateException("sum is " + after + ", expected " + expected);
    }
    return result;
  }

  private static long sum(TransactionEngine engine, int counters) {
    try (TransactionSession session = engine.session()) {
      long sum = 0;
      for (int i = 0; i < counters; i += 2) {
        sum += session.readTwo(i, i + 1);
      }
      return sum;
    }
  }

  private Measurement measure(
      TransactionEngine engine, int counters, int threads, double runSeconds) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(threads + 1);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Worker worker = new Worker(engine, counters, i, threads, runSeconds, barrier);
      workers.add(worker);
      worker.start();
    }
    barrier.await();
    long start = System.nanoTime();
    long operations = 0;
    Histogram latencies = new Histogram(100_000_000_000L, 3);
    for (Worker worker : workers) {
      worker.join();
      if (worker.failure != null) {
        throw new IllegalStateException("a worker failed", worker.failure);
      }
      operations += worker.operations;
      latencies.add(worker.latencies);
    }
    Measurement result = new Measurement();
    result.seconds = (System.nanoTime() - start) / 1e9;
    result.operationsPerSecond = operations / result.seconds;
    result.p50Nanos = latencies.getValueAtPercentile(50);
    result.p99Nanos = latencies.getValueAtPercentile(99);
    result.p999Nanos = latencies.getValueAtPercentile(99.9);
    result.maxNanos = latencies.getMaxValue();
    return result;
  }

  private final class Worker extends Thread {
    private final TransactionEngine engine;
    private final int counters;
    private final int number;
    private final int threads;
    private final double runSeconds;
    private final CyclicBarrier barrier;
    private final Histogram latencies = new Histogram(100_000_000_000L, 3);
    private long operations;
    private Throwable failure;

    Worker(
        TransactionEngine engine,
        int counters,
        int number,
        int threads,
        double runSeconds,
        CyclicBarrier barrier) {
      this.engine = engine;
      this.counters = counters;
      this.number = number;
      this.threads = threads;
      this.runSeconds = runSeconds;
      this.barrier = barrier;
    }

    @Override
    public void run() {
      SplittableRandom random = new SplittableRandom(number);
      boolean counted = !workload.startsWith("readonly") || number < Math.max(1, threads / 2);
      try (TransactionSession session = engine.session()) {
        barrier.await();
        long before = System.nanoTime();
        long end = before + (long) (runSeconds * 1e9);
        while (before < end) {
          int first = random.nextInt(counters);
          int second = (first + 1 + random.nextInt(counters - 1)) % counters;
          if (workload.startsWith("hotspot")) {
            session.increment(first);
          } else if (workload.startsWith("readonly") && counted) {
            session.readTwo(first, second);
          } else {
            session.transfer(first, second, 1);
          }
          long now = System.nanoTime();
          if (counted) {
            operations++;
            latencies.recordValue(now - before);
          }
          before = now;
        }
      } catch (Throwable thrown) {
        failure = thrown;
      }
    }
  }
}
