// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another JVM with the same class path, to be killed. What it writes to its standard output can be read
 * line by line, what it writes to its standard error is kept. One thread at a time.
 */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final Path errors;

  private ChildJvm(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Runs {@code main} on this JVM's Java. */
  public static ChildJvm start(Class<?> main, List<String> jvmOptions, String... arguments)
      throws IOException {
    return start(Path.of(System.getProperty("java.home")), main, jvmOptions, arguments);
  }

  /** Runs {@code main} on the Java that is installed in {@code javaHome}. */
  public static ChildJvm start(
      Path javaHome, Class<?> main, List<String> jvmOptions, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin/java").toString());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    // Not through a pipe, which Java may close under a reader when the process dies.
    Path errors = Files.createTempFile("varve-child-", ".err");
    return new ChildJvm(builder.redirectError(errors.toFile()).start(), errors);
  }

  /** The homes of all JDKs found: this JVM's, and those in the usual place of a Linux system. */
  public static List<Path> javaHomes() throws IOException {
    List<Path> homes = new ArrayList<>();
    Path own = Path.of(System.getProperty("java.home")).toRealPath();
    homes.add(own);
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (var entries = Files.list(installed)) {
        for (Path each : entries.sorted().toList()) {
          Path home = each.toRealPath();
          if (Files.isExecutable(home.resolve("bin/java")) && !homes.contains(home)) {
            homes.add(home);
          }
        }
      }
    }
    return homes;
  }

  /** The next line of its standard output, or null at the end. */
  public @Nullable String readLine() throws IOException {
    return output.readLine();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Kills it at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Waits for its end and returns its exit code; fails when that takes longer than allowed. */
  public int join(long timeoutSeconds) {
    return process
        .onExit()
        .orTimeout(timeoutSeconds, TimeUnit.SECONDS)
        .thenApply(Process::exitValue)
        .join();
  }

  /** All that it wrote to its standard error so far. */
  public String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it if it still runs. */
  @Override
  public void close() throws IOException {
    kill();
    output.close();
    Files.deleteIfExists(errors);
  }
}
