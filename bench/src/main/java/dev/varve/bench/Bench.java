// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.varve.bench.engine.EngineKind;
import dev.varve.bench.report.HtmlReport;
import dev.varve.bench.report.Measurement;
import dev.varve.bench.report.Results;
import dev.varve.bench.report.TextReport;
import dev.varve.bench.sql.SqlBench;
import dev.varve.bench.txn.TransactionBench;
import dev.varve.bench.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * The bench's command: for each workload, runs each engine in a JVM of its own, the engines taking
 * turns, several times, and reports the medians as a table, a JSON file and an HTML page.
 */
public final class Bench {
  private static final Options OPTIONS =
      new Options()
          .addOption("e", "engines", true, "engines, comma-separated (default: all)")
          .addOption("w", "workloads", true, "workloads, a regular expression (default: all)")
          .addOption("n", "entries", true, "entries (default: 1000000)")
          .addOption("v", "value-bytes", true, "bytes of a value (default: 100)")
          .addOption("r", "runs", true, "runs of each, of which the median counts (default: 3)")
          .addOption("s", "seconds", true, "length of a timed run (default: 4)")
          .addOption("c", "cache-mib", true, "memory for caches (default: 128)")
          .addOption("m", "memtable-mib", true, "memory for a memtable (default: 64)")
          .addOption("d", "directory", true, "where to work (default: a temporary directory)")
          .addOption("o", "output", true, "where to write results.json and index.html")
          .addOption("h", "help", false, "this text");

  private final CommandLine line;
  private final Path directory;
  private Results results = new Results();

  private Bench(CommandLine line) throws IOException {
    this.line = line;
    this.directory =
        line.hasOption("d")
            ? Files.createDirectories(Path.of(line.getOptionValue("d")))
            : Files.createTempDirectory("varve-bench");
  }

  /** Runs the bench. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("micro")) {
      org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    CommandLine line;
    try {
      line = new DefaultParser().parse(OPTIONS, args);
    } catch (ParseException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    if (line.hasOption("h")) {
      org.apache.commons.cli.help.HelpFormatter.builder()
          .get()
          .printHelp(
              "bench",
              "Measures Varve beside its rivals: bench [kv|txn|sql] ..., or bench micro, which takes JMH's options",
              OPTIONS,
              "",
              true);
      return;
    }
    new Bench(line).run();
  }

  private void run() throws Exception {
    List<String> engines =
        line.hasOption("e") ? List.of(line.getOptionValue("e").split(",")) : List.of();
    String workloads = line.getOptionValue("w", ".*");
    int runs = Integer.parseInt(line.getOptionValue("r", "3"));
    String family = line.getArgList().isEmpty() ? "kv" : line.getArgList().get(0);
    try {
      switch (family) {
        case "kv" -> runKeyValue();
        case "txn" ->
            results =
                TransactionBench.run(
                    Pattern.compile(workloads), engines, runs, seconds(), directory);
        case "sql" ->
            results =
                SqlBench.run(
                    workloads,
                    engines,
                    runs,
                    Integer.parseInt(line.getOptionValue("n", "1000000")),
                    seconds(),
                    directory);
        default -> throw new IllegalArgumentException("kv, txn or sql, not " + family);
      }
    } finally {
      Child.deleteTree(directory);
    }
    write();
  }

  private void write() throws IOException {
    if (line.hasOption("o")) {
      Path output = Files.createDirectories(Path.of(line.getOptionValue("o")));
      Files.writeString(
          output.resolve("results.json"),
          JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(results.all()));
      Files.writeString(output.resolve("index.html"), HtmlReport.of(results));
    }
  }

  private void runKeyValue() throws Exception {
    List<EngineKind> engines =
        line.hasOption("e")
            ? Arrays.stream(line.getOptionValue("e").split(",")).map(EngineKind::of).toList()
            : List.of(EngineKind.values());
    Pattern wanted = Pattern.compile(line.getOptionValue("w", ".*"));
    List<Workload> workloads =
        Workload.all().stream().filter(w -> wanted.matcher(w.name()).matches()).toList();
    int runs = Integer.parseInt(line.getOptionValue("r", "3"));
    if (workloads.stream().anyMatch(w -> w.start() != Workload.Start.EMPTY)
        || wanted.matcher("open").matches()) {
      for (EngineKind engine : engines) {
        if (engine.isPersistent()) {
          child("load", engine, "load", loaded(engine), 0);
        }
      }
    }
    for (Workload workload : workloads) {
      for (int run = 1; run <= runs; run++) {
        for (EngineKind engine : engines) {
          record(run, measure(engine, workload));
        }
      }
      TextReport.print(results, workload.name(), System.out);
    }
    for (String opening : List.of("open", "reopen-killed", "reopen-log")) {
      if (wanted.matcher(opening).matches()) {
        for (int run = 1; run <= runs; run++) {
          for (EngineKind engine : engines) {
            if (engine.isPersistent()) {
              record(run, measureOpening(engine, opening));
            }
          }
        }
        TextReport.print(results, opening, System.out);
      }
    }
  }

  private void record(int run, Measurement measurement) {
    measurement.run = run;
    results.add(measurement);
  }

  private Path loaded(EngineKind engine) {
    return directory.resolve(engine.label() + "-loaded");
  }

  private Measurement measure(EngineKind engine, Workload workload) throws Exception {
    Path work = directory.resolve(engine.label() + "-work");
    Path target = work;
    if (engine.isPersistent()) {
      switch (workload.start()) {
        case EMPTY -> {}
        case LOADED_SHARED -> target = loaded(engine);
        case LOADED_COPY -> copy(loaded(engine), work);
      }
    }
    Measurement result = child("run", engine, workload.name(), target, seconds());
    Child.deleteTree(work);
    return result;
  }

  private Measurement measureOpening(EngineKind engine, String opening) throws Exception {
    if (opening.equals("open")) {
      return child("open", engine, opening, loaded(engine), 0);
    }
    Path work = directory.resolve(engine.label() + "-killed");
    child("fill-and-die", engine, opening, work, 0);
    if (opening.equals("reopen-log")) {
      try (var files = Files.newDirectoryStream(work, "*.arena")) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
    }
    Measurement result = child("open", engine, opening, work, 0);
    Child.deleteTree(work);
    return result;
  }

  private double seconds() {
    return Double.parseDouble(line.getOptionValue("s", "4"));
  }

  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    Child.deleteTree(to);
    int status =
        new ProcessBuilder("cp", "-r", "--sparse=always", from.toString(), to.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("cp failed with status " + status);
    }
  }

  private Measurement child(
      String job, EngineKind engine, String workload, Path target, double seconds)
      throws Exception {
    Files.createDirectories(target);
    long memtableMiB =
        job.equals("fill-and-die") || workload.startsWith("reopen")
            ? 512
            : Long.parseLong(line.getOptionValue("m", "64"));
    List<Measurement> results =
        JavaProcess.run(
            Child.class,
            engine.heap(),
            engine.jvmFlags(),
            job,
            engine.label(),
            workload,
            target.toString(),
            line.getOptionValue("n", "1000000"),
            line.getOptionValue("v", "100"),
            Double.toString(seconds),
            Long.toString(Long.parseLong(line.getOptionValue("c", "128")) << 20),
            Long.toString(memtableMiB << 20));
    if (results.isEmpty() && !job.equals("fill-and-die")) {
      throw new IOException("no result from " + engine.label() + " " + workload);
    }
    return results.isEmpty() ? new Measurement() : results.get(0);
  }
}
