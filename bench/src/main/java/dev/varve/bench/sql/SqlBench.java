// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.sql;

import dev.varve.bench.JavaProcess;
import dev.varve.bench.report.Measurement;
import dev.varve.bench.report.Results;
import dev.varve.bench.report.TextReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs the SQL workloads on all engines, taking turns. */
public final class SqlBench {
  private SqlBench() {}

  /** Runs the workloads that match on the engines named, or on all. */
  public static Results run(
      String workloads, List<String> engines, int runs, int rows, double seconds, Path directory)
      throws Exception {
    List<String> all =
        engines.isEmpty()
            ? Arrays.stream(SqlEngineKind.values()).map(SqlEngineKind::label).toList()
            : engines;
    Results results = new Results();
    for (int run = 1; run <= runs; run++) {
      for (String engine : all) {
        Path work = Files.createDirectories(directory.resolve("sql-" + engine));
        for (Measurement result :
            JavaProcess.run(
                SqlChild.class,
                "1g",
                List.of(),
                engine,
                work.toString(),
                Integer.toString(rows),
                Double.toString(seconds),
                workloads)) {
          result.run = run;
          results.add(result);
        }
        new ProcessBuilder("rm", "-rf", work.toString()).start().waitFor();
      }
    }
    for (String workload : results.workloads()) {
      TextReport.print(results, workload, System.out);
    }
    return results;
  }
}
