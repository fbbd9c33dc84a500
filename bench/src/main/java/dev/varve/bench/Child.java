// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import dev.varve.bench.engine.Engine;
import dev.varve.bench.engine.EngineKind;
import dev.varve.bench.engine.EngineSettings;
import dev.varve.bench.engine.Session;
import dev.varve.bench.report.Measurement;
import dev.varve.bench.workload.Data;
import dev.varve.bench.workload.Task;
import dev.varve.bench.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The child process: one engine, one job, its result as one line of JSON on standard output. Jobs:
 * {@code load} fills and settles, {@code run} measures a workload, {@code fill-and-die} fills and kills
 * its own process, {@code open} measures opening to the first get.
 */
public final class Child {
  private static final long WARM_UP_ENTRIES = 200_000;

  private Child() {}

  /** Arguments: job, engine, workload, directory, entries, value bytes, seconds, cache, memtable. */
  public static void main(String[] args) throws Exception {
    EngineKind kind = EngineKind.of(args[1]);
    Path directory = Path.of(args[3]);
    Data data = new Data(Long.parseLong(args[4]), Integer.parseInt(args[5]));
    double seconds = Double.parseDouble(args[6]);
    long cacheBytes = Long.parseLong(args[7]);
    long memtableBytes = Long.parseLong(args[8]);
    boolean run = args[0].equals("run");
    Workload workload = run ? Workload.named(args[2]) : null;
    EngineSettings settings =
        new EngineSettings(
            directory,
            cacheBytes,
            memtableBytes,
            run && workload.synced(),
            run && workload.start() == Workload.Start.LOADED_SHARED);
    Measurement result =
        switch (args[0]) {
          case "load" -> load(kind, settings, data);
          case "run" -> run(kind, settings, data, workload, seconds);
          case "fill-and-die" -> fillAndDie(kind, settings, data);
          case "open" -> open(kind, settings, data);
          default -> throw new IllegalArgumentException(args[0]);
        };
    result.engine = args[1];
    result.workload = args[2];
    JavaProcess.print(result);
  }

  private static Measurement load(EngineKind kind, EngineSettings settings, Data data) {
    try (Engine engine = kind.open(settings)) {
      fill(engine, data, true);
      engine.settle();
    }
    return new Measurement();
  }

  private static void fill(Engine engine, Data data, boolean shuffled) {
    try (Session session = engine.session()) {
      Task task =
          Workload.named(shuffled ? "fillrandom-100" : "fillseq-100")
              .task(session, data, 0, new AtomicLong());
      for (long done = 0; done < data.entries(); ) {
        done += task.step(done / 100);
      }
    }
  }

  private static Measurement fillAndDie(EngineKind kind, EngineSettings settings, Data data)
      throws IOException {
    fill(kind.open(settings), data, true);
    new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
    while (true) {
      Thread.onSpinWait();
    }
  }

  private static Measurement open(EngineKind kind, EngineSettings settings, Data data)
      throws Exception {
    Path scratch = settings.directory().resolveSibling("warm-" + kind.label());
    Data small = new Data(1_000, data.valueBytes());
    EngineSettings warm =
        new EngineSettings(scratch, settings.cacheBytes(), settings.memtableBytes(), false, false);
    try (Engine engine = kind.open(warm)) {
      fill(engine, small, true);
      firstGet(engine, small);
    }
    deleteTree(scratch);
    Measurement result = new Measurement();
    long start = System.nanoTime();
    try (Engine engine = kind.open(settings)) {
      firstGet(engine, data);
      result.seconds = (System.nanoTime() - start) / 1e9;
    }
    result.operationsPerSecond = 1 / result.seconds;
    result.p50Nanos = (long) (result.seconds * 1e9);
    return result;
  }

  private static void firstGet(Engine engine, Data data) {
    byte[] key = new byte[Data.KEY_BYTES];
    Data.key(data.entries() / 2, key);
    try (Session session = engine.session()) {
      if (session.get(key, new byte[data.valueBytes()]) != data.valueBytes()) {
        throw new IllegalStateException("entry is missing after opening");
      }
    }
  }

  private static Measurement run(
      EngineKind kind, EngineSettings settings, Data data, Workload workload, double seconds)
      throws Exception {
    if (workload.isCounted() && kind.isPersistent()) {
      warmUp(kind, settings, data, workload);
    }
    try (Engine engine = kind.open(settings)) {
      if (!kind.isPersistent() && workload.start() != Workload.Start.EMPTY) {
        fill(engine, data, true);
      }
      Runner runner = new Runner(engine, workload, data);
      if (!workload.isCounted()) {
        runner.run(Math.min(2, seconds / 2), false);
      }
      Measurement result = runner.run(seconds, true);
      result.residentBytes = Proc.residentBytes();
      result.diskBytes = Proc.diskBytes(settings.directory());
      return result;
    }
  }

  /** Runs the same code on a small store of its own, so that it is compiled when it is measured. */
  private static void warmUp(EngineKind kind, EngineSettings settings, Data data, Workload workload)
      throws Exception {
    Path scratch = settings.directory().resolveSibling("warm-" + kind.label());
    deleteTree(scratch);
    Files.createDirectories(scratch);
    EngineSettings warm =
        new EngineSettings(
            scratch, settings.cacheBytes(), settings.memtableBytes(), settings.synced(), false);
    Data small = new Data(Math.min(WARM_UP_ENTRIES, data.entries()), data.valueBytes());
    try (Engine engine = kind.open(warm)) {
      new Runner(engine, workload, small).run(0, false);
    }
    deleteTree(scratch);
  }

  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
