// SPDX-License-Identifier: Apache-2.0
package dev.varve.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of the project, without what the build makes. */
final class Project {
  static final Path ROOT =
      Path.of(System.getProperty("varve.root", "..")).toAbsolutePath().normalize();

  private Project() {}

  static List<Path> files(Predicate<Path> wanted) {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(Files::isRegularFile)
          .filter(path -> !isGenerated(ROOT.relativize(path)))
          .filter(wanted)
          .sorted()
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static List<Path> javaFiles() {
    return files(path -> path.toString().endsWith(".java"));
  }

  static List<Path> mainJavaFiles() {
    return files(
        path ->
            path.toString().endsWith(".java")
                && ROOT.relativize(path).toString().contains("src/main/java"));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  private static boolean isGenerated(Path relative) {
    for (Path part : relative) {
      String name = part.toString();
      if (name.equals("target") || name.equals(".git")) {
        return true;
      }
    }
    return false;
  }
}
