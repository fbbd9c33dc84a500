// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.report;

/** What one engine did in one run of one workload; figures that do not apply are 0. */
public final class Measurement {
  public String engine = "";
  public String workload = "";
  public int run;
  public double operationsPerSecond;
  public double seconds;
  public long p50Nanos;
  public long p99Nanos;
  public long p999Nanos;
  public long maxNanos;
  public double cpuNanosPerOperation;
  public long diskBytes;
  public double writeAmplification;
  public long residentBytes;
}
