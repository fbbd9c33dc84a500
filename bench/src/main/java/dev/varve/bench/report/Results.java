// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** All measurements of a bench, and their medians. */
public final class Results {
  private final List<Measurement> all = new ArrayList<>();

  /** Adds one. */
  public void add(Measurement measurement) {
    all.add(measurement);
  }

  /** Every measurement, in the order they were made. */
  public List<Measurement> all() {
    return all;
  }

  /** The workloads, in the order they were run. */
  public List<String> workloads() {
    LinkedHashSet<String> names = new LinkedHashSet<>();
    all.forEach(measurement -> names.add(measurement.workload));
    return List.copyOf(names);
  }

  /** The engines, in the order they were run. */
  public List<String> engines() {
    LinkedHashSet<String> names = new LinkedHashSet<>();
    all.forEach(measurement -> names.add(measurement.engine));
    return List.copyOf(names);
  }

  /** The run of median throughput. */
  public Optional<Measurement> median(String engine, String workload) {
    List<Measurement> runs =
        all.stream()
            .filter(m -> m.engine.equals(engine) && m.workload.equals(workload))
            .sorted(Comparator.comparingDouble(m -> m.operationsPerSecond))
            .toList();
    return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() / 2));
  }
}
