// SPDX-License-Identifier: Apache-2.0
package dev.varve.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that lists the formats names every class with a byte table, and nothing else. */
final class FormatsPageTest {
  private static final Pattern LINK =
      Pattern.compile("\\[(\\w+Format)]\\(\\.\\./\\.\\./([^)]+)\\)");

  @Test
  void thePageListsExactlyTheFormats() {
    Set<String> listed = new TreeSet<>();
    Matcher link = LINK.matcher(Project.text(Project.ROOT.resolve("docs/internals/formats.md")));
    while (link.find()) {
      assertTrue(link.group(2).endsWith("/" + link.group(1) + ".java"), link.group());
      listed.add(link.group(2));
    }
    Set<String> present = new TreeSet<>();
    for (Path file : Project.mainJavaFiles()) {
      if (file.getFileName().toString().endsWith("Format.java")
          && Project.text(file).contains("<pre>")) {
        present.add(Project.name(file));
      }
    }
    assertEquals(present, listed);
  }
}
