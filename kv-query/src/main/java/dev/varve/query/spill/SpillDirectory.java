// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.spill;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where temporary files go. One for each open database, which owns the directory and closes it.
 * Thread-safe.
 *
 * <p>A file loses its name as soon as it is open, where the operating system allows that; so nothing
 * stays behind when the process dies. Where it does not, leftovers are removed at the next open.
 */
public final class SpillDirectory implements AutoCloseable {
  private static final String SUFFIX = ".spill";

  private final Path directory;
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong spilledBytes = new AtomicLong();

  /** Files in {@code directory}, made when first needed; removes what an earlier process left there. */
  public SpillDirectory(Path directory) {
    this.directory = directory;
    removeLeftovers();
  }

  /** The default for databases without a directory: below the system's temporary directory. */
  public static SpillDirectory temporary() {
    return Temporary.INSTANCE;
  }

  /** Holds the one default. */
  private static final class Temporary {
    static final SpillDirectory INSTANCE =
        new SpillDirectory(
            Path.of(
                System.getProperty("java.io.tmpdir"),
                "varve-spill-" + ProcessHandle.current().pid()));
  }

  private void removeLeftovers() {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path leftover : leftovers) {
        Files.deleteIfExists(leftover);
      }
    } catch (IOException e) {
      throw failed("Temporary files of an earlier process could not be removed.", directory, e);
    }
  }

  /** A new, empty file; the caller closes it. */
  public SpillFile create() {
    Path path = directory.resolve(files.incrementAndGet() + SUFFIX);
    try {
      Files.createDirectories(directory);
      return new SpillFile(path, this);
    } catch (IOException e) {
      throw failed("A temporary file could not be created.", path, e);
    }
  }

  void count(long bytes) {
    spilledBytes.addAndGet(bytes);
  }

  /** How many bytes were ever written to temporary files here. */
  public long spilledBytes() {
    return spilledBytes.get();
  }

  static VarveException failed(String sentence, Path path, IOException e) {
    String message = e.getMessage();
    boolean full = message != null && message.contains("No space left");
    return (full ? ErrorCode.DISK_FULL : ErrorCode.IO)
        .error(sentence)
        .fact("path", path)
        .hint("Work memory ran out, so that rows had to go to disk.")
        .cause(e)
        .build();
  }

  /** Removes the directory; files still open lose their names. */
  @Override
  public void close() {
    removeLeftovers();
    try {
      Files.deleteIfExists(directory);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw failed("The directory for temporary files could not be removed.", directory, e);
    }
  }
}
