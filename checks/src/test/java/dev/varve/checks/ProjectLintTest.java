// SPDX-License-Identifier: Apache-2.0
package dev.varve.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Style rules that a machine can check. */
final class ProjectLintTest {
  private static final int MAX_LINES = 1_000;
  private static final Set<String> EMPTY_NAMES = Set.of("util", "utils", "common", "impl", "misc");
  private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|HACK)\\b");
  private static final Pattern PRINTING =
      Pattern.compile("System\\.(out|err)\\b|printStackTrace\\(\\)");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

  @Test
  void everySourceFileNamesItsLicence() {
    check(
        Project.javaFiles(),
        (text, faults) -> {
          if (!text.startsWith("// SPDX-License-Identifier: Apache-2.0")) {
            faults.add("no SPDX line");
          }
        });
  }

  @Test
  void filesAreShortEnoughToHoldOneNoun() {
    check(
        Project.javaFiles(),
        (text, faults) -> {
          long lines = text.lines().count();
          if (lines > MAX_LINES) {
            faults.add(lines + " lines");
          }
        });
  }

  @Test
  void nothingIsLeftUnfinished() {
    check(
        Project.javaFiles().stream()
            .filter(file -> !file.endsWith("ProjectLintTest.java"))
            .toList(),
        (text, faults) -> {
          Matcher matcher = UNFINISHED.matcher(text);
          if (matcher.find()) {
            faults.add(matcher.group());
          }
        });
  }

  @Test
  void packagesHaveMeaningfulNamesAndAnIntroduction() {
    List<String> faults = new ArrayList<>();
    for (Path file : Project.mainJavaFiles()) {
      Path directory = file.getParent();
      if (EMPTY_NAMES.contains(directory.getFileName().toString())) {
        faults.add(Project.name(directory) + ": says nothing");
      }
      if (!file.endsWith("module-info.java")
          && !Files.exists(directory.resolve("package-info.java"))) {
        faults.add(Project.name(directory) + ": no package-info.java");
      }
    }
    assertEquals(List.of(), faults.stream().distinct().toList());
  }

  @Test
  void onlyCommandsPrint() {
    check(
        Project.mainJavaFiles().stream()
            .filter(file -> !Project.name(file).startsWith("kv-cli"))
            .filter(file -> !Project.name(file).startsWith("bench"))
            .toList(),
        (text, faults) -> {
          if (PRINTING.matcher(text).find()) {
            faults.add("prints");
          }
        });
  }

  @Test
  void testsAreNeitherDisabledNorAsleep() {
    check(
        Project.files(path -> Project.name(path).contains("src/test/java")).stream()
            .filter(file -> !file.endsWith("ProjectLintTest.java"))
            .toList(),
        (text, faults) -> {
          if (text.contains("@Disabled")) {
            faults.add("disabled");
          }
          if (text.contains("Thread.sleep(")) {
            faults.add("sleeps");
          }
        });
  }

  @Test
  void linksInDocumentsLeadSomewhere() {
    List<String> faults = new ArrayList<>();
    for (Path file : Project.files(path -> path.toString().endsWith(".md"))) {
      Matcher matcher = LINK.matcher(Project.text(file));
      while (matcher.find()) {
        String target = matcher.group(1);
        if (!target.contains("://") && !Files.exists(file.getParent().resolve(target))) {
          faults.add(Project.name(file) + ": " + target);
        }
      }
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void decisionsHaveNumbersOfTheirOwn() {
    List<String> numbers =
        Project.files(path -> Project.name(path).startsWith("docs/decisions/")).stream()
            .map(path -> path.getFileName().toString())
            .filter(name -> name.matches("\\d{4}-.*\\.md"))
            .map(name -> name.substring(0, 4))
            .toList();
    assertFalse(numbers.isEmpty());
    assertEquals(numbers.stream().distinct().toList(), numbers);
  }

  private static void check(List<Path> files, BiConsumer<String, List<String>> rule) {
    List<String> faults = new ArrayList<>();
    for (Path file : files) {
      List<String> found = new ArrayList<>();
      rule.accept(Project.text(file), found);
      found.forEach(fault -> faults.add(Project.name(file) + ": " + fault));
    }
    assertEquals(List.of(), faults);
  }
}
