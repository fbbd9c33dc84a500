// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system counts about this process. */
final class Proc {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path IO = Path.of("/proc/self/io");

  private Proc() {}

  /** Resident memory, or 0 where it cannot be told. */
  static long residentBytes() throws IOException {
    return field(STATUS, "VmRSS:") * 1024;
  }

  /** Bytes this process had written to the device, or 0 where it cannot be told. */
  static long writtenBytes() throws IOException {
    return field(IO, "write_bytes:");
  }

  /** Space really taken by the files in {@code directory}. */
  static long diskBytes(Path directory) throws IOException, InterruptedException {
    if (!Files.exists(directory)) {
      return 0;
    }
    Process du = new ProcessBuilder("du", "-sk", directory.toString()).start();
    String line = new String(du.getInputStream().readAllBytes());
    du.waitFor();
    return Long.parseLong(line.split("\\s")[0]) * 1024;
  }

  private static long field(Path file, String name) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.substring(name.length()).trim().split("\\s")[0]);
      }
    }
    return 0;
  }
}
