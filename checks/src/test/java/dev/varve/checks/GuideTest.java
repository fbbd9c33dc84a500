// SPDX-License-Identifier: Apache-2.0
package dev.varve.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.cli.Console;
import dev.varve.cli.Varve;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Compiles and runs the examples of the guides. The {@code java} blocks of a guide are statements of
 * one program, in order, with {@code dir} as an empty directory; lines of its {@code console} blocks
 * that begin with {@code $ varve} are run after it, in that directory, which holds a {@code users.csv},
 * and must succeed.
 */
final class GuideTest {
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  @TestFactory
  Stream<DynamicTest> everyExampleRuns() {
    List<Path> guides =
        Project.files(path -> Project.name(path).matches("docs/guides/.*\\.md|README\\.md"));
    assertFalse(guides.isEmpty());
    return guides.stream()
        .map(guide -> DynamicTest.dynamicTest(Project.name(guide), () -> runGuide(guide)));
  }

  private static void runGuide(Path guide) throws Exception {
    StringBuilder statements = new StringBuilder();
    List<String> commands = new ArrayList<>();
    Matcher block = BLOCK.matcher(Project.text(guide));
    while (block.find()) {
      if (block.group(1).equals("java")) {
        statements.append(block.group(2)).append('\n');
      } else if (block.group(1).equals("console")) {
        block.group(2).lines().filter(line -> line.startsWith("$ varve ")).forEach(commands::add);
      }
    }
    Path directory = Files.createTempDirectory("varve-guide");
    try {
      if (!statements.isEmpty()) {
        runJava(guide, statements.toString(), directory);
      }
      Files.writeString(directory.resolve("users.csv"), "id,name\n1,Ada\n2,Grace\n");
      for (String command : commands) {
        runCommand(guide, command, directory);
      }
    } finally {
      try (Stream<Path> paths = Files.walk(directory)) {
        for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void runJava(Path guide, String statements, Path directory) throws Exception {
    Path source = directory.resolve("Guide.java");
    String program =
        """
        import dev.varve.*;
        import java.nio.ByteBuffer;
        import java.nio.file.*;
        import java.time.*;
        import java.util.*;
        public final class Guide {
          static byte[] bytes(String text) { return text.getBytes(java.nio.charset.StandardCharsets.UTF_8); }
          static String text(byte[] bytes) { return new String(bytes, java.nio.charset.StandardCharsets.UTF_8); }
          public static void run(Path dir) throws Exception {
        """
            + statements
            + "\n}}\n";
    Files.writeString(source, program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    Boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    directory.toString()),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    assertTrue(compiled, () -> Project.name(guide) + ":\n" + messages);
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {directory.toUri().toURL()}, GuideTest.class.getClassLoader())) {
      loader.loadClass("Guide").getMethod("run", Path.class).invoke(null, directory);
    } catch (InvocationTargetException failure) {
      throw new AssertionError(Project.name(guide), failure.getCause());
    }
    Files.delete(source);
  }

  private static void runCommand(Path guide, String line, Path directory) throws IOException {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line.substring("$ varve ".length()));
    while (matcher.find()) {
      String word = matcher.group(matcher.group(1) != null ? 1 : matcher.group(2) != null ? 2 : 3);
      boolean path = word.matches("[\\w.-]+\\.(varve|csv|jsonl|sql|html)|backups");
      words.add(path ? directory.resolve(word).toString() : word);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console = new Console(new ByteArrayInputStream(new byte[0]), print, print, false);
    int status = Varve.run(words.toArray(String[]::new), console);
    assertEquals(
        0,
        status,
        () -> Project.name(guide) + ": " + line + "\n" + out.toString(StandardCharsets.UTF_8));
  }
}
