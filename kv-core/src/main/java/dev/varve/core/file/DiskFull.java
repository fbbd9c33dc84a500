// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Tells a full disk from other failures. Java has no type for it and the system's message may be
 * translated, so the free space is asked too.
 */
final class DiskFull {
  private static final long LITTLE_BYTES = 1 << 16;

  private DiskFull() {}

  /** {@code failure} as {@link DiskFullException} when the disk of {@code file} is full. */
  static IOException translate(Path file, long wantedBytes, IOException failure) {
    if (failure instanceof DiskFullException || !isFull(file, wantedBytes, failure)) {
      return failure;
    }
    return new DiskFullException("file=" + file + " wantedBytes=" + wantedBytes, failure);
  }

  private static boolean isFull(Path file, long wantedBytes, IOException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left")
        || message.contains("not enough space")
        || message.contains("quota exceeded")
        || usableBytes(file) < Math.max(1, Math.min(wantedBytes, LITTLE_BYTES));
  }

  private static long usableBytes(Path file) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      return Files.getFileStore(parent == null ? file : parent).getUsableSpace();
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }
}
