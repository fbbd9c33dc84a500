// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.txn;

import dev.varve.bench.JavaProcess;
import dev.varve.bench.report.Measurement;
import dev.varve.bench.report.Results;
import dev.varve.bench.report.TextReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Runs the transactional workloads on all engines, taking turns. */
public final class TransactionBench {
  private static final List<String> WORKLOADS =
      List.of(
          "transfer-1", "transfer-2", "transfer-sync-16", "hotspot-8", "readonly-1", "readonly-2");
  private static final List<String> ENGINES =
      List.of(
          "varve",
          "varve-serializable",
          "rocksdb-optimistic",
          "rocksdb-locking",
          "mvstore",
          "lmdb");

  private TransactionBench() {}

  /** Runs the workloads and engines whose names match. */
  public static Results run(
      Pattern workloads, List<String> wantedEngines, int runs, double seconds, Path directory)
      throws Exception {
    Results results = new Results();
    List<String> engines = wantedEngines.isEmpty() ? ENGINES : wantedEngines;
    for (String workload : WORKLOADS) {
      if (!workloads.matcher(workload).matches()) {
        continue;
      }
      for (int run = 1; run <= runs; run++) {
        for (String engine : engines) {
          Path work = Files.createDirectories(directory.resolve("txn-" + engine));
          for (Measurement result :
              JavaProcess.run(
                  TransactionChild.class,
                  engine.startsWith("mvstore") ? "2g" : "256m",
                  engine.equals("lmdb")
                      ? List.of(
                          "--add-opens=java.base/java.nio=ALL-UNNAMED",
                          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
                      : List.of(),
                  engine,
                  workload,
                  work.toString(),
                  Double.toString(seconds))) {
            result.run = run;
            results.add(result);
          }
          new ProcessBuilder("rm", "-rf", work.toString()).start().waitFor();
        }
      }
      TextReport.print(results, workload, System.out);
    }
    return results;
  }
}
