// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.varve.bench.report.Measurement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A child JVM of the bench, with this JVM's class path. */
public final class JavaProcess {
  /** Marks the lines with results on a child's standard output. */
  public static final String RESULT = "RESULT ";

  private JavaProcess() {}

  /** Runs {@code main} to its end; returns the measurements it printed. */
  public static List<Measurement> run(
      Class<?> main, String heap, List<String> jvmFlags, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    List<Measurement> results = new ArrayList<>();
    for (String line : output.split("\n")) {
      if (line.startsWith(RESULT)) {
        results.add(JSON.std.beanFrom(Measurement.class, line.substring(RESULT.length())));
      }
    }
    if (status != 0) {
      System.err.println(
          "bench: status "
              + status
              + " from "
              + String.join(" ", Arrays.asList(arguments))
              + "\n"
              + output);
    }
    return results;
  }

  /** Prints a measurement for the parent. */
  public static void print(Measurement result) throws IOException {
    System.out.println(RESULT + JSON.std.asString(result));
    System.out.flush();
  }
}
