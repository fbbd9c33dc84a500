// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.slt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs scripts from the command line: {@code SltMain SLT-DIRECTORY SUBDIRECTORY-OR-SCRIPT [REPORT]}. */
final class SltMain {
  private SltMain() {}

  public static void main(String[] arguments) throws IOException {
    Path slt = Path.of(arguments[0]);
    Path below = slt.resolve(arguments[1]);
    boolean sqlite = arguments[1].startsWith("sqlite");
    Path root = sqlite ? slt.resolve("sqlite") : slt;
    Set<String> exempt = Set.of();
    if (sqlite) {
      try (Stream<String> lines = Files.lines(slt.resolve("exempt-postgresql15-sqlite.list"))) {
        exempt = lines.map(line -> line.split("\\s")[0]).collect(Collectors.toSet());
      }
    }
    SltRunner runner = new SltRunner(root, exempt);
    List<Path> scripts;
    try (Stream<Path> files = Files.walk(below)) {
      scripts = files.filter(file -> file.toString().endsWith(".test")).sorted().toList();
    }
    for (Path script : scripts) {
      long begin = System.nanoTime();
      int before = runner.failures().size();
      runner.run(script);
      long millis = (System.nanoTime() - begin) / 1_000_000;
      if (millis > 3_000) {
        System.out.println(millis + " ms " + script);
      }
      assert runner.failures().size() >= before;
    }
    Map<String, Integer> reasons = new TreeMap<>();
    StringBuilder report = new StringBuilder();
    for (SltRunner.Failure failure : runner.failures()) {
      report.append(failure).append("\n\n");
      reasons.merge(kind(failure.reason()), 1, Integer::sum);
    }
    if (arguments.length > 2) {
      Files.writeString(Path.of(arguments[2]), report);
    }
    reasons.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(60)
        .forEach(each -> System.out.println(each.getValue() + "\t" + each.getKey()));
    System.out.println(
        runner.passed()
            + " passed, "
            + runner.failures().size()
            + " failed, "
            + runner.exempted()
            + " exempt");
  }

  private static String kind(String reason) {
    String kind = reason.startsWith("returned [") ? "wrong result" : reason;
    return kind.length() > 110 ? kind.substring(0, 110) : kind;
  }
}
