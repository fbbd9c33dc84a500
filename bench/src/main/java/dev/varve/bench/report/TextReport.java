// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.report;

import java.io.PrintStream;
import java.util.Locale;

/** The table for the terminal. */
public final class TextReport {
  private TextReport() {}

  /** Prints the rows of one workload. */
  public static void print(Results results, String workload, PrintStream out) {
    out.printf(
        "%n%-18s %12s %8s %9s %9s %9s %9s %9s %8s %6s %8s%n",
        workload,
        "op/s",
        "ratio",
        "p50 us",
        "p99 us",
        "p99.9 us",
        "max ms",
        "cpu ns/op",
        "disk MB",
        "w-amp",
        "rss MB");
    double own =
        results.engines().isEmpty()
            ? 0
            : results
                .median(results.engines().get(0), workload)
                .map(m -> m.operationsPerSecond)
                .orElse(0.0);
    for (String engine : results.engines()) {
      results
          .median(engine, workload)
          .ifPresent(
              m ->
                  out.printf(
                      Locale.ROOT,
                      "  %-16s %,12.0f %8.2f %9.1f %9.1f %9.1f %9.1f %9.0f %8.0f %6.2f %8.0f%n",
                      engine,
                      m.operationsPerSecond,
                      own / m.operationsPerSecond,
                      m.p50Nanos / 1e3,
                      m.p99Nanos / 1e3,
                      m.p999Nanos / 1e3,
                      m.maxNanos / 1e6,
                      m.cpuNanosPerOperation,
                      m.diskBytes / 1e6,
                      m.writeAmplification,
                      m.residentBytes / 1e6));
    }
    out.flush();
  }
}
