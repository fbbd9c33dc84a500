// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.spill;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary file: chunks are appended, and read by their place. An interrupt of the calling thread
 * does not disturb it. Not thread-safe; the owner closes it.
 */
public final class SpillFile implements AutoCloseable {
  private final Path path;
  private final SpillDirectory directory;
  private final RandomAccessFile file;
  private boolean hasName = true;
  private long sizeBytes;

  SpillFile(Path path, SpillDirectory directory) throws IOException {
    this.path = path;
    this.directory = directory;
    this.file = new RandomAccessFile(path.toFile(), "rw");
    try {
      Files.delete(path);
      hasName = false;
    } catch (IOException e) {
      path.toFile().deleteOnExit();
    }
  }

  /** Appends {@code length} bytes; returns where they begin. */
  public long append(byte[] bytes, int length) {
    long at = sizeBytes;
    try {
      file.seek(at);
      file.write(bytes, 0, length);
    } catch (IOException e) {
      throw SpillDirectory.failed("A temporary file could not be written.", path, e);
    }
    sizeBytes += length;
    directory.count(length);
    return at;
  }

  /** Reads {@code length} bytes that begin at {@code at}. */
  public void read(long at, byte[] into, int length) {
    try {
      file.seek(at);
      file.readFully(into, 0, length);
    } catch (EOFException e) {
      throw SpillDirectory.failed("A temporary file is shorter than it was.", path, e);
    } catch (IOException e) {
      throw SpillDirectory.failed("A temporary file could not be read.", path, e);
    }
  }

  /** Bytes written. */
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void close() {
    try {
      file.close();
      if (hasName) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw SpillDirectory.failed("A temporary file could not be removed.", path, e);
    }
  }
}
