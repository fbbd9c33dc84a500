// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.slt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sqllogictest scripts beside the project: a slice in every build, all of them in the long one. */
class SqlLogicTest {
  private static final int SLICE_BYTES = 40_000;

  private static Path scripts() {
    Path root = Path.of(System.getProperty("varve.root", ".")).toAbsolutePath().normalize();
    Path scripts = root.resolveSibling("shared").resolve("slt");
    if (!Files.isDirectory(scripts)) {
      scripts = root.resolve("../../shared/slt").normalize();
    }
    assumeTrue(Files.isDirectory(scripts), "no sqllogictest scripts beside the project");
    return scripts;
  }

  private static List<Path> scriptsIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".test")).sorted().toList();
    }
  }

  private static Set<String> exempt(Path scripts) throws IOException {
    try (Stream<String> lines = Files.lines(scripts.resolve("exempt-postgresql15-sqlite.list"))) {
      return lines.map(line -> line.split("\\s")[0]).collect(Collectors.toCollection(HashSet::new));
    }
  }

  private static void assertShare(SltRunner runner, double least) {
    int run = runner.passed() + runner.failures().size();
    double share = run == 0 ? 1 : (double) runner.passed() / run;
    String some =
        runner.failures().stream()
            .limit(20)
            .map(Object::toString)
            .collect(Collectors.joining("\n"));
    assertTrue(
        share >= least,
        () -> runner.passed() + " of " + run + " records passed; the first that did not:\n" + some);
  }

  @Test
  void vettedCoreHolds() throws IOException {
    Path scripts = scripts();
    SltRunner runner = new SltRunner(scripts.resolve("vetted/core"), Set.of());
    List<Path> small = new ArrayList<>();
    for (Path script : scriptsIn(scripts.resolve("vetted/core"))) {
      if (Files.size(script) < SLICE_BYTES) {
        small.add(script);
      }
    }
    for (Path script : small) {
      runner.run(script);
    }
    assertShare(runner, 0.97);
  }

  @Test
  void sqliteSliceHolds() throws IOException {
    Path scripts = scripts();
    Path sqlite = scripts.resolve("sqlite");
    SltRunner runner = new SltRunner(sqlite, exempt(scripts));
    List<Path> bySize = new ArrayList<>(scriptsIn(sqlite));
    bySize.sort(Comparator.comparingLong(script -> script.toFile().length()));
    for (Path script : bySize.subList(0, 12)) {
      runner.run(script);
    }
    runner.run(sqlite.resolve("select1.test"));
    assertEquals(List.of(), runner.failures());
  }

  @Test
  @Tag("slow")
  void allOfSqliteHolds() throws IOException {
    Path scripts = scripts();
    SltRunner runner = new SltRunner(scripts.resolve("sqlite"), exempt(scripts));
    for (Path script : scriptsIn(scripts.resolve("sqlite"))) {
      runner.run(script);
    }
    assertEquals(List.of(), runner.failures());
  }

  @Test
  @Tag("slow")
  void allOfVettedCoreHolds() throws IOException {
    Path core = scripts().resolve("vetted/core");
    SltRunner runner = new SltRunner(core, Set.of());
    for (Path script : scriptsIn(core)) {
      runner.run(script);
    }
    assertShare(runner, 0.97);
  }
}
